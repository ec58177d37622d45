"""Codes that people type: letters and digits that are not taken for one another."""

from assessment.core.typed import normalise_code

# Crockford's base 32: no I, L, O and U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 12
# Nobody types more between the letters of a code than this. [characters]
MAX_TYPED = 200

_TAKEN_FOR = str.maketrans("OIL", "011")


def format_code(code: str) -> str:
    """Write a code as people read it: in fours, with hyphens between.

    Parameters
    ----------
    code : letters of `LETTERS`.

    Returns
    -------
    Such as ``7KQ2-M9XD-4TRB``.
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """Read a code as a person typed it.

    Parameters
    ----------
    typed : as typed or pasted, see `normalise_code`; O, I and L are taken for 0, 1, 1.

    Returns
    -------
    The code's letters; None where it cannot be one.
    """
    plain = normalise_code(typed[:MAX_TYPED]).translate(_TAKEN_FOR)
    return plain if len(plain) == CODE_LETTERS and not set(plain) - set(LETTERS) else None
