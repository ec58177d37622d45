"""Published figures in words: why they are withheld, and where an authority stands to them."""

from collections.abc import Sequence

from assessment.core.rounding import round_half_up
from assessment.core.statistics.item_analysis import MIN_FOR_ITEMS
from assessment.core.statistics.publication import MIN_FOR_SPREAD
from assessment.core.statistics.published_figures import Figure
from assessment.core.statistics.representativeness import WeightedMean
from assessment.core.statistics.uncertainty import Place, Position
from assessment.core.statistics.withholding import Reason, Withheld

# What withholds a figure, as it reads after "withheld:". A group's name reads after a number.
WITHHELD_WORDS = {
    Reason.SHOWN: "",
    Reason.TOO_FEW_SUBMITTED: "shown when {missing} more {group} submit",
    Reason.GROUP_TOO_SMALL: "not shown: it takes {needed} authorities and this group has {of_n}",
    Reason.TOO_FEW_WITH_LEVEL: "not shown: too few of the {group} that submitted have a level here",
    Reason.TOO_FEW_CHOSE: f"shown when {MIN_FOR_SPREAD} authorities that are counted have chosen",
    Reason.TOO_ALIKE: "hidden so that nobody's choice can be told",
    Reason.TOO_FEW_COMPLETE: (
        f"fewer than {MIN_FOR_ITEMS} authorities have a level for every question"
    ),
    Reason.HIDDEN: "hidden so that another figure cannot be worked out",
    Reason.NO_GROUP: "not shown: this authority is in no such group",
    Reason.COUNT_UNKNOWN: "not shown: the number of authorities is not known",
    Reason.REASON_UNKNOWN: "not shown: the reason is not known",
}
ONE_MISSING = "shown when one more of the {group} submits"

# Where an authority stands, as it reads after "our score is".
CERTAIN_PLACES = {
    Position.BELOW: "below the middle half of peers",
    Position.WITHIN: "about the same as the middle half of peers",
    Position.ABOVE: "above the middle half of peers",
}
UNCERTAIN_PLACES = {
    Position.BELOW: "below the middle half of the peers that answered; among all peers it {doubt}",
    Position.WITHIN: (
        "about the same as the middle half of the peers that answered; among all peers it {doubt}"
    ),
    Position.ABOVE: "above the middle half of the peers that answered; among all peers it {doubt}",
}
SHORT_PLACES = {
    Position.BELOW: "below peers",
    Position.WITHIN: "about the same as peers",
    Position.ABOVE: "above peers",
}
# What it could be among all peers, by what else is possible.
DOUBTS: dict[tuple[Position, ...], str] = {
    (): "",
    (Position.BELOW,): "could be below",
    (Position.WITHIN,): "could be about the same",
    (Position.ABOVE,): "could be above",
    (Position.BELOW, Position.WITHIN): "could be below or about the same",
    (Position.BELOW, Position.ABOVE): "could be below or above",
    (Position.WITHIN, Position.ABOVE): "could be about the same or above",
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
    is_one = withheld.reason is Reason.TOO_FEW_SUBMITTED and missing == 1
    sentence = ONE_MISSING if is_one else WITHHELD_WORDS[withheld.reason]
    needed = figure.of_n + missing
    return sentence.format(
        missing=missing, needed=needed, of_n=figure.of_n, group=figure.group_name
    )


def say_reason(reason: Reason) -> str:
    """Say why something is withheld that no count of authorities opens.

    Parameters
    ----------
    reason : of shares of barriers or support, or of coefficients.

    Returns
    -------
    A phrase; empty where they are shown.
    """
    return WITHHELD_WORDS[reason]


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
    notes = [f"Peers’ median: {why}" for why in centres if why]
    notes += [f"Peers’ middle half: {why}" for why in spreads if why]
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
    words = UNCERTAIN_PLACES if place.others else CERTAIN_PLACES
    return words[place.position].format(doubt=say_doubt(place))


def say_position(place: Place | None) -> str:
    """Say where an authority stands to its peers; it is never a rank.

    Parameters
    ----------
    place : None where it is not scored or the middle half is withheld.

    Returns
    -------
    A few words, without how sure that is; "not shown" for None.
    """
    return "not shown" if place is None else SHORT_PLACES[place.position]


def say_doubt(place: Place | None) -> str:
    """Say what an authority's place among all peers could be instead.

    Parameters
    ----------
    place : None where it is not scored or the middle half is withheld.

    Returns
    -------
    A few words; empty where nothing else is possible.
    """
    return "" if place is None else DOUBTS[place.others]


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
    types = f"{weighted.withheld} of {weighted.types} types"
    if weighted.mean is None:
        percent = f"{round_half_up(100 * weighted.withheld_share):.0f}% of authorities"
        return f"not given: means are withheld of {types}, with {percent}"
    if weighted.withheld:
        return f"the mean of all stands in for the withheld mean of {types}"
    return ""
