"""A file of answers is read, shown, and brought in once, in one step."""

import io
import time
import zipfile
from datetime import UTC, date, datetime
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.urls import reverse
from openpyxl import Workbook

from clusters.actions import NotNow
from surveys import actions
from surveys.importing import AnswerFileRefused
from surveys.models import AnswerImport, Response
from tests import make
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 9, 10, 10, tzinfo=UTC)
HEADINGS = "school_id,cluster,la,simd_quintile,stage,pupil_code,wave,p2p4_school_liking_1,p2p4_subject_liking_1,p5p7_school_liking_1"


@pytest.fixture
def wave(world):
    return make_surveys.wave(world.cohort, [world.own_school, world.second_school])


@pytest.fixture
def own(world):
    return world.own_school.key


@pytest.fixture
def read(world, wave):
    """read(lines, …) reads a CSV file of these lines below the headings."""

    def _read(*lines, headings=HEADINGS, name="pupils.csv", into=wave):
        content = "\n".join([headings, *lines]).encode()
        return actions.read_import(into, file=io.BytesIO(content), name=name, by=world.people["staff"])

    return _read


def bring_in(found, world):
    return actions.apply_import(found, now=NOW, by=world.people["staff"])


def test_file_is_read_without_storing_and_then_stored(world, wave, own, read):
    found = read(f"{own},c,a,1,P3,owl-boat-37,pre,3,ND,", f"{world.second_school.seed_code},c,a,1,p6,,pre,,,5")
    assert not Response.objects.exists()

    stored = bring_in(found, world)

    assert stored == 2
    first, second = Response.objects.order_by("stage")
    assert (first.school, first.stage, first.pupil_code) == (world.own_school, "P3", "owl-boat-37")
    assert first.answers == {"p2p4_school_liking_1": 3, "p2p4_subject_liking_1": "ND"}
    assert (second.school, second.answers) == (world.second_school, {"p5p7_school_liking_1": 5})
    assert {first.source, second.source} == {"import"}
    assert (first.brought_by, first.received_at, first.class_group) == (found, NOW, None)
    found.refresh_from_db()
    assert (found.applied_at, found.reading) == (NOW, [])


def test_same_file_twice_changes_nothing(world, own, read):
    lines = [f"{own},c,a,1,P3,AB{number},pre,3,1," for number in range(5)]
    bring_in(read(*lines), world)

    again = read(*reversed(lines))
    stored = bring_in(again, world)

    assert (again.counts["new"], again.counts["stored_already"], stored) == (0, 5, 0)
    assert Response.objects.count() == 5


def test_two_previews_of_one_file_store_it_once(world, own, read):
    first, second = (read(f"{own},c,a,1,P3,owl-boat-37,pre,3,1,") for _ in range(2))

    bring_in(first, world)
    bring_in(second, world)

    assert Response.objects.count() == 1
    with pytest.raises(NotNow):
        bring_in(first, world)


def test_columns_in_another_order_are_the_same_rows(world, own, read):
    bring_in(read(f"{own},c,a,1,P3,owl-boat-37,pre,3,1,"), world)

    again = read(
        f"1,3,pre,owl-boat-37,P3,{own}",
        headings="p2p4_subject_liking_1,p2p4_school_liking_1,wave,pupil_code,stage,school_id",
    )

    assert again.counts["stored_already"] == 1


def test_identical_rows_are_one_unless_a_response_id_tells_them_apart(own, read):
    row = f"{own},c,a,1,P3,,pre,3,1,"

    assert read(row, row).counts["new"] == 1
    assert read(row + ",1", row + ",2", headings=HEADINGS + ",response_id").counts["new"] == 2


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("FOREIGN,c,a,1,P3,owl-boat-37,pre,3,1,", "school_id", "is not the SEED code of a school of this survey"),
        (",c,a,1,P3,owl-boat-37,pre,3,1,", "school_id", "The school is blank."),
        ("OWN,c,a,1,P1,owl-boat-37,pre,3,1,", "stage", "“P1” is not a stage"),
        ("OWN,c,a,1,P3,owl-boat-37,during,3,1,", "wave", "This is neither pre nor post."),
        ("OWN,c,a,1,P3,isla@example.org,pre,3,1,", "pupil_code", "A code has at most 24"),
        ("OWN,c,a,1,P3,a-code-that-is-much-too-long,pre,3,1,", "pupil_code", "A code has at most 24"),
        ("OWN,c,a,1,P3,Isla Reid,pre,3,1,", "pupil_code", "Pupils’ names are never brought in"),
    ],
)
def test_row_that_cannot_belong_is_left_out_with_row_column_and_reason(world, own, read, cells, column, reason):
    cells = cells.replace("OWN", own).replace("FOREIGN", world.foreign_school.key)

    found = read(f"{own},c,a,1,P3,owl-boat-37,pre,3,1,", cells)

    assert found.counts["new"] == 1
    assert [(each["row"], each["column"]) for each in found.rejected] == [(3, column)]
    assert reason in found.rejected[0]["reason"]


