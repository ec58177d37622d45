"""Frames come back as they were, and what does not fit its schema is refused by name."""

from typing import Any

import pandas as pd
import pytest

from assessment.storage.frames import FrameError, pack_frame, unpack_table

NAN = float("nan")


def make_bases(**changes: list[Any]) -> pd.DataFrame:
    """Two rows of the simplest frame that has texts and a count."""
    columns: dict[str, list[Any]] = {
        "group_kind": ["type", "type"],
        "group_id": ["007", "county"],
        "measure": ["question", "question"],
        "item_id": ["1.1", "1.2"],
        "base": [1, 2],
    }
    return pd.DataFrame(columns | changes)


def make_figures(*further: str) -> pd.DataFrame:
    """One row of figures, of which most are withheld, with more columns of shares."""
    row: dict[str, Any] = {"group_kind": "all", "group_id": "all", "group_name": "all"}
    row |= {"measure": "overall", "item_id": "overall", "submitted": 12, "of_n": 40}
    row |= {"n": NAN, "mean": 2.5, "median": NAN, "q1": NAN, "q3": NAN}
    row |= dict.fromkeys(further, 25.0)
    row |= {"percent_dont_know": NAN, "percent_does_not_apply": NAN}
    row |= {"withheld_centre": "shown", "missing_centre": NAN}
    row |= {"withheld_spread": "too_few_submitted", "missing_spread": 3.0}
    return pd.DataFrame([row])


def read_back(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    back: pd.DataFrame = unpack_table(pack_frame(name, frame)).to_pandas()
    return back


def test_pack_frame_texts_stay_texts():
    back = read_back("bases", make_bases())

    assert back["group_id"].tolist() == ["007", "county"]
    assert back["item_id"].tolist() == ["1.1", "1.2"]
    assert back["base"].dtype == "int64"


def test_pack_frame_missing_number_is_nan_and_empty_text_is_text():
    back = read_back("figures", make_figures("percent_1", "percent_2"))

    pd.testing.assert_frame_equal(back, make_figures("percent_1", "percent_2"))
    assert back.loc[0, "missing_spread"] == 3


def test_pack_frame_of_nobody_keeps_its_types():
    frame = pd.DataFrame(columns=["authority_id", "kind", "choice_id"])

    back = read_back("chosen", frame)

    assert back.empty
    assert [str(dtype) for dtype in back.dtypes] == ["str", "str", "str"]


def test_pack_frame_codes_are_one_byte_an_answer():
    answer_codes = pd.DataFrame({"authority_id": ["A", "B"], "1.1": [5, -2], "9.9": [0, -1]})

    back = read_back("codes", answer_codes.astype({"1.1": "int8", "9.9": "int64"}))

    assert back["1.1"].tolist() == [5, -2]
    assert {str(back[name].dtype) for name in ("1.1", "9.9")} == {"int8"}


@pytest.mark.parametrize("levels", [2, 4, 6])
def test_pack_frame_takes_as_many_levels_as_there_are(levels: int):
    shares = [f"percent_{level}" for level in range(1, levels + 1)]
    shares += [f"percent_at_least_{level}" for level in range(2, levels + 1)]

    back = read_back("figures", make_figures(*shares))

    assert [name for name in back if name in shares] == shares


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"base": [1, "2"]}, "Frame bases, column base: "),
        ({"base": ["1", "2"]}, "Frame bases, column base: "),
        ({"base": [1, 2.5]}, "Frame bases, column base: "),
        ({"base": [1, NAN]}, "Frame bases, column base: a value is missing"),
        ({"group_id": ["all", None]}, "Frame bases, column group_id: a value is missing"),
        ({"item_id": [1.1, 1.2]}, "Frame bases, column item_id: "),
        ({"remark": ["", ""]}, "Frame bases has a column remark "),
    ],
)
def test_pack_frame_that_does_not_fit_is_refused(changes: dict[str, list[Any]], message: str):
    with pytest.raises(FrameError) as refused:
        pack_frame("bases", make_bases(**changes))

    assert message in str(refused.value)


def test_pack_frame_without_a_column_is_refused():
    with pytest.raises(FrameError, match="Frame bases lacks column measure, base"):
        pack_frame("bases", make_bases().drop(columns=["measure", "base"]))


def test_pack_frame_code_beyond_a_byte_is_refused():
    with pytest.raises(FrameError, match=r"Frame codes, column 1\.1"):
        pack_frame("codes", pd.DataFrame({"authority_id": ["A"], "1.1": [300]}))


def test_pack_frame_of_an_unknown_name_is_refused():
    with pytest.raises(FrameError, match="keeps no frame bookings"):
        pack_frame("bookings", pd.DataFrame())
