"""What becomes of authorities in a new vintage of the register, in words."""

from assessment.core.people.vintages import RegisterChangeKind
from assessment.locale import lazy_gettext

REGISTER_CHANGE_NAMES = {
    RegisterChangeKind.VANISHED: lazy_gettext("vanished"),
    RegisterChangeKind.NEW: lazy_gettext("new"),
    RegisterChangeKind.STARTED: lazy_gettext("other first day"),
    RegisterChangeKind.ENDED: lazy_gettext("other last day"),
    RegisterChangeKind.SUCCESSORS: lazy_gettext("other successors"),
    RegisterChangeKind.RENAMED: lazy_gettext("renamed"),
    RegisterChangeKind.MOVED: lazy_gettext("moved"),
    RegisterChangeKind.CODE: lazy_gettext("other code"),
    RegisterChangeKind.FIGURES: lazy_gettext("other figures"),
}


def name_register_change(kind: RegisterChangeKind) -> str:
    """Name what becomes of an authority.

    Parameters
    ----------
    kind : of a change.

    Returns
    -------
    A word or two, in the reader's language.
    """
    return str(REGISTER_CHANGE_NAMES[kind])
