"""Addresses of this app."""

from django.urls import path

from mentors.views import granting, grants, logging, schemes, sessions

urlpatterns = [
    path("sessions/", sessions.SessionList.as_view(), name="session-list"),
    path("sessions/download/", sessions.SessionDownload.as_view(), name="session-download"),
    path("sessions/new/", logging.SessionNew.as_view(), name="session-new"),
    path("sessions/<int:pk>/", sessions.SessionDetail.as_view(), name="session-detail"),
    path("sessions/<int:pk>/copy/", logging.SessionCopy.as_view(), name="session-copy"),
    path("sessions/<int:pk>/change/", logging.SessionChange.as_view(), name="session-change"),
    path("sessions/<int:pk>/delete/", logging.SessionDelete.as_view(), name="session-delete"),
    path("sessions/<int:pk>/undo/", logging.SessionUndo.as_view(), name="session-undo"),
    path("clusters/<slug:slug>/sessions/", sessions.ClusterSessions.as_view(), name="cluster-sessions"),
    path("clusters/<slug:slug>/grants/", grants.ClusterGrants.as_view(), name="cluster-grants"),
    path("clusters/<slug:slug>/grants/invite/", schemes.ClusterInvite.as_view(), name="cluster-invite"),
    path("grants/", grants.GrantList.as_view(), name="grant-list"),
    path("grants/schemes/", schemes.SchemeList.as_view(), name="scheme-list"),
    path("grants/schemes/new/", schemes.SchemeCreate.as_view(), name="scheme-create"),
    path("grants/schemes/<int:pk>/change/", schemes.SchemeChange.as_view(), name="scheme-change"),
    path("grants/schemes/<int:pk>/invite/", schemes.SchemeInvite.as_view(), name="scheme-invite"),
    path("grants/<int:pk>/", grants.GrantDetail.as_view(), name="grant-detail"),
    path("grants/<int:pk>/apply/", granting.GrantApply.as_view(), name="grant-apply"),
    path("grants/<int:pk>/award/", granting.GrantAward.as_view(), name="grant-award"),
    path("grants/<int:pk>/decline/", granting.GrantDecline.as_view(), name="grant-decline"),
    path("grants/<int:pk>/pay/", granting.GrantPay.as_view(), name="grant-pay"),
    path("grants/<int:pk>/due/", granting.GrantDue.as_view(), name="grant-due"),
    path("grants/<int:pk>/spend/", granting.GrantSpend.as_view(), name="grant-spend"),
    path("grants/<int:pk>/report/", granting.GrantReport.as_view(), name="grant-report"),
    path("grants/<int:pk>/back/", granting.GrantBack.as_view(), name="grant-back"),
    path("counted/learning-hours/", sessions.LearningHours.as_view(), name="counted-learning-hours"),
    path("more/", sessions.More.as_view(), name="more"),
]
