"""Classes for their teachers: the code for the board, which slips have come in, slips to print. Never an answer."""

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from clusters.access import Permission
from clusters.models import School
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage, ObjectFormPage
from surveys.actions.classes import add_slips, create_class, places_for_classes, retire_class
from surveys.choices import GROUP_BY_STAGE
from surveys.coding import read_picture_code, show_class_code
from surveys.counting import latest_sheets, slips_of_class
from surveys.forms import ClassFilter, ClassForm, EmptyForm, SlipsForm
from surveys.models import ClassGroup, InstrumentVersion, WaveSchool
from surveys.questionnaires import questionnaire


def qr_drawing(address):
    """The path of a QR code for an address, as (side in modules with its quiet edge, SVG path data)."""
    code = segno.make(address, micro=False)
    path = code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)
    return code.symbol_size(border=2)[0], path.partition(' d="')[2].partition('"')[0]


def current_wave(group, on):
    """The pupil survey of a class at its school, as (WaveSchool, state in words): the open one, else the latest, else (None, "")."""
    rows = list(WaveSchool.objects.for_class(group).select_related("wave").order_by("-opens_on", "-pk"))
    row = next((row for row in rows if row.is_open(on)), rows[0] if rows else None)
    return row, row.state(on) if row else ""


class ClassPage:
    """What the pages about one class share: the way back, and the class's code as people write it."""

    model = ClassGroup

    def get_queryset(self):
        return super().get_queryset().select_related("school", "cohort")

    def get_crumbs(self):
        return [("Classes", reverse("class-list")), (self.object.name, self.object.get_absolute_url())]

    def get_context_data(self, **kwargs):
        group = self.object
        size, path = qr_drawing(self.request.build_absolute_uri(reverse("pupil-slip", args=[group.code])))
        return super().get_context_data(
            group=group,
            shown_code=show_class_code(group.code),
            short_address=self.request.get_host() + reverse("pupil-start"),
            qr={"size": size, "path": path},
            cancel=group.get_absolute_url(),
            **kwargs,
        )


class ClassList(ListPage):
    """The classes of my schools, with how many have answered."""

    permission = Permission.CLASS_VIEW
    model = ClassGroup
    filterset_class = ClassFilter
    template_name = "surveys/class_list.html"
    title = "Classes"

    def get_queryset(self):
        return super().get_queryset().active().select_related("school", "cohort").order_by("school__name", "name", "pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today, groups = timezone.localdate(), list(context["page_obj"])
        sheets = latest_sheets(groups)
        rows = []
        for group in groups:
            row, number = sheets.get(group.pk, (None, 0))
            rows.append((group, show_class_code(group.code), row, row.state(today) if row else "", number))
        return context | {"rows": rows}


class ClassDetail(ClassPage, DetailPage):
    """The control page of a class: the code, what to say, which slips have come in, and what to do when something is stuck."""

    permission = Permission.CLASS_VIEW

    def get_template_names(self):
        return ["surveys/class_counts.html" if self.request.htmx else "surveys/class_detail.html"]

    def get_crumbs(self):
        return super().get_crumbs()[:1]

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        wave_school, state = current_wave(self.object, today)
        return super().get_context_data(
            wave_school=wave_school,
            state=state,
            count=slips_of_class(self.object, wave_school and wave_school.wave),
            forms=self._forms(wave_school),
            now=timezone.now(),
            **kwargs,
        )

    def _forms(self, wave_school):
        """The questions that this class will be asked, to read aloud."""
        if wave_school is None:
            return []
        groups = {GROUP_BY_STAGE[stage] for stage in self.object.stages}
        versions = InstrumentVersion.objects.filter(waves=wave_school.wave_id, instrument__stage_group__in=groups)
        return [questionnaire(version) for version in versions.select_related("instrument").order_by("instrument__key")]


class ClassBoard(ClassPage, DetailPage):
    """The code and the QR code alone, as large as the board."""

    permission = Permission.CLASS_VIEW
    template_name = "surveys/class_board.html"


class ClassSlips(ClassPage, DetailPage):
    """The slips of a class on A4, to print and cut; `?only=17` shows one."""

    permission = Permission.CLASS_VIEW
    template_name = "surveys/class_slips.html"

    def get_title(self):
        return f"Slips for {self.object.name}"

    def get_context_data(self, **kwargs):
        codes = self.object.pupil_codes.all()
        only = self.request.GET.get("only", "")
        if only.isascii() and only.isdigit() and len(only) < 5:
            codes = codes.filter(slip=int(only))
        return super().get_context_data(
            slips=[(code, read_picture_code(code.code)) for code in codes], only=only, **kwargs
        )


class ClassCreate(FormPage):
    """A new class with its code and slips."""

    permission = Permission.CLASS_EDIT
    form_class = ClassForm
    template_name = "surveys/class_form.html"
    title = "Make a class"
    button = "Make the class and its slips"
    success_message = "The class is made. Print the slips next."

    @cached_property
    def places(self):
        """The (School, Cohort) pairs where this person may make a class."""
        return places_for_classes(self.rows(School), timezone.localdate())

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"places": self.places}

    def get_initial(self):
        asked = self.request.GET.get("school")
        here = [f"{school.key}:{cohort.slug}" for school, cohort in self.places if school.key == asked]
        return {"place": here[0]} if here else {}

    def act(self, form):
        return create_class(**form.new_class(), by=self.request.user).get_absolute_url()

    def get_crumbs(self):
        return [("Classes", reverse("class-list"))]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("class-list"), **kwargs)


class ClassMoreSlips(ClassPage, ObjectFormPage):
    """More slips for a class, numbered on."""

    permission = Permission.CLASS_EDIT
    form_class = SlipsForm
    template_name = "surveys/class_form.html"
    title = "More slips"
    button = "Make these slips"
    success_message = "The new slips are ready to print."

    def act(self, form):
        add_slips(self.object, slips=form.slips(), by=self.request.user)
        return reverse("class-slips", args=[self.object.pk])


class ClassRetire(ClassPage, ConfirmPage):
    """Take a class out of use."""

    permission = Permission.CLASS_EDIT
    form_class = EmptyForm
    danger = True
    success_message = "The class has been retired. Its answers are kept."

    def get_title(self):
        return f"Retire {self.object.name}?"

    def get_consequence(self):
        return (
            f"The code {show_class_code(self.object.code)} will open nothing from now on, and {self.object.name} leaves the list. "
            "Answers that have come in are kept, and the slips stay linked to them. This cannot be undone."
        )

    def act(self, form):
        retire_class(self.object, by=self.request.user)
        return reverse("class-list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_words="Keep it", **kwargs) | {"button": f"Retire {self.object.name}"}
