"""The numbers of the charts; the macros in templates/components draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from assessment.locale import gettext
from reports.formats import format_level

# Drawing units. A strip's scale runs from its first level at 0 to its last at SCALE_WIDTH.
SCALE_WIDTH = 300.0
TREND_HEIGHT = 80.0
# How many letters the names of a trend's rounds may have together to fit side by side.
MAX_NAMES_LENGTH = 54
BAR_WIDTH = 300.0
# The narrowest segment that holds its own label, and what one letter under a bar takes.
LABEL_WIDTH = 24.0
LETTER_WIDTH = 5.2
NUMBER_WIDTH = 8.0

INK = "#16232b"
PAPER = "#ffffff"
# Levels go from light to dark, three in five of them light with dark text, the others dark with
# light text: tints between the two would leave no text readable (4.5 to 1).
LIGHT_TINTS = ("#e8eff0", "#c9dadc", "#8fb3b7")
DARK_TINTS = ("#3f7b82", "#0b4f57")


@dataclass(frozen=True, slots=True)
class Strip:
    """A score on the scale of levels; places are drawing units, None where there is no mark."""

    title: str
    grid: tuple[float, ...]
    own_x: float | None
    previous_x: float | None
    band_x: float | None
    band_width: float | None
    median_x: float | None
    target_x: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """One round's score in a trend; ``y`` is None where it was not scored.

    ``anchor`` keeps the round's name inside the chart.
    """

    x: float
    y: float | None
    label: str
    name: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A score over the rounds; ``lines`` join rounds that follow each other and both have one.

    ``grid`` has the height of each level, the lowest first; a line is x1, y1, x2, y2. Where
    the rounds' names would not fit side by side it ``is_numbered``, and each bears its number.
    """

    title: str
    grid: tuple[float, ...]
    points: tuple[Point, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    is_numbered: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """One level's share in a bar; ``label`` and ``level`` are empty where they would not fit."""

    x: float
    width: float
    fill: str
    label: str
    label_fill: str
    level: str


@dataclass(frozen=True, slots=True)
class LevelBar:
    """The share at each level as one stacked bar."""

    title: str
    segments: tuple[Segment, ...]


def build_strip(
    levels: int,
    own: float | None,
    previous: float | None,
    q1: float | None,
    median: float | None,
    q3: float | None,
    target: float | None,
    label: str,
) -> Strip:
    """Place a score and its peers on the scale.

    Parameters
    ----------
    levels : how many levels the scale has, at least 2.
    own, previous, q1, median, q3, target : levels [1 to ``levels``]; None where there is none.
    label : what is scored.

    Returns
    -------
    Places in drawing units, and a title that says the figures in words.
    """

    def place(value: float | None) -> float | None:
        return None if value is None else round((value - 1) / (levels - 1) * SCALE_WIDTH, 1)

    start, end = place(q1), place(q3)
    band = None if start is None or end is None else (start, round(end - start, 1))
    return Strip(
        title=f"{label}: {_say_strip(own, previous, q1, median, q3, target)}.",
        grid=tuple(round(step / (levels - 1) * SCALE_WIDTH, 1) for step in range(levels)),
        own_x=place(own),
        previous_x=place(previous),
        band_x=band[0] if band else None,
        band_width=band[1] if band else None,
        median_x=place(median),
        target_x=place(target),
    )


def build_trend(
    levels: int, scores: Sequence[float | None], names: Sequence[str], label: str
) -> Trend:
    """Place a score's way over the rounds.

    Parameters
    ----------
    levels : how many levels the scale has, at least 2.
    scores : one a round, oldest first [1 to ``levels``]; None where it was not scored.
    names : the rounds' names, as many.
    label : what is scored.

    Returns
    -------
    Places in drawing units: rounds lie evenly from 0 to SCALE_WIDTH, a single one in the
    middle; the highest level is at 0, the lowest at TREND_HEIGHT.
    """
    last = len(scores) - 1
    step, start = (SCALE_WIDTH / last, 0.0) if last else (0.0, SCALE_WIDTH / 2)
    is_numbered = any(len(name) > MAX_NAMES_LENGTH / len(names) for name in names)
    anchors = ["start", *["middle"] * (last - 1), "end"] if last else ["middle"]
    points = tuple(
        Point(
            x=round(start + index * step, 1),
            y=None if score is None else _height(score, levels),
            label=format_level(score),
            name=str(index + 1) if is_numbered else name,
            anchor=anchor,
        )
        for index, (score, name, anchor) in enumerate(zip(scores, names, anchors, strict=True))
    )
    values = ", ".join(
        gettext("%(round)s not scored", round=name)
        if score is None
        else f"{name} {format_level(score)}"
        for name, score in zip(names, scores, strict=True)
    )
    return Trend(
        title=f"{label}: {values}.",
        grid=tuple(_height(level, levels) for level in range(1, levels + 1)),
        points=points,
        lines=tuple(
            (a.x, a.y, b.x, b.y) for a, b in pairwise(points) if a.y is not None and b.y is not None
        ),
        is_numbered=is_numbered,
    )


def _height(score: float, levels: int) -> float:
    """Return how far under the highest level a score lies in a trend. [drawing units]."""
    return round((levels - score) / (levels - 1) * TREND_HEIGHT, 1)


def build_level_bar(
    percents: tuple[int, ...] | None, names: tuple[str, ...] | list[str], label: str
) -> LevelBar:
    """Lay the shares at each level side by side.

    Parameters
    ----------
    percents : whole percent at each level, lowest first; None, empty or all 0 for no shares.
    names : the levels' names, lowest first, one for each percent; as many as there are tints.
    label : whose shares they are.

    Returns
    -------
    One segment for each level that anybody is at, in drawing units; together they fill the
    bar even where rounding makes the percents add to a little more or less than 100. No
    segments where there are no shares.

    Raises
    ------
    ValueError if there are shares, and not as many names.
    """
    if not percents or not sum(percents):
        return LevelBar(gettext("%(label)s: no shares to show.", label=label), ())
    shares = list(zip(percents, names, strict=True))
    # Ends are rounded, not widths, whose errors would add up to a gap or an overhang.
    ends = [round(end / sum(percents) * BAR_WIDTH, 1) for end in accumulate(percents)]
    segments = [
        _build_segment(number, len(shares), share, name, start, end)
        for number, ((share, name), start, end) in enumerate(
            zip(shares, [0.0, *ends[:-1]], ends, strict=True)
        )
        if share
    ]
    values = ", ".join(f"{share}% {name}" for share, name in shares if share)
    return LevelBar(f"{label}: {values}.", tuple(segments))


@cache
def tint_levels(levels: int) -> tuple[tuple[str, str], ...]:
    """Tint the levels of a bar.

    Parameters
    ----------
    levels : of the questionnaire, 2 or more.

    Returns
    -------
    For each level, from the first on: its fill, and the fill of text that is read on it.
    """
    light = -(-3 * levels // 5)
    fills = (*_spread(LIGHT_TINTS, light), *_spread(DARK_TINTS, levels - light))
    return tuple((fill, INK if n < light else PAPER) for n, fill in enumerate(fills))


def _spread(tints: Sequence[str], count: int) -> list[str]:
    """Spread so many tints evenly over a scale of tints, its ends included."""
    if count == 1:
        return [tints[-1]]
    steps = [n * (len(tints) - 1) / (count - 1) for n in range(count)]
    return [_mix(tints, step) for step in steps]


def _mix(tints: Sequence[str], step: float) -> str:
    """Return the tint at a step of the scale, or between two."""
    below = min(int(step), len(tints) - 2)
    part = step - below
    pairs = zip(_read_tint(tints[below]), _read_tint(tints[below + 1]), strict=True)
    return "#" + "".join(f"{round(a + part * (b - a)):02x}" for a, b in pairs)


def _read_tint(tint: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    red, green, blue = (int(tint[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _build_segment(
    number: int, levels: int, share: int, name: str, start: float, end: float
) -> Segment:
    """Lay out one share, with the longest name of its level that fits under it."""
    width = round(end - start, 1)
    fill, label_fill = tint_levels(levels)[number]
    level = f"{number + 1} {name}"
    if len(level) * LETTER_WIDTH > width:
        level = str(number + 1) if width >= NUMBER_WIDTH else ""
    return Segment(
        x=start,
        width=width,
        fill=fill,
        label=f"{share}%" if width >= LABEL_WIDTH else "",
        label_fill=label_fill,
        level=level,
    )


def _say_strip(
    own: float | None,
    previous: float | None,
    q1: float | None,
    median: float | None,
    q3: float | None,
    target: float | None,
) -> str:
    """Say a strip's figures in words."""
    parts = []
    if own is not None:
        parts.append(gettext("we score %(score)s", score=format_level(own)))
    if previous is not None:
        parts.append(gettext("we scored %(score)s last round", score=format_level(previous)))
    if q1 is not None and q3 is not None:
        parts.append(
            gettext(
                "the middle half runs from %(lower)s to %(upper)s",
                lower=format_level(q1),
                upper=format_level(q3),
            )
        )
    if median is not None:
        parts.append(gettext("the median is %(median)s", median=format_level(median)))
    if target is not None:
        parts.append(gettext("our target is %(target)s", target=format_level(target)))
    return "; ".join(parts) or gettext("no figures to show")
