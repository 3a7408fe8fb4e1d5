"""Addresses of places, people and the calendar."""

from django.urls import path

from clusters.views import account, clusters, people, places, programme, register, search

urlpatterns = [
    path("me/", account.Me.as_view(), name="me"),
    path("demonstration/sign-in/<int:pk>/", account.PersonaSignIn.as_view(), name="persona-sign-in"),
    path("search/", search.Search.as_view(), name="search"),
    path("people/", people.PersonList.as_view(), name="person-list"),
    path("people/invite/", people.PersonInvite.as_view(), name="person-invite"),
    path("people/<int:pk>/", people.PersonDetail.as_view(), name="person-detail"),
    path("people/<int:pk>/close/", people.PersonClose.as_view(), name="person-close"),
    path("people/<int:pk>/open/", people.PersonOpen.as_view(), name="person-open"),
    path("people/roles/<int:pk>/end/", people.RoleEnd.as_view(), name="role-end"),
    path("authorities/", places.AuthorityList.as_view(), name="authority-list"),
    path("schools/", places.SchoolList.as_view(), name="school-list"),
    path("schools/<slug:key>/", places.SchoolDetail.as_view(), name="school-detail"),
    path("clusters/", clusters.ClusterList.as_view(), name="cluster-list"),
    path("clusters/new/", clusters.ClusterCreate.as_view(), name="cluster-create"),
    path("clusters/memberships/<int:pk>/end/", clusters.MembershipEnd.as_view(), name="membership-end"),
    path("clusters/participations/<int:pk>/state/", programme.StateChange.as_view(), name="participation-state"),
    path("clusters/participations/<int:pk>/step/", programme.MilestoneAdd.as_view(), name="milestone-add"),
    path("clusters/milestones/<int:pk>/change/", programme.MilestoneChange.as_view(), name="milestone-change"),
    path("clusters/<slug:slug>/", clusters.ClusterDetail.as_view(), name="cluster-detail"),
    path("clusters/<slug:slug>/change/", clusters.ClusterChange.as_view(), name="cluster-change"),
    path("clusters/<slug:slug>/add-school/", clusters.MembershipAdd.as_view(), name="membership-add"),
    path("clusters/<slug:slug>/join/", programme.CohortJoin.as_view(), name="cohort-join"),
    path("setup/", programme.Setup.as_view(), name="setup"),
    path("setup/register/", register.RegisterList.as_view(), name="register-list"),
    path("setup/register/new/", register.RegisterUpload.as_view(), name="register-upload"),
    path("setup/register/<int:pk>/", register.RegisterDetail.as_view(), name="register-import"),
    path("setup/register/<int:pk>/apply/", register.RegisterApply.as_view(), name="register-apply"),
    path("setup/register/<int:pk>/undo/", register.RegisterUndo.as_view(), name="register-undo"),
    path("cohorts/", programme.CohortList.as_view(), name="cohort-list"),
    path("cohorts/new/", programme.CohortCreate.as_view(), name="cohort-create"),
    path("cohorts/phases/new/", programme.PhaseCreate.as_view(), name="phase-create"),
    path("cohorts/phases/<int:pk>/change/", programme.PhaseChange.as_view(), name="phase-change"),
    path("cohorts/<slug:slug>/", programme.CohortDetail.as_view(), name="cohort-detail"),
    path("cohorts/<slug:slug>/change/", programme.CohortChange.as_view(), name="cohort-change"),
]
