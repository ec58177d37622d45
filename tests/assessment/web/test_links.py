"""Web addresses as people paste them."""

import time

import pytest

from assessment.web.links import list_link_mistakes, read_links

POLICY = "https://www.council.gov.uk/policy"


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("Https://www.council.gov.uk/policy", [POLICY]),
        ("HTTP://council.gov.uk", ["http://council.gov.uk"]),
        ("www.council.gov.uk/policy", [POLICY]),
        ("WWW.council.gov.uk", ["https://WWW.council.gov.uk"]),
        ("council.gov.uk/policy?year=2026", ["https://council.gov.uk/policy?year=2026"]),
        (f"  <{POLICY}>  ", [POLICY]),
        (f"({POLICY}).", [POLICY]),
        (f"“{POLICY}”,", [POLICY]),
        (f"• {POLICY}\n- {POLICY}/2\n3. {POLICY}/3", [POLICY, f"{POLICY}/2", f"{POLICY}/3"]),
        (f"{POLICY}, {POLICY}/2; www.council.gov.uk/3", [POLICY, f"{POLICY}/2", POLICY[:-6] + "3"]),
        (f"{POLICY}<{POLICY}>", [POLICY]),
        (f"\u200b{POLICY}\ufeff\r\n\r\n{POLICY}", [POLICY]),
        (
            "https://council.sharepoint.com/sites/Shared Documents/Plan\u00a02.docx",
            ["https://council.sharepoint.com/sites/Shared%20Documents/Plan%202.docx"],
        ),
        ("https://council.gov.uk?q=a b", ["https://council.gov.uk?q=a%20b"]),
        ("https://council.gov.uk/a_(b)", ["https://council.gov.uk/a_(b)"]),
        ("http://intranet/policy", ["http://intranet/policy"]),
        ("https://cyngor.gov.wales/polisïau", ["https://cyngor.gov.wales/polisïau"]),
        ("", []),
    ],
)
def test_read_links_as_pasted_are_addresses(typed: str, links: list[str]):
    assert read_links(typed) == links
    assert list_link_mistakes(links) == []


@pytest.mark.parametrize(
    "typed",
    [
        "https://",
        "https://.",
        "https:///policy",
        "https:// council.gov.uk/policy",
        "https://council gov.uk/policy",
        "https://council.gov.uk:port/policy",
        "https://[council.gov.uk/policy",
        "javascript:alert(1)",
        "ftp://council.gov.uk/policy",
        "jo@council.gov.uk",
        "Policy.docx",
        r"\\server\share\Policy.docx",
        "S:/Policies/2026",
        "Our procurement policy",
    ],
)
def test_list_link_mistakes_what_is_no_address_is_named(typed: str):
    (link,) = read_links(typed)

    (mistake,) = list_link_mistakes([POLICY, link])

    assert mistake.startswith(f"Link 2, “{link}”, is not a web address.")


def test_list_link_mistakes_names_every_one():
    links = read_links(f"policy\n{POLICY}\nhttps://\n{POLICY}/{'a' * 1970}")

    # The last has 34 and 1,970 characters: four more than 2,000.
    assert [mistake[:9] for mistake in list_link_mistakes(links)] == [
        *("Link 1, “", "Link 3, “", "Link 4 is")
    ]
    assert "Link 4 is 4 characters too long." in list_link_mistakes(links)[2]


def test_read_links_hostile_text_takes_no_time():
    began = time.monotonic()

    for hostile in (" " * 30_000, "a." * 15_000, ")" * 30_000, "<" * 30_000, "www." * 7_500):
        list_link_mistakes(read_links(f"x{hostile}x"))

    assert time.monotonic() - began < 5
