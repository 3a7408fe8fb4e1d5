"""A pupil at a tablet, for tests: walks through the pages as a browser without scripts does."""

import re
from html import unescape

from django.test import Client


class Pupil:
    """One child on one tablet. `page` is the last response; `tap` and `go` send what the page's own form would."""

    def __init__(self, client=None):
        self.client = client or Client()
        self.page = None

    def open(self, code):
        """Open the class code's page."""
        self.page = self.client.get(f"/s/{code}/")
        return self

    def show(self, code, slip):
        """Tap the pictures of a slip and type its number: pages one to three and what is read back."""
        first, second, number = slip.split("-")
        address = f"/s/{code}/"
        self.client.post(address, {"first": first})
        self.client.post(address, {"first": first, "second": second})
        self.page = self.client.post(address, {"first": first, "second": second, "number": number})
        return self

    def begin(self, code, slip):
        """Show the slip, say yes, and pass the practice question."""
        self.show(code, slip).go()
        return self.go() if "Try it" in self.text else self

    @property
    def text(self):
        """The page as it reads."""
        return unescape(self.page.content.decode())

    @property
    def sheet(self):
        """The sealed sheet in the page's form."""
        return re.search(r'name="sheet" value="([^"]+)"', self.page.content.decode()).group(1)

    @property
    def heading(self):
        """The page's h1."""
        return unescape(
            re.search(r"<h1[^>]*>(?:<label[^>]*>)?(.*?)(?:</label>)?</h1>", self.page.content.decode()).group(1)
        )

    def address(self, where):
        """The absolute address of the form's action ("next") or of its Back button ("back")."""
        pattern = r'<form[^>]* action="([^"]+)"' if where == "next" else r'formaction="([^"]+)"'
        relative = re.search(pattern, self.page.content.decode()).group(1)
        folder = self.page.request["PATH_INFO"]
        while relative.startswith("../"):
            relative, folder = relative.removeprefix("../"), folder.rstrip("/").rsplit("/", 1)[0] + "/"
        return folder + relative

    def go(self, answer=None, where="next"):
        """Press Next (or Back) with an answer, or with none."""
        sent = {"sheet": self.sheet} | ({"answer": answer} if answer is not None else {})
        self.page = self.client.post(self.address(where), sent)
        return self

    def finish(self, answer="2"):
        """Answer everything from here to the end in the same way; the last response is that of the final form."""
        while self.page.status_code == 200:
            self.go(answer)
        return self
