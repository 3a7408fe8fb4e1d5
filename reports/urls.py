"""Addresses of dashboards, jobs and reports."""

from django.urls import path

from reports.views import dashboards, evaluation, exports, history, home, key_findings, papers, sheets, trends

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("authorities/<slug:slug>/", dashboards.AuthorityDetail.as_view(), name="authority-detail"),
    path("clusters/<slug:slug>/progress/", dashboards.ClusterProgress.as_view(), name="cluster-progress"),
    path("clusters/<slug:slug>/pack/", dashboards.ClusterPack.as_view(), name="cluster-pack"),
    path("clusters/<slug:slug>/pack.pdf", papers.ClusterPackFile.as_view(), name="cluster-pack-file"),
    path("counted/", dashboards.HowCounted.as_view(), name="counted"),
    path("evaluation/", evaluation.ReportList.as_view(), name="report-list"),
    path("evaluation/new/", evaluation.ReportRequest.as_view(), name="report-request"),
    path("evaluation/exports/", exports.ExportList.as_view(), name="export-list"),
    path("evaluation/exports/new/", exports.ExportRequest.as_view(), name="export-request"),
    path("evaluation/exports/<int:pk>/", exports.ExportDetail.as_view(), name="export-detail"),
    path("evaluation/exports/<int:pk>/take/", exports.ExportTake.as_view(), name="export-take"),
    path("evaluation/plan/", evaluation.PlanList.as_view(), name="plan-list"),
    path("evaluation/plan/<slug:slug>/", evaluation.PlanFix.as_view(), name="plan-fix"),
    path("evaluation/reports/<int:pk>/", evaluation.ReportDetail.as_view(), name="report-detail"),
    path("evaluation/reports/<int:pk>.<str:name>", evaluation.ReportDownload.as_view(), name="report-download"),
    path("evaluation/reports/<int:pk>/publish/", evaluation.ReportPublish.as_view(), name="report-publish"),
    path("evaluation/reports/<int:pk>/withdraw/", evaluation.ReportWithdraw.as_view(), name="report-withdraw"),
    path("evaluation/reports/<int:pk>/key-findings/", key_findings.KeyFindingsDetail.as_view(), name="key-findings"),
    path(
        "evaluation/reports/<int:pk>/key-findings.pdf",
        papers.KeyFindingsFile.as_view(),
        name="key-findings-file",
    ),
    path(
        "evaluation/reports/<int:pk>/key-findings/draft/",
        key_findings.KeyFindingsDraft.as_view(),
        name="key-findings-draft",
    ),
    path(
        "evaluation/reports/<int:pk>/key-findings/edit/",
        key_findings.KeyFindingsEdit.as_view(),
        name="key-findings-edit",
    ),
    path(
        "evaluation/reports/<int:pk>/key-findings/publish/",
        key_findings.KeyFindingsPublish.as_view(),
        name="key-findings-publish",
    ),
    path("evaluation/sheets/", sheets.SheetIndex.as_view(), name="sheet-index"),
    path("evaluation/sheets/new/", sheets.SheetsRequest.as_view(), name="sheets-request"),
    path("evaluation/sheets/<int:pk>/publish/", sheets.SheetsPublish.as_view(), name="sheets-publish"),
    path("evaluation/sheets/<int:pk>/withdraw/", sheets.SheetsWithdraw.as_view(), name="sheets-withdraw"),
    path("evaluation/sheets/<slug:slug>/", sheets.SheetList.as_view(), name="sheet-list"),
    path("schools/<str:key>/sheet/", sheets.SchoolSheetPage.as_view(), name="school-sheet"),
    path("schools/<str:key>/sheet.pdf", sheets.SchoolSheetFile.as_view(), name="school-sheet-file"),
    path("schools/<str:key>/picture/", sheets.SchoolPicturePage.as_view(), name="school-picture"),
    path("schools/<str:key>/picture.pdf", sheets.SchoolPictureFile.as_view(), name="school-picture-file"),
    path("evaluation/trends/", trends.TrendIndex.as_view(), name="trend-index"),
    path("evaluation/trends/<str:place_key>/", trends.TrendPage.as_view(), name="trend-detail"),
    path("evaluation/trends/<str:place_key>.<str:name>", trends.TrendDownload.as_view(), name="trend-download"),
    path("history/", history.EventList.as_view(), name="event-list"),
    path("history/<slug:model>/<int:pk>/", history.HistoryDetail.as_view(), name="history-detail"),
    path("jobs/<int:pk>/", evaluation.JobDetail.as_view(), name="job-detail"),
    path("jobs/<int:pk>/cancel/", evaluation.JobCancel.as_view(), name="job-cancel"),
]
