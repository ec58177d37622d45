"""What people type or paste: the one place that says what counts in an address or a code."""

import re
import unicodedata

# Unicode's Default_Ignorable_Code_Point, and the blank pattern of Braille: they show nothing,
# whatever their category, and come along when text is copied out of mail, Word or a PDF.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_EMAIL = re.compile(r"[^@<>()\[\],;:\\\"]+@[^@.<>()\[\],;:\\\"]+(\.[^@.<>()\[\],;:\\\"]+)+")
# Control characters, format characters, surrogates, and every kind of space.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\u2e3a\u2e3b-]")


def drop_unseen(typed: str) -> str:
    """Return what can be seen of an address or a code.

    Parameters
    ----------
    typed : as it was typed or pasted.

    Returns
    -------
    Full-width and other compatible letters in their plain form (NFKC), without spaces, control
    and format characters and whatever else shows nothing.
    """
    plain = unicodedata.normalize("NFKC", _IGNORABLE.sub("", typed))
    return "".join(
        letter
        for letter in _IGNORABLE.sub("", plain)
        if unicodedata.category(letter) not in _UNSEEN
    )


def normalise_email(typed: str) -> str:
    """Return the one form in which an e-mail address is stored, looked up and counted.

    Parameters
    ----------
    typed : as it was typed or pasted.

    Returns
    -------
    What can be seen of it, in lower case; the same again where it is normalised again.
    """
    return drop_unseen(drop_unseen(typed).lower())


def is_email(address: str) -> bool:
    """Return whether a normalised address has the form of one.

    Parameters
    ----------
    address : as `normalise_email` returns it.

    Returns
    -------
    Whether a name stands before one @, and a domain of two parts or more behind it, without
    letters that only lists and names use, in ASCII: others need SMTPUTF8 (RFC 6531), which
    many mail servers lack.
    """
    return address.isascii() and _EMAIL.fullmatch(address) is not None


def normalise_code(typed: str) -> str:
    """Return the letters and digits of a code, in upper case.

    Parameters
    ----------
    typed : with any spaces, hyphens and dashes, in any case, in digits of any script.

    Returns
    -------
    Its letters, with digits as 0 to 9.
    """
    plain = _DASHES.sub("", drop_unseen(typed)).upper()
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in plain)
