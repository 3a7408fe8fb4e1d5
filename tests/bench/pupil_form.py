"""Pupils' answer sheets under load, against a page that says hello, served alike.

*Open and submit* is what other survey software does in two requests: the form is fetched and a finished sheet is sent; ours is
followed to the thank-you page as well. *A whole sheet* is what a child does here: from the class code over the slip and every
question to the end, a page each.
"""

import itertools
import os
import re
from urllib.parse import urljoin

from tests.bench import load
from tests.bench.measuring import Figure
from tests.bench.site import own_site, serving

FLOWS, AT_ONCE, WHOLE_SHEETS = 1500, 30, 150
TOKEN = re.compile(r'name="sheet" value="([^"]+)"')
ACTION = re.compile(r'<form[^>]*action="([^"]+)"')
ANSWER = re.compile(r'type="radio" name="answer" value="([^"]+)"')
LOADED = re.compile(r'(?:<link[^>]*stylesheet[^>]*href|<script[^>]*src|<img[^>]*src|<use href)="([^"#]+)')


def figures():
    """Yield the figures of the hello page and of the pupil form, and check that every sheet was stored once."""
    with serving("tests.bench.hello:application", dict(os.environ)) as server:
        load.run(_hello, range(300), server.port, AT_ONCE)
        floor = _measured(_hello, range(FLOWS), server)
    with own_site() as site:
        classes = site.run("build", 12_000, 676)["classes"]
        before = site.run("sheets_stored")
        tokens = site.run("filled_sheets", FLOWS + 300)
        with site.serving() as server:
            load.run(_open_and_submit, tokens[:300], server.port, AT_ONCE)
            form = _measured(_open_and_submit, tokens[300:], server)
            whole = _measured(_whole_sheet, itertools.islice(itertools.cycle(classes), WHOLE_SHEETS), server)
            weight = load.run_once(_first_visit, classes[0][0], server.port)
            memory = server.memory_mb()
        lost = FLOWS + 300 + WHOLE_SHEETS - (site.run("sheets_stored") - before)
    yield Figure("pupil form: server CPU per open and submit", form.cpu, "ms", floor=floor.cpu, must=10, stretch=4)
    yield Figure(
        f"  flows a second, {AT_ONCE} at once",
        form.rate,
        "/s",
        floor=floor.rate,
        must=110,
        stretch=300,
        more_is_better=True,
    )
    yield Figure(f"  p95, {AT_ONCE} at once", form.p95, "ms", floor=floor.p95, must=350, stretch=120)
    yield Figure("  sheets lost or doubled", abs(lost), "", must=0)
    yield Figure("  first visit, KB", weight[0], "KB", must=40, stretch=15)
    yield Figure("  first visit, requests", weight[1], "", must=5, stretch=2)
    yield Figure("  memory of the web server", memory, "MB", must=700, stretch=450)
    yield Figure("whole sheet, a question a page: server CPU", whole.cpu, "ms", floor=floor.cpu)
    yield Figure(f"  sheets a second, {AT_ONCE} at once", whole.rate, "/s", floor=floor.rate, more_is_better=True)


class _Measured:
    def __init__(self, run, cpu):
        self.rate, self.p95, self.cpu = run.per_second(), run.quantile(0.95), 1000 * cpu / len(run.each)


def _measured(flow, work, server):
    before = server.cpu_seconds()
    run = load.run(flow, work, server.port, AT_ONCE)
    return _Measured(run, server.cpu_seconds() - before)


async def _hello(client, _):
    for answer in (await client.get("/"), await client.post("/", {"sheet": "x" * 400})):
        _expect(answer, 200)


async def _open_and_submit(client, sheet):
    code, token = sheet
    _expect(await client.get(f"/s/{code}/"), 200)
    answer = await client.post(f"/s/{code}/done/", {"sheet": token, "answer": "1"})
    _expect(answer, 303)
    _expect(await client.get(urljoin(f"/s/{code}/done/", answer.headers["location"])), 200)


async def _whole_sheet(client, pupil):
    code, slip = pupil
    first, second, number = slip.split("-")
    _expect(await client.get(f"/s/{code}/"), 200)
    fields = {}
    for name, value in (("first", first), ("second", second), ("number", number)):
        fields[name] = value
        page = await client.post(f"/s/{code}/", fields)
        _expect(page, 200)
    path = f"/s/{code}/"
    while page.status == 200:
        fields = {"sheet": TOKEN.search(page.body)[1]}
        if offered := ANSWER.findall(page.body):
            fields["answer"] = offered[0]
        path = urljoin(path, ACTION.search(page.body)[1])
        page = await client.post(path, fields)
    _expect(page, 303)
    _expect(await client.get(urljoin(path, page.headers["location"])), 200)


async def _first_visit(client, code):
    """Return the kilobytes and the number of requests of the first page and of all that it loads, compressed where it can be."""
    page = await client.get(f"/s/{code}/")
    loaded = set(LOADED.findall(page.body))
    sizes = [len(page.body)]
    for path in loaded:
        answer = await client.get(path, accept="gzip")
        _expect(answer, 200)
        sizes.append(answer.size)
    return sum(sizes) / 1024, len(sizes)


def _expect(answer, status):
    if answer.status != status:
        raise RuntimeError(f"expected {status}, got {answer.status}: {answer.body[:300]}")
