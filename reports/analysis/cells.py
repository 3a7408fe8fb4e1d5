"""Numbers of a result made to disappear, and counted."""

HIDDEN = "hidden"
OUTCOMES = ("declined", "held", "improved")


class Cells:
    """Hides numbers and counts how many it hid."""

    def __init__(self, rules):
        self.rules = rules
        self.hidden = 0

    def hide(self, place, *keys):
        """Empty these keys of a dictionary (those that hold something) and say why."""
        for key in keys:
            if place.get(key) is not None:
                place[key] = None
                place["why"] = HIDDEN
                self.hidden += 1

    def hide_some(self, place, key, shown):
        """Empty those numbers of a list that ``shown`` leaves out; the list itself where nothing of it is left."""
        if place.get(key) is None or shown.all():
            return
        if not shown.any():
            self.hide(place, key)
            return
        place[key] = [value if show else None for value, show in zip(place[key], shown, strict=True)]
        place["why"] = HIDDEN
        self.hidden += int((~shown).sum())

    def hide_all(self, place, keep=()):
        """Empty every number of a dictionary, but keep its keys."""
        keys = [key for key, value in place.items() if isinstance(value, (int, float, list, dict)) and key not in keep]
        self.hide(place, *keys)