@pytest.mark.parametrize(
    "cells",
    [
        "OWN,c,a,1,P3,Isla 7,pre,3,1,",
        "OWN,c,a,1,P3,isla7,pre,3,1,",
        "OWN,c,a,1,Isla Reid,P0001,pre,3,1,",
        "Isla Reid,c,a,1,P3,P0001,pre,3,1,",
        "OWN,c,a,1,P3,P0001,Isla,3,1,",
        "OWN,c,a,1,P3,P0001,pre,Isla,1,",
    ],
)
def test_name_in_any_column_is_neither_stored_nor_repeated(world, own, read, cells):
    found = read(f"{own},c,a,1,P3,owl-boat-37,pre,3,1,", cells.replace("OWN", own))

    bring_in(found, world)

    assert len(found.rejected) == 1
    kept = [*Response.objects.values_list("pupil_code", "stage", "answers"), found.rejected, found.reading]
    assert "isla" not in str(kept).lower()


@pytest.mark.parametrize("code", ["", "0417", "P0123", "AB12", "S12-044", "owl-boat-37", "Owl Boat 37"])
def test_codes_from_elsewhere_are_kept_as_they_stand(world, own, read, code):
    bring_in(read(f"{own},c,a,1,P3,{code},pre,3,1,"), world)

    assert Response.objects.get().pupil_code == code


def test_answer_outside_the_scale_is_kept_and_counted(world, own, read):
    found = read(f"{own},c,a,1,P3,owl-boat-37,pre,9,1,")

    bring_in(found, world)

    assert found.counts["out_of_range"] == 1
    assert Response.objects.get().answers == {"p2p4_school_liking_1": 9, "p2p4_subject_liking_1": 1}


def test_word_in_an_answers_cell_is_never_stored(world, own, read):
    found = read(f"{own},c,a,1,P3,owl-boat-37,pre,Isla McName,1,")

    bring_in(found, world)

    assert found.counts["unreadable"] == 1
    assert Response.objects.get().answers == {"p2p4_subject_liking_1": 1}
    assert "McName" not in str(found.rejected)


def test_rows_of_the_other_wave_are_counted_and_left(own, read):
    found = read(f"{own},c,a,1,P3,owl-boat-37,post,3,1,", f"{own},c,a,1,P3,owl-boat-37,pre,3,1,")

    assert (found.counts["other_wave"], found.counts["new"], found.rejected) == (1, 1, [])


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "pupils.csv", "is empty"),
        (b"school_id,stage\n9900001-P,P3\n", "pupils.csv", "“pupil_code”"),
        (b"school_id,stage,pupil_code,stage\n", "pupils.csv", "“stage” twice"),
        (b"school_id,stage,pupil_code\n9900001-P,P3,x\n", "pupils.csv", "no column of this survey"),
        (HEADINGS.encode(), "pupils.csv", "no rows"),
        (b"\x00\x01\x02,\xff", "pupils.csv", "is not a text file"),
        (b"<html><body>404</body></html>", "pupils.csv", "web page"),
        (b"%PDF-1.7", "pupils.xlsx", "PDF"),
        (b"PK\x03\x04broken", "pupils.xlsx", "damaged"),
    ],
)
def test_file_that_cannot_be_used_is_refused_with_a_sentence(world, wave, content, name, words):
    with pytest.raises(AnswerFileRefused, match=words):
        actions.read_import(wave, file=io.BytesIO(content), name=name, by=world.people["staff"])

    assert not AnswerImport.objects.exists()


