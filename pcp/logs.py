"""What the log may not hold: the part of an address that opens somebody's form."""

import logging
import re

# /r/… is an adult's personal link, /s/… a class code, /t/… a school's link and /f/… a session's: whoever reads the log could answer
# in their place.
_OPENING_ADDRESS = re.compile(r"/(r|s|t|f)/[^/\s\"'<>]+")


class WithoutOpeningAddresses(logging.Filter):
    """Writes such an address as /r/…, /s/…, /t/… or /f/… in every line of the log; it drops no line."""

    def filter(self, record):
        """Put the cleaned message in the place of message and arguments. Returns True."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a badly written log call: the handler says so in its own way
            return True
        cleaned = _OPENING_ADDRESS.sub(r"/\1/…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
