"""What a sentence says that ranks questions of which some are hidden.

A share is hidden precisely where few pupils were not positive, or few were: the hidden questions are often the most or the least
positive of all. So nothing may be called the most of all questions where one of them is hidden.
"""

from reports.wording import in_words


def among_shown(shown, hidden):
    """How a sentence on the most or the least positive questions is held to those shown: (words before it, a sentence after it).

    Both are "" where no question is hidden.

    shown, hidden   how many questions of that time and these stages may be shown, and how many may not
    """
    if not hidden:
        return "", ""
    others = "The hidden one" if hidden == 1 else f"The {in_words(hidden)} hidden ones"
    return f"of the {in_words(shown)} question{'' if shown == 1 else 's'} shown", f"{others} may lie higher or lower."
