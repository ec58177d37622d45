"""Addresses and codes as people type and paste them."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.documents.verification_codes import read_code
from assessment.core.typed import is_email, normalise_code, normalise_email

UNSEEN = [
    chr(point)
    for point in range(sys.maxunicode + 1)
    if unicodedata.category(chr(point)) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
] + list("\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100")
DASHES = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"


def widen(letter: str) -> str:
    """Return the full-width form of a letter, digit or sign of ASCII."""
    return chr(ord(letter) + 0xFEE0)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("jo@council.example", "jo@council.example"),
        (" Jo.O'Field+x@Council.EXAMPLE\n", "jo.o'field+x@council.example"),
        ("j\x00o@council.example", "jo@council.example"),
        ("\ufeffjo\u200b@council\u00ad.example\u00a0", "jo@council.example"),
        ("ｊｏ＠ｃｏｕｎｃｉｌ．ｅｘａｍｐｌｅ", "jo@council.example"),
    ],
)
def test_normalise_email_is_what_can_be_seen_in_lower_case(typed: str, stored: str):
    assert normalise_email(typed) == stored


@given(st.data())
def test_normalise_email_no_unseen_letter_and_no_case_makes_another_address(data: st.DataObject):
    varied = ""
    for letter in "lead@lds.example":
        varied += "".join(data.draw(st.lists(st.sampled_from(UNSEEN), max_size=2)))
        varied += data.draw(st.sampled_from([letter, letter.upper(), widen(letter)]))

    assert normalise_email(varied) == "lead@lds.example"


@given(st.text())
def test_normalise_email_twice_is_once(typed: str):
    assert normalise_email(normalise_email(typed)) == normalise_email(typed)


@given(st.data())
def test_codes_pasted_from_anywhere_are_read(data: st.DataObject):
    between = st.lists(st.sampled_from([*UNSEEN, *DASHES]), max_size=2)
    pasted = ""
    for letter in "7KQ2M9XD4TRB":
        pasted += "".join(data.draw(between))
        pasted += data.draw(st.sampled_from([letter, letter.lower(), widen(letter)]))

    assert read_code(pasted) == "7KQ2M9XD4TRB"


def test_normalise_code_digits_of_another_script_are_digits():
    assert normalise_code("٠١٢ ３４5") == "012345"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("jo@manchester.gov.uk", True),
        ("o'neill+lead@a.example", True),
        ("jo@manchester", False),
        ("jo@.example", False),
        ("jo@a..example", False),
        ("jo@a.example.", False),
        ("@a.example", False),
        ("jo@@a.example", False),
        ("jo@a.example,kit@a.example", False),
        ("joé@a.example", False),
        ("jo@é.example", False),
        ("jo@xn--9ca.example", True),
    ],
)
def test_is_email_has_a_name_and_a_domain_of_two_parts(address: str, expected: bool):
    assert is_email(address) is expected
