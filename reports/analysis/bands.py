"""What is told of a school: so coarse that it does not name one. Needs no library, so that every part of the site may use it.

The register gives a school's roll and its urban-rural class exactly, and with both, its fifth of deprivation and its cluster a
school could be found in a list. So evaluation data carry four bands of the roll and two kinds of area.
"""

ROLL_BANDS = ("under 50", "50 to 149", "150 to 299", "300 or more")
ROLL_LIMITS = (50, 150, 300)
AREAS = ("urban or town", "rural")
# The first rural class of the official classification, by its number of classes.
FIRST_RURAL = {8: 6, 6: 5, 3: 2, 2: 2}


def roll_band(roll):
    """The band of a school's roll; "" where the roll is not known."""
    if roll is None:
        return ""
    return ROLL_BANDS[sum(roll >= limit for limit in ROLL_LIMITS)]


def area(urban_rural, folds):
    """Urban or town, or rural, from the class and the number of classes; "" where the class is not known."""
    if urban_rural is None or folds not in FIRST_RURAL:
        return ""
    return AREAS[urban_rural >= FIRST_RURAL[folds]]
