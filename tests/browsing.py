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
    page.evaluate(AXE)
    return [(found["id"], found["nodes"][0]["html"]) for found in page.evaluate("axe.run()")["violations"]]


def overflow(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
