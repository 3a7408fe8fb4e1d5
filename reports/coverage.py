"""The schematic map: one square for each of the 32 authorities, placed roughly where it lies."""

from dataclasses import dataclass

STEP, SIZE, EDGE = 54, 50, 2

# GSS code: letters in the square, column, row
_SQUARES = {
    "S12000027": ("SHE", 6, 0),
    "S12000023": ("ORK", 5, 1),
    "S12000013": ("NES", 0, 2),
    "S12000017": ("HLD", 2, 2),
    "S12000020": ("MOR", 3, 2),
    "S12000034": ("ABS", 4, 2),
    "S12000033": ("ABC", 5, 2),
    "S12000035": ("ARG", 1, 3),
    "S12000030": ("STG", 2, 3),
    "S12000048": ("PKN", 3, 3),
    "S12000041": ("ANG", 4, 3),
    "S12000042": ("DND", 5, 3),
    "S12000039": ("WDB", 1, 4),
    "S12000045": ("EDB", 2, 4),
    "S12000005": ("CLK", 3, 4),
    "S12000047": ("FIF", 4, 4),
    "S12000018": ("INV", 0, 5),
    "S12000038": ("RFW", 1, 5),
    "S12000049": ("GLA", 2, 5),
    "S12000014": ("FAL", 3, 5),
    "S12000040": ("WLN", 4, 5),
    "S12000036": ("EDI", 5, 5),
    "S12000010": ("ELN", 6, 5),
    "S12000021": ("NAY", 0, 6),
    "S12000011": ("ERW", 1, 6),
    "S12000050": ("NLK", 2, 6),
    "S12000029": ("SLK", 3, 6),
    "S12000019": ("MLN", 4, 6),
    "S12000026": ("SCB", 5, 6),
    "S12000028": ("SAY", 0, 7),
    "S12000008": ("EAY", 1, 7),
    "S12000006": ("DGY", 2, 7),
}
_LOOKS = {
    "active": ("#0b5563", "#fff", "#0b5563", ""),
    "alumni": ("#fff", "#0b5563", "#0b5563", ""),
    "committed": ("#8dc3c9", "#083a45", "#0b5563", ""),
    "in_talks": ("url(#hatch)", "#16262b", "#0b5563", ""),
    "not_contacted": ("#fff", "#4a5b61", "#6d7d83", "4 3"),
}


@dataclass(frozen=True)
class Square:
    """One authority's square: where it stands (SVG units), how it looks, and where it leads."""

    authority: object
    letters: str
    x: int
    y: int
    state: str
    words: str

    @property
    def fill(self):
        """The fill of its state."""
        return _LOOKS[self.state][0]

    @property
    def ink(self):
        """The colour of its letters, readable on the fill."""
        return _LOOKS[self.state][1]

    @property
    def edge(self):
        """The colour of its border."""
        return _LOOKS[self.state][2]

    @property
    def border(self):
        """The width of its border: a programme that is over has a thick one and no fill."""
        return 4 if self.state == "alumni" else 1

    @property
    def dashes(self):
        """The dashes of its border, if any: states differ in grey too."""
        return _LOOKS[self.state][3]

    @property
    def middle(self):
        """The x of its letters."""
        return self.x + SIZE // 2

    @property
    def baseline(self):
        """The y of its letters."""
        return self.y + SIZE // 2 + 5


def squares(states):
    """The map's squares for [(LocalAuthority, state, state in words)], in the order given; unknown codes are left out."""
    found = []
    for authority, state, words in states:
        if authority.gss_code in _SQUARES:
            letters, column, row = _SQUARES[authority.gss_code]
            found.append(Square(authority, letters, EDGE + STEP * column, EDGE + STEP * row, state, words))
    return found
