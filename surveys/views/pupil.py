"""What a pupil sees: the class code, the picture code, one question a page, thank you.

Each page is a plain form that works without scripts. Its state travels in the form (views/sheet.py), so these pages set no cookie
and store nothing until the end. They are exempt from the CSRF check because they carry no authority that another site could
borrow: whoever holds a class code may send a sheet from anywhere, with or without a cookie; and a stale CSRF cookie on a shared
tablet would lose a child's answers. Nothing here may be kept by a browser: the next child uses the same tablet.
"""

import logging
from functools import lru_cache, wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clusters.actions import NotNow
from clusters.demonstration import is_demonstration
from surveys.actions.answers import check_room, store_response
from surveys.coding import PICTURES, read_class_code, read_picture_code
from surveys.models import ClassGroup, InstrumentVersion, PupilCode, Response, WaveSchool
from surveys.questionnaires import AnswersRefused
from surveys.views.guessing import too_many_wrong_codes
from surveys.views.pictures import answer_cards, stepping_stones
from surveys.views.sheet import BadSheet, Sheet, read_form

log = logging.getLogger("surveys")

SHEET_PLACE = "--the-sheet-goes-here--"
WRONG_CODE = "That code is not open. Look at the board again, or ask your teacher."
WRONG_SLIP = "That does not go together. Look at your slip again."
TOO_MANY = "Too many codes were tried just now. Wait a minute, then try again."
TOO_OLD = "This page was open for too long. Start again from your slip."
NOT_TAKEN = "Your answers were not taken. Tell your teacher."
NOTHING_TO_ANSWER = "There is nothing to answer for your class today. Tell your teacher."
ASK_FOR_A_SLIP = "Ask your teacher for one."
STRANGE_SLIP = "We do not know that slip here. Ask your teacher."


def pupil_page(view):
    """A public page without cookies that no browser keeps."""

    @wraps(view)
    def kept_nowhere(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    return login_not_required(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(kept_nowhere)))


def _page(template, status=200, token="", **context):
    body = (_draw if settings.DEBUG else _drawn)(template, is_demonstration(), **context)
    return HttpResponse(body.replace(SHEET_PLACE, token), status=status)


def _draw(template, demonstration, **context):
    # Without the request on purpose: the site's context processors would ask for session and person. Addresses inside the pages
    # are relative, so that one drawing serves every class.
    return render_to_string(
        f"surveys/pupil_{template}.html", {"demonstration": demonstration, "token": SHEET_PLACE, **context}
    )


_drawn = lru_cache(maxsize=1024)(_draw)


def _see_other(name, *arguments):
    response = HttpResponseRedirect(reverse(name, args=arguments))
    response.status_code = 303  # always a GET, so that a refresh of the next page sends nothing again
    return response


def _open_class(code):
    """The class with this code and its open survey: (ClassGroup, WaveSchool), or None when it opens nothing today.

    One query, since every page asks it: the ClassGroup carries its key, code and stages, and nothing else.
    """
    code = read_class_code(code)
    if not code:
        return None
    waves = WaveSchool.objects.for_class_code(code).open(timezone.localdate()).order_by("-opens_on", "-pk")
    for wave_school in waves[:1]:
        return ClassGroup(pk=wave_school.class_pk, code=code, stages=wave_school.class_stages), wave_school
    return None


def _wrong_code(request, typed=""):
    """The first page again. Unknown, retired and closed classes all read the same, and no school or class is named."""
    if too_many_wrong_codes(request):
        return _page("start", status=429, error=TOO_MANY)
    return _page("start", status=422 if request.method == "POST" else 404, error=WRONG_CODE, typed=typed[:12])


@pupil_page
def start(request):
    """Type the class code; once for each tablet."""
    if request.method != "POST":
        return _page("start")
    typed = request.POST.get("code", "")
    if not _open_class(typed):
        return _wrong_code(request, typed)
    return _see_other("pupil-slip", read_class_code(typed))


