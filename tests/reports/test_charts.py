"""The numbers of the charts, worked out by hand."""

import pytest

from reports.charts import (
    BAR_WIDTH,
    build_level_bar,
    build_strip,
    build_trend,
    tint_levels,
)

NAMES = ("Starting", "Exploring", "Developing", "Embedding", "Leading")
FIVE_TINTS = [
    ("#e8eff0", "#16232b"),
    ("#c9dadc", "#16232b"),
    ("#8fb3b7", "#16232b"),
    ("#3f7b82", "#ffffff"),
    ("#0b4f57", "#ffffff"),
]


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb as WCAG 2.2 defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it [1 to 21]."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_build_strip_of_all_figures_places_them_on_the_scale() -> None:
    strip = build_strip(5, 3.4, 2.8, 2.4, 3.1, 3.8, 4.0, "Leadership")

    # 300 units over 4 steps of a level are 75 a level
    assert strip.grid == (0.0, 75.0, 150.0, 225.0, 300.0)
    assert strip.own_x == 180.0  # 2.4 x 75
    assert strip.previous_x == 135.0  # 1.8 x 75
    assert strip.band_x == 105.0  # 1.4 x 75
    assert strip.band_width == 105.0  # (3.8 - 2.4) x 75
    assert strip.median_x == 157.5  # 2.1 x 75
    assert strip.target_x == 225.0  # 3 x 75


def test_build_strip_of_three_levels_has_wider_steps() -> None:
    strip = build_strip(3, 3.0, None, None, None, None, 2.0, "Leadership")

    assert strip.grid == (0.0, 150.0, 300.0)  # 300 / 2 a level
    assert strip.own_x == 300.0
    assert strip.target_x == 150.0


def test_build_strip_title_says_the_figures_in_words() -> None:
    strip = build_strip(5, 3.4, 2.8, 2.4, 3.1, 3.8, 4.0, "Leadership")

    assert strip.title == (
        "Leadership: we score 3.4; we scored 2.8 last round; the middle half runs from 2.4 to "
        "3.8; the median is 3.1; our target is 4.0."
    )


def test_build_strip_without_figures_has_a_grid_only_and_says_so() -> None:
    strip = build_strip(5, None, None, None, None, None, None, "Leadership")

    assert strip.title == "Leadership: no figures to show."
    assert len(strip.grid) == 5
    marks = (strip.own_x, strip.previous_x, strip.band_x, strip.median_x, strip.target_x)
    assert marks == (None, None, None, None, None)
    assert strip.band_width is None


@pytest.mark.parametrize(("q1", "q3"), [(2.0, None), (None, 3.0)])
def test_build_strip_with_one_quartile_has_no_band(q1: float | None, q3: float | None) -> None:
    strip = build_strip(5, None, None, q1, 2.5, q3, None, "Leadership")

    assert (strip.band_x, strip.band_width) == (None, None)
    assert strip.title == "Leadership: the median is 2.5."


def test_build_level_bar_lays_shares_side_by_side() -> None:
    bar = build_level_bar((10, 25, 35, 20, 10), NAMES, "Counties")

    # 300 units for 100 percent are 3 a percent
    assert [(s.x, s.width) for s in bar.segments] == [
        (0.0, 30.0),
        (30.0, 75.0),
        (105.0, 105.0),
        (210.0, 60.0),
        (270.0, 30.0),
    ]
    assert [s.label for s in bar.segments] == ["10%", "25%", "35%", "20%", "10%"]
    assert [(s.fill, s.label_fill) for s in bar.segments] == FIVE_TINTS


def test_build_level_bar_names_the_level_where_the_name_fits() -> None:
    bar = build_level_bar((6, 20, 71, 2, 1), NAMES, "Counties")

    # widths 18, 60, 213, 6, 3; "2 Exploring" takes 11 x 5.2 = 57.2, a number takes 8
    assert [s.level for s in bar.segments] == ["1", "2 Exploring", "3 Developing", "", ""]
    # a percent takes 24
    assert [s.label for s in bar.segments] == ["", "20%", "71%", "", ""]