def test_file_over_the_limit_is_refused(world, wave, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024

    with pytest.raises(AnswerFileRefused, match="larger than 1 MB"):
        actions.read_import(wave, file=io.BytesIO(b"x" * 1_100_000), name="pupils.csv", by=world.people["staff"])


def test_zip_bomb_is_refused(world, wave):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b"<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b" " * 200_000_000)

    with pytest.raises(AnswerFileRefused):
        actions.read_import(wave, file=bomb, name="pupils.xlsx", by=world.people["staff"])


def test_workbook_with_a_pupils_sheet_is_read(world, wave, own):
    book = Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("pupils")
    sheet.append(HEADINGS.split(","))
    sheet.append([own, "c", "a", 1, "P3", "owl-boat-37", "pre", 3, 2.0, None])
    file = io.BytesIO()
    book.save(file)

    found = actions.read_import(wave, file=file, name="pupils.xlsx", by=world.people["staff"])
    bring_in(found, world)

    assert Response.objects.get().answers == {"p2p4_school_liking_1": 3, "p2p4_subject_liking_1": 2}


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_read(world, wave, own, separator):
    text = "\ufeff" + "\r\n".join([HEADINGS, f"{own},c,a,1,P3,owl-boat-37,pre,3,1,"]).replace(",", separator)

    found = actions.read_import(wave, file=io.BytesIO(text.encode()), name="pupils.csv", by=world.people["staff"])

    assert found.counts["new"] == 1


def test_follow_up_answers_wait_for_the_plan(world, own, read, settings):
    settings.WAVE_OPENING_CHECKS = ["tests.surveys.test_waves.never"]
    later = make_surveys.wave(
        world.cohort, [world.own_school], moment="post", opened_at=None, closes_on=date(2025, 9, 5)
    )
    found = read(f"{own},c,a,1,P3,owl-boat-37,post,3,1,", into=later)

    with pytest.raises(NotNow, match="Not before the plan"):
        bring_in(found, world)

    assert not Response.objects.exists()


def test_answers_of_a_wave_that_is_over_open_and_close_it(world, own, read):
    past = make_surveys.wave(make.cohort(), [world.own_school], opened_at=None, closes_on=date(2025, 9, 5))
    found = read(f"{own},c,a,1,P3,owl-boat-37,pre,3,1,", into=past)

    bring_in(found, world)

    past.refresh_from_db()
    assert past.opened_at == past.closed_at == NOW
    assert not past.versions.filter(frozen_at__isnull=True).exists()


def test_answers_wait_until_a_coming_wave_is_opened(world, own, read):
    coming = make_surveys.wave(make.cohort(), [world.own_school], opened_at=None)

    with pytest.raises(NotNow, match="Open this survey first"):
        bring_in(read(f"{own},c,a,1,P3,owl-boat-37,pre,3,1,", into=coming), world)


def test_pages_choose_check_and_bring_in(world, wave, own, sign_in):
    client = sign_in(world.people["staff"])
    content = "\n".join([HEADINGS, f"{own},c,a,1,P3,owl-boat-37,pre,3,1,", "nowhere<b>,c,a,1,P3,P0002,pre,3,1,"])
    file = SimpleUploadedFile("<img src=x>.csv", content.encode())

    chosen = client.post(reverse("answers-import", args=[wave.pk]), {"file": file})
    page = client.get(chosen.url).content.decode()
    client.post(chosen.url)

    assert "Bring in 1 answer sheet<" in page
    assert "nowhere<b>" not in page.lower()
    assert "<img src=x>" not in page
    assert Response.objects.count() == 1
    assert "1 answer sheet was brought in" in client.get(chosen.url).content.decode()


def test_button_pressed_twice_brings_in_once_and_says_so_twice(world, own, read, sign_in):
    found = read(f"{own},c,a,1,P3,owl-boat-37,pre,3,1,")
    client = sign_in(world.people["staff"])

    answers = [client.post(found.get_absolute_url(), follow=True) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert ["1 answer sheet was brought in" in answer.content.decode() for answer in answers] == [True, True]
    assert Response.objects.count() == 1


@pytest.mark.parametrize("when", ["surveys.actions.imports.record", "surveys.models.AnswerImport.save"])
def test_error_on_the_way_leaves_nothing_and_it_can_be_tried_again(world, own, read, monkeypatch, when):
    found = read(*[f"{own},c,a,1,P3,P{number},pre,3,1," for number in range(700)])

    with monkeypatch.context() as broken, pytest.raises(DatabaseError):
        broken.setattr(when, Mock(side_effect=DatabaseError("disk full")))
        bring_in(found, world)

    assert not Response.objects.exists()
    assert AnswerImport.objects.get().applied_at is None
    assert bring_in(found, world) == Response.objects.count() == 700


def test_bad_file_is_said_on_the_page(world, wave, sign_in):
    file = SimpleUploadedFile("pupils.csv", b"a,b\n1,2\n")

    response = sign_in(world.people["staff"]).post(reverse("answers-import", args=[wave.pk]), {"file": file})

    assert response.status_code == 422
    assert "has no column" in response.content.decode()


def test_twelve_thousand_rows_come_in_whole(world, own, read):
    lines = [f"{own},c,a,1,P3,P{number},pre,{number % 3 + 1},1," for number in range(12_000)]
    began = time.perf_counter()

    stored = bring_in(read(*lines), world)

    print(f"12,000 rows: {time.perf_counter() - began:.1f} s")
    assert stored == Response.objects.count() == 12_000


def test_code_may_be_typed_as_the_slip_prints_it(world, own, read):
    """“owl, boat, 37”: with commas, which a CSV file puts in quotation marks."""
    bring_in(read(f'{own},c,a,1,P3,"owl, boat, 37",pre,3,1,'), world)

    assert Response.objects.get().pupil_code == "owl-boat-37"
