"""Numbers of a result made to disappear, and how many cells are without one.

How many were hidden is counted in what is left, by what it says of itself: a count made while hiding would tell a number that is
hidden from one that was never there.
"""

HIDDEN = "hidden"
OUTCOMES = ("declined", "held", "improved")


def hide(place, *keys):
    """Empty these keys of a dictionary (those that hold something) and say why."""
    for key in keys:
        if place.get(key) is not None:
            place[key] = None
            place["why"] = HIDDEN


def hide_some(place, key, shown):
    """Empty those numbers of a list that ``shown`` leaves out; the list itself where nothing of it is left."""
    if place.get(key) is None or shown.all():
        return
    if not shown.any():
        hide(place, key)
        return
    place[key] = [value if show else None for value, show in zip(place[key], shown, strict=True)]
    place["why"] = HIDDEN


def hide_all(place, keep=()):
    """Empty every number of a dictionary, but keep its keys."""
    hide(
        place, *[key for key, value in place.items() if isinstance(value, (int, float, list, dict)) and key not in keep]
    )


def without_a_figure(results):
    """How many cells have no figure in those tables of a result (dictionaries, lists and numbers) of which anything is hidden.

    Which of them are hidden, and which were never there, is not told.
    """
    found = 0
    if isinstance(results, dict):
        found += sum(map(without_a_figure, results.values()))
        if results.get("why") == HIDDEN:
            lists = (value for value in results.values() if isinstance(value, list))
            found += sum(value is None for value in results.values())
            found += sum(each is None for values in lists for each in values)
    elif isinstance(results, list):
        found += sum(map(without_a_figure, results))
    return found
