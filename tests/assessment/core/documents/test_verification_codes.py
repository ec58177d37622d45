import pytest

from assessment.core.documents.verification_codes import format_code, read_code


def test_format_code_is_in_fours():
    assert format_code("7KQ2M9XD4TRB") == "7KQ2-M9XD-4TRB"


@pytest.mark.parametrize(
    "typed", ["7KQ2-M9XD-4TRB", "7kq2 m9xd 4trb", " 7KQ2M9XD4TRB\n", "7kq2-m9xd-4trb\t"]
)
def test_read_code_however_it_is_typed(typed: str):
    assert read_code(typed) == "7KQ2M9XD4TRB"


def test_read_code_letters_like_digits_are_taken_for_them():
    assert read_code("OIL0-OIL1-0000") == "011001110000"


@pytest.mark.parametrize("typed", ["", "7KQ2-M9XD-4TR", "7KQ2-M9XD-4TRBX", "7KQ2-M9XD-4TRU", "<b>"])
def test_read_code_what_cannot_be_one_is_none(typed: str):
    assert read_code(typed) is None
