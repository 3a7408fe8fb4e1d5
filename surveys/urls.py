"""Addresses of this app."""

from django.urls import path

from surveys.views import adults, classes, feedback, imports, instruments, my_surveys, pupil, waves

urlpatterns = [
    path("s/", pupil.start, name="pupil-start"),
    path("s/<str:code>/", pupil.slip, name="pupil-slip"),
    path("s/<str:code>/<int:number>/", pupil.question, name="pupil-question"),
    path("s/<str:code>/done/", pupil.done, name="pupil-done"),
    path("classes/", classes.ClassList.as_view(), name="class-list"),
    path("classes/new/", classes.ClassCreate.as_view(), name="class-create"),
    path("classes/<int:pk>/", classes.ClassDetail.as_view(), name="class-detail"),
    path("classes/<int:pk>/board/", classes.ClassBoard.as_view(), name="class-board"),
    path("classes/<int:pk>/slips/", classes.ClassSlips.as_view(), name="class-slips"),
    path("classes/<int:pk>/slips/more/", classes.ClassMoreSlips.as_view(), name="class-more-slips"),
    path("classes/<int:pk>/retire/", classes.ClassRetire.as_view(), name="class-retire"),
    path("surveys/", waves.WaveList.as_view(), name="wave-list"),
    path("surveys/waves/new/", waves.WaveCreate.as_view(), name="wave-create"),
    path("surveys/waves/<int:pk>/", waves.WaveDetail.as_view(), name="wave-detail"),
    path("surveys/waves/<int:pk>/open/", waves.WaveOpen.as_view(), name="wave-open"),
    path("surveys/waves/<int:pk>/close/", waves.WaveClose.as_view(), name="wave-close"),
    path("surveys/waves/<int:pk>/chase/", waves.WaveChase.as_view(), name="wave-chase"),
    path("surveys/waves/<int:pk>/schools/<str:key>/dates/", waves.WaveSchoolDates.as_view(), name="wave-school-dates"),
    path("surveys/waves/<int:pk>/schools/<str:key>/close/", waves.WaveSchoolClose.as_view(), name="wave-school-close"),
    path("surveys/waves/<int:pk>/schools/<str:key>/link/", my_surveys.SchoolLink.as_view(), name="wave-school-link"),
    path("surveys/waves/<int:pk>/import/", imports.AnswersChoose.as_view(), name="answers-import"),
    path("surveys/imports/<int:pk>/", imports.AnswersCheck.as_view(), name="answers-import-check"),
    path("surveys/questionnaires/", instruments.InstrumentList.as_view(), name="instrument-list"),
    path("surveys/questionnaires/<slug:key>/", instruments.InstrumentDetail.as_view(), name="instrument-detail"),
    path("my-surveys/", my_surveys.MySurveys.as_view(), name="my-surveys"),
    path("my-surveys/<int:pk>/answer/", my_surveys.MyAnswers.as_view(), name="my-answers"),
    path("r/<str:signed>/", adults.AdultForm.as_view(), name="adult-form"),
    path("r/<str:signed>/<int:step>/", adults.AdultQuestions.as_view(), name="adult-questions"),
    path("r/<str:signed>/done/", adults.AdultDone.as_view(), name="adult-done"),
    path("sessions/<int:pk>/feedback/", feedback.SessionFeedbackPage.as_view(), name="session-feedback"),
    path("f/<str:code>/", feedback.FeedbackForm.as_view(), name="feedback-form"),
    path("f/<str:code>/thanks/", feedback.FeedbackThanks.as_view(), name="feedback-thanks"),
    path("t/<str:signed>/", adults.TeachersBegin.as_view(), name="teachers-begin"),
]
