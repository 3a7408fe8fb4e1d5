"""Answers to each question before and after, as bars centred on the middle answer."""

from dataclasses import dataclass

from reports.charts.chart import Chart
from reports.charts.drawing import (
    DIVERGING,
    EDGE,
    INK_2,
    PHONE,
    SLIDE,
    WHITE,
    WIDE,
    Sheet,
    label_colour,
    text_width,
    wrapped,
)
from reports.numbers import HIDDEN, count
from reports.reading import (
    STAGES,
    WAVES,
    captions,
    point_words,
    positive,
    question_name,
    shares,
    short_question,
    turned_note,
)
from reports.wording import per_cent

GAP = 1.5


def title(stage_group, words=""):
    """The chart's name for one stage group; `words` say which of its questions where there are several charts."""
    return f"Answers before and after, {STAGES.get(stage_group, stage_group)}{words}"


def build(stage_group, items, words=""):
    """The bars of some questions of one stage group; a sentence when none has a distribution that may be shown."""
    name = title(stage_group, words)
    if not any(shares(item, wave) for item in items for _, wave in WAVES):
        return Chart(name, instead="No distribution of answers may be shown for these questions.")
    wide, phone = _draw(items, WIDE), _draw(items, PHONE)
    return Chart(
        name,
        _describe(items),
        wide,
        phone,
        slides=lambda: [_draw(items, SLIDE)],
        base=captions.of_each([item.get(f"n_{wave}") for item in items for _, wave in WAVES]),
    )


def _base_words(item):
    """How many answered: "n = 612 before, 605 after"."""
    return f"n = {count(item.get('n_pre'))} before, {count(item.get('n_post'))} after"


def _describe(items):
    """The share of positive answers of each question, before and after, from what may be shown."""
    words = []
    for item in items:
        before, after = (positive(item, wave) for _, wave in WAVES)
        shown = [f"{per_cent(value / 100)} per cent" if value is not None else HIDDEN for value in (before, after)]
        words.append(f"{question_name(item)} {shown[0]} positive before, {shown[1]} after.")
    return " ".join([*words, turned_note(items)]).strip()


def _reach(parts):
    """How far a bar reaches left and right of the middle answer's centre, in per cent."""
    half = len(parts) // 2
    if len(parts) % 2:
        return sum(parts[:half]) + parts[half] / 2, sum(parts[half + 1 :]) + parts[half] / 2
    return sum(parts[:half]), sum(parts[half:])


@dataclass(frozen=True)
class Room:
    """The measures of one kind of drawing, in units: where the words end, the bars, and the least space for a question."""

    text: int
    bar: int
    step: int
    size: float
    least: int


ROOMS = {WIDE: Room(334, 20, 23, 14, 43), PHONE: Room(PHONE, 24, 28, 14, 70), SLIDE: Room(196, 16, 17, 13, 33)}


def _draw(items, width):
    phone, slide, room = width == PHONE, width == SLIDE, ROOMS[width]
    reaches = [_reach(parts) for item in items for _, wave in WAVES if (parts := shares(item, wave))]
    widest_left, widest_right = (max(side) for side in zip(*reaches, strict=True))
    left, right = (48, width - 2) if phone else (room.text + 56, width - 4)
    scale = (right - left) / (widest_left + widest_right)
    centre = left + widest_left * scale
    layouts, y, line = [], 54 if phone else 36 if slide else 34, 16 if slide else 18
    for item in items:
        name = question_name(item)
        lines = wrapped(short_question(name), room.text - (0 if phone else 10), room.size, bold=True)
        heading = line * len(lines) + (0 if slide else 18)
        layouts.append((item, lines, y, y + heading if phone else y))
        y += heading + room.least if phone else max(heading, room.least) + (8 if slide else 6)
    sheet = Sheet(width, y - (8 if phone else 4))
    points = max(len(item.get(f"counts_{wave}") or ()) for item in items for _, wave in WAVES)
    _draw_key(sheet, points, brief=width != WIDE)
    for item, lines, text_top, bars_top in layouts:
        sheet.lines(0, text_top + 14, lines, size=room.size, step=line, bold=True)
        if not slide:
            sheet.text(0, text_top + 14 + line * len(lines), _base_words(item), size=12.5, colour=INK_2)
        for row, (word, wave) in enumerate(WAVES):
            _draw_bar(sheet, shares(item, wave), bars_top + room.step * row, centre, scale, word, room.bar)
    return sheet.figure


def _draw_bar(sheet, parts, y, centre, scale, word, height):
    base = y + height / 2 + 5
    if parts is None:
        x = centre - 45
        sheet.bar(x, y, 90, height, WHITE, edge=EDGE, dashed=True)
        sheet.text(centre, base, HIDDEN, size=13, align="center")
    else:
        x = centre - _reach(parts)[0] * scale
        start = x
        for share, fill in zip(parts, DIVERGING[len(parts)], strict=True):
            wide = share * scale
            if wide > 0:
                sheet.bar(start, y, max(wide - GAP, 0.4), height, fill)
            label = per_cent(share / 100)
            if wide - GAP >= text_width(label, 13) + 4:
                sheet.text(start + (wide - GAP) / 2, base, label, size=13, colour=label_colour(fill), align="center")
            start += wide
    sheet.text(x - 6, base, word, size=12.5, colour=INK_2, align="right")


def _draw_key(sheet, points, brief):
    """The colours in words: each by name on a wide sheet, the two ends where there is less room."""
    words, fills = point_words(points), DIVERGING[points]
    if not brief:
        x = 0
        for word, fill in zip(words, fills, strict=True):
            sheet.bar(x, 4, 16, 16, fill)
            sheet.text(x + 22, 17, word, size=13.5)
            x += 22 + text_width(word, 13.5) + 20
        return
    sheet.text(0, 17, words[0], size=13)
    x = text_width(words[0], 13) + 8
    for fill in fills:
        sheet.bar(x, 4, 17, 17, fill)
        x += 18
    sheet.text(x + 6, 17, words[-1], size=13)
