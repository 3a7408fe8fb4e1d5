"""How wide the columns of a printed table are: one rule for Word and PDF, which both have to be told."""

LONGEST, LONGEST_WORD = 60, 28  # letters: a longer text may break, a longer word (a hash) anywhere
# Widths of letters as parts of their size, and of bold letters beside others; of the two fonts in which tables are set the wider.
WIDTHS = dict.fromkeys("MWmw%@", 0.9) | dict.fromkeys("fijlrt .,:;’'()|", 0.35) | dict.fromkeys("0123456789", 0.6)
LETTER, CAPITAL, BOLD = 0.56, 0.68, 1.1
FIRST = 0.28  # of the room: what the first column gets where it has words for it, even if figures then take two lines
HEAD_LINES = (3, 2)  # of a head: at most, and where there is room
BEYOND = 0.7  # of a text longer than `LONGEST`, how much of what is beyond it counts as a wish


def column_widths(heads, rows, numeric, *, room, size, margins):
    """Widths of columns that fill `room`: no word is broken, a figure stands on one line, and words share what is left.

    Only where the first column would become a thin strip may figures of several words, such as "over 90% (54)", take two lines.
    heads, numeric and every row have one entry a column; `size` is that of the letters, `margins` what a cell keeps free on both
    sides together, and all lengths are in one unit of your choice.
    """
    columns = (
        list(zip(heads, zip(*rows, strict=True), numeric, strict=True)) if rows else [(each, (), 0) for each in heads]
    )
    wishes = [[_most(head, texts, size, lines) + margins for head, texts, _ in columns] for lines in HEAD_LINES]
    # Beyond their wishes nothing is gained: what is left goes to long texts or else to the first column, so that figures stay near
    # each other.
    takers = [place for place, (_, texts, _) in enumerate(columns) if any(_is_long(text) for text in texts)] or [0]
    least = [_least(*column, size) + margins for column in columns]
    widths = _shared(least, wishes, room, takers)
    first = min(FIRST * room, wishes[0][0])
    if widths[0] < first and first + sum(least[1:]) <= room:
        widths = _shared([first, *least[1:]], wishes, room, takers)
    elif widths[0] < first:
        least = [_least(head, texts, False, size) + margins for head, texts, _ in columns]
        least[0] = max(least[0], min(first, room - sum(least[1:])))
        widths = _shared(least, wishes, room, takers)
    return widths


def _shared(least, wishes, room, takers):
    """The room shared out: at least `least` for each if it can be, then each list of wishes in turn, and the rest to `takers`."""
    if sum(least) > room:
        return [room * width / sum(least) for width in least]
    widths = least
    for wish in wishes:
        spare = room - sum(widths)
        wants = [max(wide - width, 0) for wide, width in zip(wish, widths, strict=True)]
        given = [min(want, spare * want / (sum(wants) or 1)) for want in wants]
        widths = [width + more for width, more in zip(widths, given, strict=True)]
    rest = (room - sum(widths)) / len(takers)
    return [width + rest * (place in takers) for place, width in enumerate(widths)]


def _is_long(text):
    return len(str(text)) > LONGEST and " " in str(text)


def _least(head, texts, whole, size):
    """What a column cannot do without: its longest word, or its longest text where it is `whole`."""
    parts = texts if whole else [word for text in texts for word in str(text).split()]
    words = max((_width(str(part), size) for part in parts if len(str(part)) <= LONGEST_WORD), default=0)
    return max(words, _head(head, size, HEAD_LINES[0]))


def _most(head, texts, size, lines):
    """What a column would like to have: its longest text on one line, of what is long a part; its head in so many lines."""
    wish = [_width(text[:LONGEST], size) * (1 + BEYOND * max(len(text) / LONGEST - 1, 0)) for text in map(str, texts)]
    words = [_width(text, size) for text in map(str, texts) if " " not in text]  # a hash
    return max(_head(head, size, lines), *wish, *words, 0)


def _head(head, size, lines):
    """The least width in which a head takes no more lines than this, and its longest word one."""
    words = [BOLD * _width(word, size) for word in head.split()]
    space = BOLD * _width(" ", size)
    places = range(len(words))
    runs = sorted(sum(words[begin : end + 1]) + space * (end - begin) for begin in places for end in places[begin:])
    fitting = (run for run in runs if run >= max(words) and _lines(words, space, run) <= lines)
    return next(fitting, 0)


def _lines(words, space, width):
    taken, left = 0, 0
    for word in words:
        if word > left:
            taken, left = taken + 1, width
        left -= word + space
    return taken


def _width(text, size):
    """About what a line of text takes, generously."""
    return size * sum(WIDTHS.get(letter, CAPITAL if letter.isupper() else LETTER) for letter in text)
