"""One sentence about the profile that a leader could say aloud, made by rule."""

from collections.abc import Sequence

from assessment.core.statistics.uncertainty import Position
from assessment.locale import gettext, lazy_gettext, mark
from reports.authority.parts import PrincipleData
from reports.formats import format_level

PLACES = {
    Position.ABOVE: lazy_gettext("above the middle half of our peers"),
    Position.WITHIN: lazy_gettext("about the same as the middle half of our peers"),
    Position.BELOW: lazy_gettext("below the middle half of our peers"),
}
PLACES_IN_DOUBT = {
    Position.ABOVE: lazy_gettext("above the middle half of the peers that answered"),
    Position.WITHIN: lazy_gettext("about the same as the middle half of the peers that answered"),
    Position.BELOW: lazy_gettext("below the middle half of the peers that answered"),
}


# By whether it is told where the strongest stands, and where the weakest does.
ENDS = {
    (True, True): mark(
        "We are strongest on %(strongest)s, %(first)s, and have most to do on %(weakest)s, "
        "%(last)s."
    ),
    (True, False): mark(
        "We are strongest on %(strongest)s, %(first)s, and have most to do on %(weakest)s."
    ),
    (False, True): mark(
        "We are strongest on %(strongest)s, and have most to do on %(weakest)s, %(last)s."
    ),
    (False, False): mark("We are strongest on %(strongest)s, and have most to do on %(weakest)s."),
}


def write_sentence(principles: Sequence[PrincipleData]) -> str:
    """Say what is strongest and what is weakest.

    Parameters
    ----------
    principles : in the questionnaire's order; of equal scores the first is named.

    Returns
    -------
    One sentence in the first person. Where the peers' middle half is shown it says in words
    where both stand.
    """
    scored = [p for p in principles if p.score.score is not None]
    if not scored:
        return gettext("We cannot be scored yet: too few questions have a level.")
    strongest, weakest = max(scored, key=_score), min(scored, key=_score)
    if len(scored) == 1:
        return gettext(
            "Only %(principle)s can be scored so far: %(level)s.",
            principle=strongest.name,
            level=_level(strongest),
        )
    if _level(strongest) == _level(weakest):
        return gettext(
            "Our scores are even: every principle that is scored stands at %(level)s.",
            level=_level(weakest),
        )
    return _say_ends(strongest, weakest)


def _say_ends(strongest: PrincipleData, weakest: PrincipleData) -> str:
    """Say what is strongest and what is weakest, where they are not even."""
    first, last = _place(strongest), _place(weakest)
    values = {"strongest": strongest.name, "weakest": weakest.name, "first": first, "last": last}
    if first and first == last:
        return gettext(
            "We are strongest on %(strongest)s and have most to do on %(weakest)s; on both we are "
            "%(first)s.",
            **values,
        )
    return gettext(ENDS[bool(first), bool(last)], **values)


def _score(principle: PrincipleData) -> float:
    """Return the score of a principle that is scored."""
    return principle.score.score or 0.0


def _level(principle: PrincipleData) -> str:
    """Write a principle's score with its level name."""
    return f"{format_level(principle.score.score)}, {principle.score.level_name}"


def _place(principle: PrincipleData) -> str:
    """Say where a principle stands to the middle half of peers; empty where not shown."""
    peers = principle.score.peers
    if peers is None or peers.place is None:
        return ""
    return str((PLACES_IN_DOUBT if peers.place.others else PLACES)[peers.place.position])