def test_build_level_bar_leaves_out_levels_that_nobody_is_at() -> None:
    bar = build_level_bar((0, 60, 0, 40, 0), NAMES, "Counties")

    assert [(s.x, s.width) for s in bar.segments] == [(0.0, 180.0), (180.0, 120.0)]
    assert [s.fill for s in bar.segments] == [FIVE_TINTS[1][0], FIVE_TINTS[3][0]]
    assert [s.level for s in bar.segments] == ["2 Exploring", "4 Embedding"]


@pytest.mark.parametrize("percents", [(33, 33, 33), (14, 43, 44)], ids=["99", "101"])
def test_build_level_bar_of_rounded_shares_fills_the_bar(percents: tuple[int, ...]) -> None:
    bar = build_level_bar(percents, NAMES[:3], "Counties")

    last = bar.segments[-1]
    assert last.x + last.width == pytest.approx(BAR_WIDTH)
    for before, after in zip(bar.segments, bar.segments[1:], strict=False):
        assert before.x + before.width == pytest.approx(after.x)


def test_build_level_bar_title_says_the_shares_in_words() -> None:
    bar = build_level_bar((0, 60, 0, 40, 0), NAMES, "Counties")

    assert bar.title == "Counties: 60% Exploring, 40% Embedding."


@pytest.mark.parametrize("percents", [None, (), (0, 0, 0, 0, 0)])
def test_build_level_bar_without_shares_is_empty_and_says_so(
    percents: tuple[int, ...] | None,
) -> None:
    bar = build_level_bar(percents, NAMES, "Counties")

    assert bar.segments == ()
    assert bar.title == "Counties: no shares to show."


def test_build_level_bar_with_a_name_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        build_level_bar((50, 50), ("Starting",), "Counties")


@pytest.mark.parametrize("levels", range(2, 11))
def test_tint_levels_labels_read_and_tints_darken_in_grey_too(levels: int) -> None:
    tints = tint_levels(levels)

    assert len(tints) == levels
    assert all(contrast(fill, label_fill) >= 4.5 for fill, label_fill in tints)
    greys = [luminance(fill) for fill, _ in tints]
    assert greys == sorted(greys, reverse=True)
    assert len(set(greys)) == levels


def test_tint_levels_of_four_are_three_light_and_one_dark() -> None:
    assert [fill for fill, _ in tint_levels(4)] == ["#e8eff0", "#c9dadc", "#8fb3b7", "#0b4f57"]


def test_build_trend_joins_the_rounds_on_one_scale() -> None:
    trend = build_trend(5, [1.0, 3.0, 5.0], ["2024", "2025", "2026"], "Leadership")

    # 80 units over 4 steps of a level are 20 a level, from the highest at 0
    assert trend.grid == (80.0, 60.0, 40.0, 20.0, 0.0)
    assert [(point.x, point.y) for point in trend.points] == [(0, 80), (150, 40), (300, 0)]
    assert trend.lines == ((0.0, 80.0, 150.0, 40.0), (150.0, 40.0, 300.0, 0.0))
    assert [point.anchor for point in trend.points] == ["start", "middle", "end"]
    assert trend.title == "Leadership: 2024 1.0, 2025 3.0, 2026 5.0."


def test_build_trend_round_not_scored_is_a_dash_and_breaks_the_line() -> None:
    trend = build_trend(5, [2.0, None, 3.0], ["2024", "2025", "2026"], "Leadership")

    assert [point.y for point in trend.points] == [60.0, None, 40.0]
    assert trend.points[1].label == "–"
    assert trend.lines == ()
    assert trend.title == "Leadership: 2024 2.0, 2025 not scored, 2026 3.0."


def test_build_trend_of_one_round_lies_in_the_middle() -> None:
    trend = build_trend(5, [2.0], ["2026"], "Leadership")

    assert [(point.x, point.anchor) for point in trend.points] == [(150.0, "middle")]


def test_build_trend_long_names_give_way_to_numbers() -> None:
    names = ["The first round of the national programme", "2025", "2026"]

    trend = build_trend(5, [2.0, 3.0, 3.0], names, "Leadership")

    # 54 letters for three names are 18 each
    assert trend.is_numbered
    assert [point.name for point in trend.points] == ["1", "2", "3"]
    assert names[0] in trend.title
    assert not build_trend(5, [2.0, 3.0], ["Round 2024", "Round 2025"], "x").is_numbered
