"""The dashboards of a programme of 676 schools with 180,000 answer sheets, against a page that says hello."""

import os
import re

from tests.bench import load
from tests.bench.measuring import Figure
from tests.bench.site import own_site, serving

SCHOOLS, ANSWERS, TIMES = 676, 120_000, 9


def figures():
    """Yield the time of the programme's, an authority's and a cluster's dashboard, each the least disturbed of several."""
    with serving("tests.bench.hello:application", dict(os.environ)) as server:
        floor = _best(server, "/", "")
    with own_site() as site:
        cookie = site.run("build", ANSWERS, SCHOOLS)["staff_cookie"]
        with site.serving() as server:
            links = load.run_once(_authorities, cookie, server.port)
            for what, path in {
                "programme": "/",
                "authority": links[0],
                "cluster": "/clusters/bench-0/progress/",
            }.items():
                taken = _best(server, path, cookie)
                yield Figure(f"{what} dashboard, {SCHOOLS} schools", taken, "s", floor=floor, must=0.5, stretch=0.15)


def _best(server, path, cookie):
    runs = load.run(_page, [(path, cookie)] * TIMES, server.port, at_once=1)
    return min(runs.each[1:])


async def _page(client, asked):
    path, cookie = asked
    answer = await client.get(path, cookie=cookie)
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status} {answer.headers.get('location', '')}")


async def _authorities(client, cookie):
    page = await client.get("/authorities/", cookie=cookie)
    return re.findall(r'href="(/authorities/[^"]+/)"', page.body)
