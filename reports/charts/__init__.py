"""Charts of an evaluation: the (suppressed) results dictionary in, SVG drawings out.

Pure: no Django, no database, no pyplot, and nothing that looks at anything but the results. A worker draws them once
and stores them; the web process never imports this package.
"""

from reports.charts import change, dose, flow, item_models, items, specifications
from reports.charts.svg import page_svg, standalone
from reports.reading import part, readable

__all__ = ["build_all", "render_all", "rendered", "standalone"]


def build_all(results):
    """{name: Chart} of every chart that the report carries, in the order of the report."""
    results = readable(results)
    charts = {"flow": flow.build(results), "change": change.build(results)}
    for stage_group in sorted(part(results, "items")):
        charts[f"items_{stage_group}"] = items.build(results, stage_group)
    charts["specifications"] = specifications.build(results)
    charts["dose"] = dose.build(results)
    charts["item_models"] = item_models.build(results)
    return charts


def render_all(results):
    """Every chart as plain text, ready to be stored as JSON.

    Returns {name: {"title", "desc", "wide", "phone"}} where `wide` (820 units) and `phone` (340 units) are SVG, or
    {name: {"title", "instead"}} where a sentence stands in the chart's place.
    """
    return {name: rendered(name, chart) for name, chart in build_all(results).items()}


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
