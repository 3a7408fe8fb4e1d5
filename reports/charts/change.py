"""Declined, held, improved: one bar of 100 per cent for each rating group, with the mark of no change on the whole."""

from reports.charts.chart import Chart
from reports.charts.drawing import (
    DECLINED,
    HELD,
    IMPROVED,
    INK,
    INK_2,
    PHONE,
    SLIDE,
    WIDE,
    Sheet,
    label_colour,
    text_width,
)
from reports.noise_wording import NO_REFERENCE
from reports.numbers import count, percent
from reports.reading import GROUP_NAMES, captions, change_heading, noise_reference, shown_groups, total

KINDS = (("declined", DECLINED), ("held", HELD), ("improved", IMPROVED))


def build(results):
    """The bars of `results["change_groups"]`; one bar for everybody when the groups may not be shown."""
    shown, noise = shown_groups(results), noise_reference(results)
    if not shown:
        return Chart(change_heading(results), instead="Too few pupils could be matched to show how answers changed.")
    wide, phone = _draw(shown, noise, WIDE), _draw(shown, noise, PHONE)
    return Chart(
        change_heading(results),
        _describe(shown, noise),
        wide,
        phone,
        slides=lambda: [_draw(shown, noise, SLIDE)],
        base=captions.of_change(results),
    )


def _base(group):
    return f"{count(group.get('schools'))} schools, {count(group.get('n'))} pupils"


def _describe(shown, noise):
    words = []
    for key, group in shown:
        shares = ", ".join(f"{percent(group[kind], total(group))} {kind}" for kind, _ in KINDS)
        words.append(f"{GROUP_NAMES[key]}, {_base(group)}: {shares}.")
    words.append(
        NO_REFERENCE if noise is None else f"About {percent(noise, 1)} would decline with no change on the whole."
    )
    return " ".join(words)


def _draw(shown, noise, width):
    phone = width == PHONE
    left, right = (0, width - 2) if phone else (190, width - 4)
    bar, top, step = 44, (54 if phone else 36), (90 if phone else 76)
    sheet = Sheet(width, top + step * (len(shown) - 1) + bar + 20)
    scale = right - left
    for row, (key, group) in enumerate(shown):
        y = top + step * row
        if phone:
            sheet.text(0, y - 14, GROUP_NAMES[key], size=14, bold=True)
            sheet.text(text_width(GROUP_NAMES[key], 14, True) + 10, y - 14, _base(group), size=13, colour=INK_2)
        else:
            sheet.text(0, y + 18, GROUP_NAMES[key], size=15, bold=True)
            sheet.text(0, y + 37, _base(group), size=13, colour=INK_2)
        x = left
        for kind, fill in KINDS:
            share = group[kind] / total(group)
            _segment(sheet, x, y, share * scale, bar, kind, percent(group[kind], total(group)), fill)
            x += share * scale
        if noise is not None:
            sheet.triangle(left + noise * scale, y - 1, 6)
            sheet.triangle(left + noise * scale, y + bar + 1, 6, down=False)
    if noise is not None:
        words = f"{percent(noise, 1)}: no change on the whole" if phone else (
            f"{percent(noise, 1)} would “decline” with no change on the whole"
        )  # fmt: skip
        size = 13 if phone else 13.5
        reach = text_width(words, size) / 2
        sheet.text(min(max(left + noise * scale, reach), width - reach), 16, words, size=size, align="center")
    return sheet.figure


def _segment(sheet, x, y, width, height, kind, share, fill):
    """One part of a bar with its share and its word, as far as they fit."""
    sheet.bar(x, y, max(width - 2, 0.5), height, fill)
    colour, middle = label_colour(fill), x + (width - 2) / 2
    if width >= text_width(kind, 12.5) + 6:
        sheet.text(middle, y + 20, share, size=15, colour=colour, bold=True, align="center")
        sheet.text(middle, y + 36, kind, size=12.5, colour=colour, align="center")
    elif width >= text_width(share, 13, True) + 4:
        sheet.text(middle, y + 27, share, size=13, colour=colour if fill != HELD else INK, bold=True, align="center")
