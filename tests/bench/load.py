"""A small load generator: clients that each repeat a flow of requests on a connection of their own."""

import asyncio
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass
class Answer:
    """What came back: status, headers in lower case, body as text (when it is not compressed) and its size in bytes."""

    status: int
    headers: dict
    body: str
    size: int


@dataclass
class Run:
    """What a run of many flows took: the seconds of each, and the seconds from first to last."""

    each: list = field(default_factory=list)
    whole: float = 0.0

    def per_second(self):
        """Flows finished in a second."""
        return len(self.each) / self.whole

    def quantile(self, share):
        """The time, in milliseconds, within which the share of the flows was done."""
        return 1000 * sorted(self.each)[min(len(self.each) - 1, int(share * len(self.each)))]


class Client:
    """One visitor: one connection, with cookies; the proxy's header says that it came by HTTPS."""

    def __init__(self, port):
        self.port, self.cookies = port, {}
        self._reader = self._writer = None

    async def get(self, path, accept="identity", cookie=""):
        """Fetch a page, in the encoding that is accepted, with a cookie ("name=value") if one is given."""
        if cookie:
            self.cookies.update([cookie.split("=", 1)])
        return await self._send("GET", path, b"", accept)

    async def post(self, path, fields):
        """Send a form: a dict, or a list of pairs."""
        return await self._send("POST", path, urlencode(fields).encode())

    async def close(self):
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def _send(self, method, path, body, accept="identity"):
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "X-Forwarded-Proto: https",
            f"Accept-Encoding: {accept}",
            "Origin: https://127.0.0.1",
            "Referer: https://127.0.0.1/",
        ]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        return await self._receive()

    async def _receive(self):
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(value).items()})
            headers[name.lower()] = value
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await self._reader.readline(), 16):
                body += (await self._reader.readexactly(size + 2))[:-2]
            await self._reader.readline()
        else:
            body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            await self.close()
        text = "" if "content-encoding" in headers else body.decode(errors="replace")
        return Answer(int(head[0].split()[1]), headers, text, len(body))


def run(flow, work, port, at_once):
    """Run `flow(client, piece)` for every piece of `work`, `at_once` clients at a time; return a Run.

    Every flow is a new visitor with a new connection and no cookies, as pupils on tablets are.
    """
    return asyncio.run(_run(flow, list(work), port, at_once))


def run_once(flow, piece, port):
    """Return what `flow(client, piece)` returns for one visitor."""

    async def once():
        client = Client(port)
        try:
            return await flow(client, piece)
        finally:
            await client.close()

    return asyncio.run(once())


async def _run(flow, work, port, at_once):
    done = Run()

    async def visitor():
        while work:
            piece = work.pop()
            client = Client(port)
            started = time.perf_counter()
            await flow(client, piece)
            done.each.append(time.perf_counter() - started)
            await client.close()

    started = time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(at_once)))
    done.whole = time.perf_counter() - started
    return done
