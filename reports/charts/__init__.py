"""Charts of an evaluation: the (suppressed) results dictionary in, SVG drawings out.

Pure: no Django, no database, no pyplot, and nothing that looks at anything but the results. A worker draws them once
and stores them; the web process never imports this package.
"""

from threading import Lock

from reports.charts import caterpillar, change, cuts, dose, dumbbell, flow, item_models, items, specifications
from reports.charts.svg import page_svg, standalone
from reports.reading import ADULTS, in_order, item_blocks, items_of, part, readable
from reports.reading.comparing import item_model_rows

# matplotlib's fonts may not be used by two threads at a time, and a small worker has two.
DRAWING = Lock()

__all__ = ["build_all", "render_all", "render_slides", "rendered", "standalone"]


def build_all(results):
    """{name: Chart} of every chart that the report carries, in the order of the report.

    A questionnaire too long for one figure has several: "items_P5P7_1", "items_P5P7_2".
    """
    results = readable(results)
    charts = {"flow": flow.build(results)}
    charts["specifications"] = specifications.build(results)
    charts["cuts"] = cuts.build(results)
    charts["dose"] = dose.build(results)
    for stage_group in sorted(part(results, "items")):
        for number, (words, shown) in enumerate(item_blocks(items_of(results, stage_group)), start=1):
            charts[f"items_{stage_group}_{number}"] = items.build(stage_group, shown, words)
            charts[f"positive_{stage_group}_{number}"] = dumbbell.build(stage_group, shown, words)
    for stage_group, rows in item_model_rows(results).items():
        for number, (words, shown) in enumerate(item_blocks(rows), start=1):
            charts[f"item_models_{stage_group}_{number}"] = item_models.build(results, stage_group, shown, words)
    charts["change"] = change.build(results)
    charts["schools"] = caterpillar.build(results)
    for group, areas in in_order(part(results, "adults", "confidence"), ADULTS).items():
        if areas:
            charts[f"confidence_{group}"] = dumbbell.build_confidence(results["adults"], group)
    return charts


def render_all(results):
    """Every chart as plain text, ready to be stored as JSON.

    Returns {name: {"title", "desc", "wide", "phone"}} where `wide` (820 units) and `phone` (340 units) are SVG, or
    {name: {"title", "instead"}} where a sentence stands in the chart's place.
    """
    with DRAWING:
        return {name: rendered(name, chart) for name, chart in build_all(results).items()}


def render_slides(results):
    """The same charts drawn for slides: {name: {"title", "desc", "base", "drawings": [SVG, ...]}}, several where one would be too full."""
    with DRAWING:
        return {
            name: {
                "title": chart.title,
                "desc": chart.desc,
                "base": chart.base,
                "drawings": [
                    page_svg(
                        drawn, name=f"slide-{name}-{number}", title=chart.title, desc=chart.desc, css_class="v-slide"
                    )
                    for number, drawn in enumerate(chart.slides(), start=1)
                ],
            }
            for name, chart in build_all(results).items()
            if not chart.instead
        }


def rendered(name, chart):
    """One Chart as `render_all` gives it; `name` begins the ids of its drawings, so it is its own on a page."""
    if chart.instead:
        return {"title": chart.title, "instead": chart.instead}
    prefix = f"chart-{name.replace('_', '-').lower()}"
    drawn = {"title": chart.title, "desc": chart.desc}
    for drawing, figure in (("wide", chart.wide), ("phone", chart.phone)):
        drawn[drawing] = page_svg(
            figure, name=f"{prefix}-{drawing}", title=chart.title, desc=chart.desc, css_class=f"v-{drawing}"
        )
    return drawn
