"""Published figures in words: why they are withheld, and where an authority stands to them."""

from collections.abc import Sequence

from assessment.core.statistics.item_analysis import MIN_FOR_ITEMS
from assessment.core.statistics.publication import MIN_FOR_SPREAD
from assessment.core.statistics.published_figures import Figure
from assessment.core.statistics.representativeness import WeightedMean
from assessment.core.statistics.uncertainty import Place, Position
from assessment.core.statistics.withholding import Reason, Withheld
from assessment.locale import gettext, lazy_gettext, mark, ngettext
from reports.formats import format_percent
from reports.words.groups import name_peers

# What withholds a figure, as it reads after "withheld:". A group's name reads after a number.
WITHHELD_WORDS = {
    Reason.GROUP_TOO_SMALL: mark(
        "not shown: it takes %(needed)s authorities and this group has %(of_n)s"
    ),
    Reason.TOO_FEW_WITH_LEVEL: mark(
        "not shown: too few of the %(group)s that submitted have a level here"
    ),
    Reason.TOO_FEW_CHOSE: mark("shown when %(minimum)s authorities that are counted have chosen"),
    Reason.TOO_ALIKE: mark("hidden so that nobody's choice can be told"),
    Reason.TOO_FEW_COMPLETE: mark(
        "fewer than %(minimum)s authorities have a level for every question"
    ),
    Reason.HIDDEN: mark("hidden so that another figure cannot be worked out"),
    Reason.NO_GROUP: mark("not shown: this authority is in no such group"),
    Reason.COUNT_UNKNOWN: mark("not shown: the number of authorities is not known"),
    Reason.REASON_UNKNOWN: mark("not shown: the reason is not known"),
}
MINIMUMS = {Reason.TOO_FEW_CHOSE: MIN_FOR_SPREAD, Reason.TOO_FEW_COMPLETE: MIN_FOR_ITEMS}

# Where an authority stands, and what else it could be, as it reads after "our score is".
PLACES = {
    (Position.BELOW, ()): lazy_gettext("below the middle half of peers"),
    (Position.WITHIN, ()): lazy_gettext("about the same as the middle half of peers"),
    (Position.ABOVE, ()): lazy_gettext("above the middle half of peers"),
    (Position.BELOW, (Position.WITHIN,)): lazy_gettext(
        "below the middle half of the peers that answered; among all peers it could be "
        "about the same"
    ),
    (Position.BELOW, (Position.ABOVE,)): lazy_gettext(
        "below the middle half of the peers that answered; among all peers it could be above"
    ),
    (Position.BELOW, (Position.WITHIN, Position.ABOVE)): lazy_gettext(
        "below the middle half of the peers that answered; among all peers it could be "
        "about the same or above"
    ),
    (Position.WITHIN, (Position.BELOW,)): lazy_gettext(
        "about the same as the middle half of the peers that answered; among all peers it could be "
        "below"
    ),
    (Position.WITHIN, (Position.ABOVE,)): lazy_gettext(
        "about the same as the middle half of the peers that answered; among all peers it could be "
        "above"
    ),
    (Position.WITHIN, (Position.BELOW, Position.ABOVE)): lazy_gettext(
        "about the same as the middle half of the peers that answered; among all peers it could be "
        "below or above"
    ),
    (Position.ABOVE, (Position.BELOW,)): lazy_gettext(
        "above the middle half of the peers that answered; among all peers it could be below"
    ),
    (Position.ABOVE, (Position.WITHIN,)): lazy_gettext(
        "above the middle half of the peers that answered; among all peers it could be "
        "about the same"
    ),
    (Position.ABOVE, (Position.BELOW, Position.WITHIN)): lazy_gettext(
        "above the middle half of the peers that answered; among all peers it could be "
        "below or about the same"
    ),
}
SHORT_PLACES = {
    Position.BELOW: lazy_gettext("below peers"),
    Position.WITHIN: lazy_gettext("about the same as peers"),
    Position.ABOVE: lazy_gettext("above peers"),
}
# What it could be among all peers, by what else is possible.
DOUBTS: dict[tuple[Position, ...], str] = {
    (): "",
    (Position.BELOW,): lazy_gettext("could be below"),
    (Position.WITHIN,): lazy_gettext("could be about the same"),
    (Position.ABOVE,): lazy_gettext("could be above"),
    (Position.BELOW, Position.WITHIN): lazy_gettext("could be below or about the same"),
    (Position.BELOW, Position.ABOVE): lazy_gettext("could be below or above"),
    (Position.WITHIN, Position.ABOVE): lazy_gettext("could be about the same or above"),
}


