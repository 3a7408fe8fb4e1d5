"""What tests ask of a printed document: its structure, and which words, letters and fonts stand on which page."""

import io
import re

import pikepdf


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def elements(node):
    """Every structure element of a tagged document, depth first."""
    for kid in _kids(node):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tagged(document, name):
    return [element for element in elements(document.Root.StructTreeRoot) if str(element.S) == name]


def said_of(element):
    """The attributes of an element, of whatever kind, in one dictionary."""
    said = element.get("/A", [])
    return {key: each[key] for each in (said if isinstance(said, pikepdf.Array) else [said]) for key in each}


def pages_of(document, element):
    """The numbers of the pages on which an element of the structure stands."""
    numbers = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
    found = {each.Pg.objgen for each in [element, *_inside(element)] if "/Pg" in each}
    return sorted(numbers[objgen] for objgen in found)


def families(document):
    """The families of letters that are embedded in a document, without the mark of what was left out and without weight."""
    fonts = [each for each in document.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"]
    return {re.sub(r"^[A-Z]{6}\+|-\w+$", "", str(font.BaseFont).removeprefix("/")) for font in fonts}


def letter_sizes(document):
    """Every size of letters in points; those of drawings in units of their own are among them."""
    return {size for page in document.pages for _, size in _shown(page)}


def lines_on(page):
    """Every piece of text that is drawn in one go: a line, where the letters of it do not change."""
    return [text.replace("\u00a0", " ") for text, _ in _shown(page)]


def words_on(page):
    """The words of a page as they are printed, repeated heads and the foot among them, with all spaces left out."""
    return "".join(text for text, _ in _shown(page)).replace(" ", "").replace("\u00a0", "")


def words_of(content):
    """The words of all pages of a file."""
    document = opened(content)
    return "".join(words_on(page) for page in document.pages)


def _kids(node):
    kids = node.get("/K", [])
    return kids if isinstance(kids, pikepdf.Array) else [kids]


def _inside(node):
    for kid in _kids(node):
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from _inside(kid)


def _shown(page):
    """[(text, size of its letters)] of every piece of text, in the order in which it is drawn."""
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    letters, size = {}, 0
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            letters, size = fonts[str(operands[0])], round(float(operands[1]), 2)
        elif str(operator) in ("Tj", "TJ"):
            pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
            codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
            yield "".join(letters.get(codes[at : at + 2].hex(), "") for at in range(0, len(codes), 2)), size


def _letters(font):
    """Which letters the codes of a font stand for, from its own table."""
    table = bytes(font.ToUnicode.read_bytes()).decode()
    pairs = re.findall(r"^<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>$", table, re.MULTILINE)
    return {code.lower(): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}
