"""What every browser test asks of a page: is it accessible, does it fit, has the next one come?"""

from pathlib import Path

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()


def go_on(page, target):
    """Click what leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        target.click()


def violations(page):
    """What axe finds on the page, as (rule, the first element that breaks it)."""
    page.wait_for_load_state()
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    return [
        (found["id"], found["nodes"][0]["html"])
        for found in page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    ]


def faults_at(page, widths):
    """What axe finds on the page and how far it scrolls sideways, in windows of several widths, one after the other."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [(width, *each) for each in violations(page)]
        if overflow(page):
            found.append((width, "scrolls sideways"))
    return found


def overflow(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
