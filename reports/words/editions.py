"""What an edition is cited by."""

from assessment.core.answers.rounds import Edition
from assessment.locale import gettext
from reports.formats import format_date


def cite_edition(edition: Edition) -> str:
    """Cite an edition.

    Parameters
    ----------
    edition : of any round.

    Returns
    -------
    Its number, its round and the day it was cut, to stand by itself or begin a sentence.
    """
    return gettext(
        "Edition %(number)s of round %(round)s, %(day)s",
        number=edition.number,
        round=edition.round_id,
        day=format_date(edition.cut_on),
    )
