"""The numbers of the charts; the macros in templates/components draw them."""

from dataclasses import dataclass

from reports.formats import format_level

# Drawing units. A strip's scale runs from its first level at 0 to its last at SCALE_WIDTH.
SCALE_WIDTH = 300.0
BAR_WIDTH = 300.0
# The narrowest segment that holds its own label.
LABEL_WIDTH = 24.0

INK = "#16232b"
PAPER = "#ffffff"
# From the first level to the last, light to dark, and the text that reads on each (4.5 to 1).
TINTS = (
    ("#e8eff0", INK),
    ("#c9dadc", INK),
    ("#8fb3b7", INK),
    ("#3f7b82", PAPER),
    ("#0b4f57", PAPER),
)


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
class Segment:
    """One level's share in a bar; ``label`` is empty where it would not fit."""

    x: float
    width: float
    fill: str
    label: str
    label_fill: str


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
    levels : how many levels the scale has.
    own, previous, q1, median, q3, target : levels [1 to ``levels``]; None where there is none.
    label : what is scored.

    Returns
    -------
    Places in drawing units, and a title that says the figures in words.
    """

    def place(value: float | None) -> float | None:
        return None if value is None else round((value - 1) / (levels - 1) * SCALE_WIDTH, 1)

    band_x, band_end = place(q1), place(q3)
    has_band = band_x is not None and band_end is not None
    return Strip(
        title=f"{label}: {_say_strip(own, previous, q1, median, q3, target)}.",
        grid=tuple(round(step / (levels - 1) * SCALE_WIDTH, 1) for step in range(levels)),
        own_x=place(own),
        previous_x=place(previous),
        band_x=band_x if has_band else None,
        band_width=round(band_end - band_x, 1)
        if band_x is not None and band_end is not None
        else None,
        median_x=place(median),
        target_x=place(target),
    )


def build_level_bar(
    percents: tuple[int, ...] | None, names: tuple[str, ...] | list[str], label: str
) -> LevelBar:
    """Lay the shares at each level side by side.

    Parameters
    ----------
    percents : whole percent at each level, lowest first; None or all 0 where there are none.
    names : the levels' names, lowest first; at most as many as there are tints.
    label : whose shares they are.

    Returns
    -------
    One segment for each level that anybody is at; together they fill the bar even where
    rounding makes the percents add to a little more or less than 100.
    """
    shares = percents or ()
    total = sum(shares)
    said = ", ".join(
        f"{share}% {name}" for share, name in zip(shares, names, strict=False) if share
    )
    segments, x = [], 0.0
    for number, share in enumerate(shares):
        width = round(share / total * BAR_WIDTH, 1) if total else 0.0
        if width:
            fill, label_fill = TINTS[number]
            text = f"{share}%" if width >= LABEL_WIDTH else ""
            segments.append(Segment(round(x, 1), width, fill, text, label_fill))
        x += width
    return LevelBar(f"{label}: {said or 'no shares to show'}.", tuple(segments))


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
        parts.append(f"we score {format_level(own)}")
    if previous is not None:
        parts.append(f"we scored {format_level(previous)} last round")
    if q1 is not None and q3 is not None:
        parts.append(f"the middle half runs from {format_level(q1)} to {format_level(q3)}")
    if median is not None:
        parts.append(f"the median is {format_level(median)}")
    if target is not None:
        parts.append(f"our target is {format_level(target)}")
    return "; ".join(parts) or "no figures to show"
