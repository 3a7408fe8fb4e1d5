"""Addresses of this app."""

from django.urls import path

from mentors.views import logging, sessions

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
    path("counted/learning-hours/", sessions.LearningHours.as_view(), name="counted-learning-hours"),
    path("more/", sessions.More.as_view(), name="more"),
]
