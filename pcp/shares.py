"""How a share of a whole is written on the site: one place for lists, counts and bars.

The evaluation has the same rule in `reports.wording`, which may know nothing of the site.
"""


def percent_of(part, whole):
    """A part of a whole as a whole percentage, or a dash when there is no whole. Only all is 100%, and only none is 0%."""
    if not whole:
        return "–"
    rounded = round(100 * part / whole)
    if rounded == 100 and part < whole:
        return "over 99%"
    return "under 1%" if rounded == 0 and part > 0 else f"{rounded}%"