def say_withheld(withheld: Withheld, figure: Figure) -> str:
    """Say why a figure is withheld, and what would open it.

    Parameters
    ----------
    withheld : of the figure's centre, spread or change.
    figure : whose it is.

    Returns
    -------
    A phrase; empty where it is shown.
    """
    missing = withheld.missing or 0
    group = name_peers(figure.group_name, figure.key.group_kind, figure.key.group_id)
    if withheld.reason is Reason.TOO_FEW_SUBMITTED:
        return ngettext(
            "shown when one more of the %(group)s submits",
            "shown when %(num)s more %(group)s submit",
            missing,
            group=group,
        )
    needed = figure.of_n + missing
    return _say_reason(withheld.reason, needed=needed, of_n=figure.of_n, group=group)


def say_reason(reason: Reason) -> str:
    """Say why something is withheld that no count of authorities opens.

    Parameters
    ----------
    reason : of shares of barriers or support, or of coefficients.

    Returns
    -------
    A phrase; empty where they are shown.
    """
    return _say_reason(reason)


def say_withheld_notes(figures: Sequence[Figure]) -> tuple[str, ...]:
    """Say what is withheld of the peers in a profile, and why.

    Parameters
    ----------
    figures : of the peers, in order.

    Returns
    -------
    Phrases, each once: first of the medians, then of the middle halves.
    """
    centres = (say_withheld(figure.withheld_centre, figure) for figure in figures)
    spreads = (say_withheld(figure.withheld_spread, figure) for figure in figures)
    notes = [gettext("Peers’ median: %(why)s", why=why) for why in centres if why]
    notes += [gettext("Peers’ middle half: %(why)s", why=why) for why in spreads if why]
    return tuple(dict.fromkeys(notes))


def say_place(place: Place) -> str:
    """Say where an authority stands to the middle half of its peers, and how sure that is.

    Parameters
    ----------
    place : of one item.

    Returns
    -------
    Words that read after "Our score is".
    """
    return str(PLACES[place.position, place.others])


def say_position(place: Place | None) -> str:
    """Say where an authority stands to its peers; it is never a rank.

    Parameters
    ----------
    place : None where it is not scored or the middle half is withheld.

    Returns
    -------
    A few words, without how sure that is; "not shown" for None.
    """
    return gettext("not shown") if place is None else str(SHORT_PLACES[place.position])


def say_doubt(place: Place | None) -> str:
    """Say what an authority's place among all peers could be instead.

    Parameters
    ----------
    place : None where it is not scored or the middle half is withheld.

    Returns
    -------
    A few words; empty where nothing else is possible.
    """
    return "" if place is None else str(DOUBTS[place.others])


def say_weighting(weighted: WeightedMean | None) -> str:
    """Say what is to be known of a mean weighted by type; empty where nothing is.

    Parameters
    ----------
    weighted : of one item; None where no mean is weighted.

    Returns
    -------
    How many types' means were withheld: filled with the mean of all, or too many to give one.
    """
    if weighted is None:
        return ""
    if weighted.mean is None:
        return gettext(
            "not given: means are withheld of %(withheld)s of %(types)s types, with %(percent)s "
            "of authorities",
            withheld=weighted.withheld,
            types=weighted.types,
            percent=format_percent(100 * weighted.withheld_share),
        )
    if weighted.withheld:
        return gettext(
            "the mean of all stands in for the withheld mean of %(withheld)s of %(types)s types",
            withheld=weighted.withheld,
            types=weighted.types,
        )
    return ""


def _say_reason(reason: Reason, **values: object) -> str:
    """Say a reason with its values; nothing where there is none."""
    if reason is Reason.SHOWN:
        return ""
    return gettext(WITHHELD_WORDS[reason], minimum=MINIMUMS.get(reason), **values)
