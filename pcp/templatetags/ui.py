"""Template building blocks: containers as block tags, and the few filters that the pages share."""

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from pcp import shares

register = template.Library()


@register.simple_block_tag
def panel(content, title="", level=2, ident=""):
    """A white panel with an optional heading: {% panel title="Attendance" %}…{% endpanel %}."""
    if not title:
        return format_html('<section class="panel mb-4">{}</section>', content)
    ident = ident or "p-" + "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return format_html(
        '<section class="panel mb-4" aria-labelledby="{}"><h{} id="{}">{}</h{}>{}</section>',
        ident,
        level,
        ident,
        title,
        level,
        content,
    )


@register.simple_block_tag
def scroll(content, label):
    """A wide table in a region that can be focused and scrolled: {% scroll label="Table: Schools" %}…{% endscroll %}.

    sideways.js shows the line above it where there is more to the side.
    """
    return format_html(
        '<p class="small muted mb-1" data-sideways hidden>Scroll sideways for more columns.</p>'
        '<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>',
        label,
        content,
    )


@register.simple_block_tag
def notice(content, kind="info"):
    """A notice of kind info, good, warn or bad; its first sentence should be bold."""
    look = "" if kind == "info" else f" notice-{kind}"
    return format_html(
        '<div class="notice{} mb-4">{}<div>{}</div></div>', look, icon("info" if kind == "info" else kind), content
    )


@register.simple_tag
def icon(name):
    """A line icon from the sprite, always beside a word, so hidden from screen readers."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("pcp/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def sort_head(context, key, words, css=""):
    """A column head that sorts: {% sort_head "roll" "Roll" css="num" %}. The page's `sort` says how the rows stand now."""
    now = context.get("sort", "")
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{key}" if now == key else key
    state = {key: "ascending", f"-{key}": "descending"}.get(now)
    return format_html(
        '<th scope="col" role="columnheader"{}{}><a class="sort" href="?{}">{}</a></th>',
        format_html(' class="{}"', css) if css else "",
        format_html(' aria-sort="{}"', state) if state else "",
        query.urlencode(),
        words,
    )


@register.filter
def hours(value):
    """Hours from a number of hours, as people write them: 1½ h, 214 h."""
    quarters = round(float(value) * 4)
    whole, rest = divmod(quarters, 4)
    if whole >= 10:
        return f"{round(float(value)):,} h"
    part = {0: "", 1: "¼", 2: "½", 3: "¾"}[rest]
    return f"{whole or ('' if part else 0)}{part} h"


@register.filter
def clock(at):
    """The time of day in Scotland as people write it: 10.42 am."""
    local = timezone.localtime(at)
    return f"{local.hour % 12 or 12}.{local:%M} {'am' if local.hour < 12 else 'pm'}"


@register.filter
def moment(at):
    """A date and time in Scotland: 3 May 2026, 10.42 am. Nothing for no moment."""
    return f"{date_format(timezone.localtime(at), 'j F Y')}, {clock(at)}" if at else ""


@register.filter
def pounds(pence):
    """An amount in pence as people write it: £500, £1,512.50. A dash for none."""
    if pence is None:
        return "–"
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02d}" if rest else f"£{whole:,}"


@register.filter
def pounds_in_tile(pence):
    """The same for a tile, which is narrow: from £10,000 in whole pounds."""
    return pounds(pence if pence is None or pence < 1_000_000 else round(pence / 100) * 100)


@register.filter
def lead(label):
    """A label before what is said about it: a colon, unless it asks; a full stop before the colon is left out."""
    label = str(label)
    return label if label.endswith("?") else f"{label.rstrip(':.')}:"


@register.filter
def percent_of(part, whole):
    """A part of a whole as a rounded percentage, or a dash when there is no whole."""
    return shares.percent_of(part, whole)


@register.filter
def get(mapping, key):
    """The value of a mapping at a key that is itself a variable."""
    return mapping.get(key)


@register.filter
def tone(state):
    """The look of a state's tag: its word carries the meaning, this only the shape."""
    return TONES.get(str(state), "")


TONES = {
    "active": "tag-ok",
    "agreed": "tag-ok",
    "ready": "tag-ok",
    "published": "tag-ok",
    "draft": "tag-due",
    "open": "tag-ok",
    "sustain": "tag-ok",
    "nominated": "tag-new",
    "group_met": "tag-due",
    "waiting": "tag-due",
    "running": "tag-due",
    "applied": "tag-due",
    "awarded": "tag-ok",
    "paid": "tag-ok",
    "spent": "tag-ok",
    "reported": "tag-ok",
    "overdue": "tag-late",
    "declined": "tag-off",
    "eligible": "tag-off",
    "failed": "tag-late",
    "closed": "tag-off",
    "cancelled": "tag-off",
    "withdrawn": "tag-off",
    "alumni": "tag-off",
}


@register.simple_tag
def bar(part, whole, width=120):
    """A thin bar of a part of a whole, as SVG, because a length that depends on data may not be a style."""
    share = min(max(part / whole, 0), 1) if whole else 0
    return format_html(
        '<svg width="{w}" height="10" viewBox="0 0 {w} 10" role="img" aria-label="{pc}">'
        '<rect width="{w}" height="10" rx="5" fill="#d9ecee"/><rect width="{f}" height="10" rx="5" fill="#0b5563"/></svg>',
        w=width,
        pc=shares.percent_of(share, 1).replace("%", " per cent"),
        f=round(width * share, 1),
    )


@register.filter
def inline_svg(markup):
    """Put a chart that this site drew itself, as stored with the report, into the page."""
    return mark_safe(markup)  # noqa: S308  drawn by reports.charts from numbers and our own words


def _month(day):
    return day.year * 12 + day.month


@register.simple_tag
def mini_clock(starts_on, ends_on, today, days):
    """A period as one bar: a diamond for each of `days` (things with an `on` date), a dot for today, and the month in words.

    A diamond is filled when its day is past. The words under the bar carry the meaning; the drawing is for a quick look.
    """
    if today < starts_on:
        words = f"Starts {date_format(starts_on, 'j F Y')}"
    elif today > ends_on:
        words = f"Ended {date_format(ends_on, 'j F Y')}"
    else:
        words = f"Month {_month(today) - _month(starts_on) + 1} of {_month(ends_on) - _month(starts_on) + 1}"
    width, length = 176, (ends_on - starts_on).days

    def place(day):
        return round(12 + width * min(max((day - starts_on).days / length, 0), 1), 1)

    diamonds = format_html_join(
        "",
        '<path d="M{} 12l6-6 6 6-6 6z" fill="{}" stroke="#0b5563" stroke-width="2"/>',
        ((round(place(day.on) - 6, 1), "#0b5563" if day.on < today else "#fff") for day in days),
    )
    now = place(today)
    return format_html(
        '<span class="mini-clock"><svg viewBox="0 0 200 24" width="200" height="24" aria-hidden="true">'
        '<rect x="12" y="10" width="{}" height="4" rx="2" fill="#d9ecee"/><rect x="12" y="10" width="{}" height="4" rx="2" '
        'fill="#5fa3ab"/>{}<circle cx="{}" cy="12" r="5" fill="#f5c242" stroke="#16262b" stroke-width="2"/></svg>'
        "<span>{}</span></span>",
        width,
        round(now - 12, 1),
        diamonds,
        now,
        words,
    )