@pupil_page
def slip(request, code):
    """Tap the two pictures, type the number, see them read back; or go on without a slip."""
    opened = _open_class(code)
    if not opened:
        return _wrong_code(request)
    group, wave_school = opened
    sent = request.POST
    if "none" in sent:
        return _without_slip(group, wave_school, sent.get("stage", ""))
    first, second = (sent.get(name) if sent.get(name) in PICTURES else "" for name in ("first", "second"))
    number = sent.get("number", "").strip()
    if not first:
        return _page("picture", pictures=PICTURES, step=1)
    if not second or second == first or "back" in sent:
        return _page("picture", pictures=PICTURES, step=2, first=first)
    if not number:
        return _page("number", first=first, second=second)
    picture_code = read_picture_code(f"{first}-{second}-{number}")
    if picture_code is None:
        return _page("picture", status=422, pictures=PICTURES, step=1, error=WRONG_SLIP)
    issued = PupilCode.objects.filter(class_group=group, code=str(picture_code)).first()
    if issued is None:
        return _page("picture", status=422, pictures=PICTURES, step=1, error=STRANGE_SLIP)
    return _ready(group, wave_school, issued.stage, picture_code)


def _without_slip(group, wave_school, stage):
    """Take part with no slip: the sheet will not be linked. A class of several stages has to say which."""
    if stage not in group.stages:
        if len(group.stages) > 1:
            return _page("stage", stages=tuple(group.stages))
        stage = group.stages[0]
    try:
        check_room(wave_school.wave_id, group.pk)
    except NotNow as reason:
        return _page("stop", status=409, message=f"{reason} {ASK_FOR_A_SLIP}")
    return _ready(group, wave_school, stage, None)


def _ready(group, wave_school, stage, picture_code):
    """Read back what was found, with a fresh sheet that begins when the child says yes."""
    version = InstrumentVersion.objects.for_stage(wave_school.wave_id, stage).first()
    if version is None:
        return _page("stop", status=409, message=NOTHING_TO_ANSWER)
    sheet = Sheet.begin(
        group=group,
        wave_school=wave_school,
        version=version,
        stage=stage,
        pupil_code=str(picture_code or ""),
    ).showing(0)
    return _page("ready", token=sheet.token, slip=picture_code, next=f"{sheet.shown}/", intro=sheet.asked.intro)


@pupil_page
def question(request, code, number):
    """One question. The form brings the answer to the question before (or after) with the sheet so far."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("pupil-slip", args=[code]))
    try:
        sheet = _answered_sheet(request, code).showing(number)
    except BadSheet:
        return _page("stop", status=400, message=TOO_OLD, start_again="../")
    if Response.objects.filter(uuid=sheet.uuid).exists():
        # A page of a finished sheet, reached with the browser's Back button: nothing of it is shown again.
        return _see_other("pupil-done", code)
    questions, now = sheet.asked.questions, sheet.shown
    addresses = {
        "next": f"../{now + 1}/" if now < len(questions) else "../done/",
        "back": f"../{now - 1}/" if now > sheet.first else "../",
    }
    if now == 0:
        return _page("practice", token=sheet.token, cards=answer_cards(questions[0]), **addresses)
    return _page(
        "question",
        token=sheet.token,
        question=questions[now - 1],
        cards=answer_cards(questions[now - 1], chosen=sheet.answer_to(now)),
        stones=stepping_stones(now, len(questions)),
        last=now == len(questions),
        **addresses,
    )


@pupil_page
def done(request, code):
    """Keep the sheet, once however often it arrives, and say thank you."""
    if request.method != "POST":
        return _page("done")
    try:
        sheet = _answered_sheet(request, code)
        answers = sheet.by_key()
    except BadSheet:
        return _page("stop", status=400, message=TOO_OLD, start_again="../")
    try:
        _store(sheet, answers)
    except (NotNow, AnswersRefused) as reason:
        return _page("stop", status=409, message=f"{reason} {NOT_TAKEN}", start_again="../")
    except DatabaseError:
        log.exception("a pupil's sheet could not be stored; the tablet keeps it and tries again")
        return _page("again", status=503, token=sheet.token)
    return _see_other("pupil-done", code)


def _answered_sheet(request, code):
    sheet = Sheet.read(request.POST.get("sheet"), read_class_code(code))
    return sheet.answered(request.POST.get("answer")) if "answer" in request.POST else sheet


def _store(sheet, answers):
    store_response(
        uuid=sheet.uuid,
        wave_school=WaveSchool.objects.select_related("wave").get(pk=sheet.wave_school),
        version=read_form(sheet.version, sheet.fingerprint).version,
        answers=answers,
        now=timezone.now(),
        stage=sheet.stage,
        class_group=ClassGroup(pk=sheet.class_group),  # the seal vouches for it
        pupil_code=sheet.pupil_code,
    )
