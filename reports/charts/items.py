"""Answers to each question before and after, as bars centred on the middle answer."""

from reports.charts.chart import Chart
from reports.charts.drawing import DIVERGING, EDGE, INK_2, PHONE, WHITE, WIDE, Sheet, label_colour, text_width, wrapped
from reports.numbers import HIDDEN, count
from reports.reading import STAGES, WAVES, point_words, positive, shares

GAP = 1.5


def title(stage_group, words=""):
    """The chart's name for one stage group; `words` say which of its questions where there are several charts."""
    return f"Answers before and after, {STAGES.get(stage_group, stage_group)}{words}"


def build(stage_group, items, words=""):
    """The bars of some questions of one stage group; a sentence when none has a distribution that may be shown."""
    name = title(stage_group, words)
    if not any(shares(item, wave) for item in items for _, wave in WAVES):
        return Chart(name, instead="No distribution of answers may be shown for these questions.")
    return Chart(name, _describe(items), _draw(items, WIDE), _draw(items, PHONE))


def _base_words(item):
    """How many answered: "n = 612 before, 605 after"."""
    return f"n = {count(item.get('n_pre'))} before, {count(item.get('n_post'))} after"


def _describe(items):
    """The share of positive answers of each question, before and after, from what may be shown."""
    words = []
    for item in items:
        before, after = (positive(item, wave) for _, wave in WAVES)
        shown = [f"{round(value)} per cent" if value is not None else HIDDEN for value in (before, after)]
        words.append(f"{item.get('text') or item['name']} {shown[0]} positive before, {shown[1]} after.")
    return " ".join(words)


def _reach(parts):
    """How far a bar reaches left and right of the middle answer's centre, in per cent."""
    half = len(parts) // 2
    if len(parts) % 2:
        return sum(parts[:half]) + parts[half] / 2, sum(parts[half + 1 :]) + parts[half] / 2
    return sum(parts[:half]), sum(parts[half:])


def _draw(items, width):
    phone = width == PHONE
    text_room = width if phone else 250
    reaches = [_reach(parts) for item in items for _, wave in WAVES if (parts := shares(item, wave))]
    widest_left, widest_right = (max(side) for side in zip(*reaches, strict=True))
    left, right = (48, width - 2) if phone else (text_room + 56, width - 4)
    scale = (right - left) / (widest_left + widest_right)
    centre = left + widest_left * scale
    layouts, y = [], 54 if phone else 44
    for item in items:
        lines = wrapped(item.get("text") or item["name"], text_room - (0 if phone else 10), 14, bold=True)
        heading = 18 * len(lines) + 18
        layouts.append((item, lines, y, y + heading if phone else y))
        y += heading + 70 if phone else max(heading, 52) + 18
    sheet = Sheet(width, y - 8)
    points = max(len(item.get(f"counts_{wave}") or ()) for item in items for _, wave in WAVES)
    _draw_key(sheet, points, phone)
    for item, lines, text_top, bars_top in layouts:
        sheet.lines(0, text_top + 14, lines, size=14, step=18, bold=True)
        sheet.text(0, text_top + 14 + 18 * len(lines), _base_words(item), size=12.5, colour=INK_2)
        for row, (word, wave) in enumerate(WAVES):
            _draw_bar(sheet, shares(item, wave), bars_top + 28 * row, centre, scale, word)
    return sheet.figure


def _draw_bar(sheet, parts, y, centre, scale, word):
    height = 24
    if parts is None:
        x = centre - 45
        sheet.bar(x, y, 90, height, WHITE, edge=EDGE, dashed=True)
        sheet.text(centre, y + 17, HIDDEN, size=13, align="center")
    else:
        x = centre - _reach(parts)[0] * scale
        start = x
        for share, fill in zip(parts, DIVERGING[len(parts)], strict=True):
            wide = share * scale
            if wide > 0:
                sheet.bar(start, y, max(wide - GAP, 0.4), height, fill)
            label = f"{round(share)}"
            if wide - GAP >= text_width(label, 13) + 4:
                sheet.text(start + (wide - GAP) / 2, y + 17, label, size=13, colour=label_colour(fill), align="center")
            start += wide
    sheet.text(x - 6, y + 17, word, size=12.5, colour=INK_2, align="right")


def _draw_key(sheet, points, phone):
    """The colours in words: each by name on a wide sheet, the two ends on a phone."""
    words, fills = point_words(points), DIVERGING[points]
    if not phone:
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
