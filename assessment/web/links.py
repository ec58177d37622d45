"""Reads web addresses as people paste them from browsers, mails, documents and phones."""

import re
from urllib.parse import urlsplit

from assessment.locale import gettext, ngettext

MAX_LINK_LENGTH = 2000
# How much of what is no address is repeated to who typed it.
SHOWN = 60

# Several on one line: a new one begins where white space or a bracket of Outlook's stands before.
_BETWEEN = re.compile(r"(?<!\s)\s+(?=[<(\[\"'“‘«]*(?:https?:|www\.))|(?=<https?:)", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-–—*•·]|\d{1,2}[.)])\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SCHEME = re.compile(r"^(https?)://", re.IGNORECASE)
_AUTHORITY = re.compile(r"(https?://[^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_ODD = re.compile(r'[\s<>"]')
_OPENING, _CLOSING = "<([\"'“‘«", ">)]\"'”’»"
_PAIRS = {">": "<", ")": "(", "]": "["}
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
# An address without https:// is one if it looks like nothing else: not a file, not a mailbox.
_BARE = re.compile(rf"(?:{_LABEL}\.)+[^\W\d_]{{2,}}(?::\d+)?(?:[/?#].*)?")
_FILE = re.compile(
    r"[^/]*\.(?:pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|txt|msg|eml|html?|zip|png|jpe?g)",
    re.IGNORECASE,
)


def read_links(text: str) -> list[str]:
    """Return what stands in a text as addresses, each once; what is none is left as typed."""
    typed = (
        part
        for line in _INVISIBLE.sub("", text).splitlines()
        for part in _BETWEEN.split(_BULLET.sub("", line.strip()))
    )
    return list(dict.fromkeys(link for link in map(_tidy, typed) if link))


def list_link_mistakes(links: list[str]) -> list[str]:
    """List what is wrong with addresses that were read; every one that is wrong is named."""
    found = (_find_mistake(number, link) for number, link in enumerate(links, start=1))
    return [mistake for mistake in found if mistake]


def _tidy(typed: str) -> str:
    """Return an address as it is stored: without what stood around it, in plain characters."""
    link = _strip_around(typed)
    if not _SCHEME.match(link):
        if not _BARE.fullmatch(link) or _FILE.fullmatch(link):
            return link
        link = f"https://{link}"
    host, rest = _AUTHORITY.match(link).groups()  # type: ignore[union-attr]
    return _SCHEME.sub(lambda scheme: scheme[0].lower(), host) + _ODD.sub(_encode, rest)


def _encode(odd: re.Match[str]) -> str:
    """Return a character percent-encoded; every kind of white space is a space."""
    return "%20" if odd[0].isspace() else f"%{ord(odd[0]):02X}"


def _strip_around(typed: str) -> str:
    """Return an address without the brackets, quotes and punctuation that stood around it."""
    link = typed.strip().lstrip(_OPENING)
    while link:
        last = link[-1]
        opening = _PAIRS.get(last, "")
        is_balanced = bool(opening) and link.count(opening) >= link.count(last)
        if last not in ".,;:!?" + _CLOSING or is_balanced:
            break
        link = link[:-1].rstrip()
    return link


def _find_mistake(number: int, link: str) -> str:
    """Say what is wrong with one address, by its number; empty where nothing is."""
    if len(link) > MAX_LINK_LENGTH:
        over = len(link) - MAX_LINK_LENGTH
        return ngettext(
            "Link %(number)s is %(num)s character too long. Shorten it to %(limit)s or fewer.",
            "Link %(number)s is %(num)s characters too long. Shorten it to %(limit)s or fewer.",
            over,
            number=number,
            num=f"{over:,}",
            limit=f"{MAX_LINK_LENGTH:,}",
        )
    if _is_address(link):
        return ""
    shown = link if len(link) <= SHOWN else f"{link[:SHOWN]}…"
    return gettext(
        "Link %(number)s, “%(link)s”, is not a web address. "
        "Give one like https://www.example.gov.uk/minutes.",
        number=number,
        link=shown,
    )


def _is_address(link: str) -> bool:
    """Return whether this is a whole address of the web."""
    if not _SCHEME.match(link):
        return False
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(_HOST.fullmatch(host))
