"""Invented names of places and people, drawn in an order that the seed decides."""

_FIRST_PARTS = (
    "Ard Auch Bal Blair Brae Carn Craig Culter Dal Drum Dun Eden Fern Gart Glen Inch Inver Kil Kin Kirk Knock Lang Loch Mon "
    "Muir Ness Pit Port Quair Rath Rose Ross Sal Skel Strath Tarr Torr Tulli Well"
).split()
_LAST_PARTS = (
    "allan amber avon bannoch beg callan corrie dool ellery esk farran fillan forrig garvie harran howe kellan lassit linnie "
    "lossan madder marnoch morran mossie nevin orrin pharic quhill rannie sallan sheddon tarvie tillan torran varnie whinnie"
).split()
_SCHOOL_ENDINGS = ["Primary School"] * 7 + ["Academy Primary", "Gaelic Primary", "Parish Primary"]
_GIVEN_NAMES = (
    "Ailsa Alasdair Angus Anna Beth Callum Catriona Colin Craig Deepa Donald Eilidh Eleanor Ewan Farah Fergus Fiona Gavin "
    "Gordon Hannah Heather Iain Iona Isla Jamie Janet Kareem Kirsty Lewis Lorna Lynn Mairi Malcolm Maria Moira Morag Nadia Neil "
    "Niamh Omar Priya Rhona Robert Ross Ruth Sandra Shona Sunita Tariq Wendy"
).split()
_FAMILY_NAMES = (
    "Aitken Anderson Baird Begg Bell Blair Boyd Buchan Cairns Calder Craig Cumming Dalgleish Dewar Drummond Duff Erskine Farquhar "
    "Fleming Forsyth Galbraith Geddes Gillies Gow Grieve Haldane Heriot Hume Imrie Innes Jardine Keir Kerr Khan Laidlaw Laing "
    "Lennox Lockhart Lorimer Macrae Malik Menzies Moncrieff Muir Nairn Ogilvie Osei Patel Pringle Rae Ramsay Rennie Rutherford "
    "Scobie Shaw Sinclair Singh Spence Syme Tait Telfer Urquhart Walker Weir Wishart Younger"
).split()


class Names:
    """Draws names that do not repeat. `chooser` is a random.Random."""

    def __init__(self, chooser):
        self._chooser = chooser
        self._places = [first + last for first in _FIRST_PARTS for last in _LAST_PARTS]
        chooser.shuffle(self._places)
        self._people = [f"{given} {family}" for given in _GIVEN_NAMES for family in _FAMILY_NAMES]
        chooser.shuffle(self._people)

    def place(self):
        """An invented place: Glenmorran."""
        return self._places.pop()

    def school(self):
        """An invented primary school: Craigallan Primary School."""
        return f"{self.place()} {self._chooser.choice(_SCHOOL_ENDINGS)}"

    def person(self):
        """An invented person: Eilidh Macrae."""
        return self._people.pop()
