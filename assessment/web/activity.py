"""What an authority's activity page says of each event, in plain words.

The detail of an event was written by some version of the product, and stays as it is for ever. So
nothing is expected of it: a part that is missing, or is of another type, is left out of the words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.people.events import AuditEvent, EventKind
from assessment.locale import gettext, lazy_gettext, mark, ngettext
from reports.formats import KIND_NAMES, capitalise, format_level

PART_NAMES = {
    "reason": lazy_gettext("the reason"),
    "note": lazy_gettext("the note"),
    "evidence": lazy_gettext("the evidence links"),
}


# A place of a message, which a part of that name fills.
PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class _Detail:
    """Whatever was kept of an event."""

    kept: Any

    def find(self, name: str) -> Any:
        """Return a part; None where it is missing."""
        return self.kept.get(name) if isinstance(self.kept, Mapping) else None

    def text(self, name: str) -> str:
        """Return a part that is a text; empty where it is none."""
        part = self.find(name)
        return part if isinstance(part, str) else ""

    def choice(self, name: str) -> str:
        """Return the name of an answer; empty where it is none."""
        code = self.find(name)
        if not isinstance(code, int) or isinstance(code, bool):
            return ""
        if code == DONT_KNOW:
            return gettext("Don’t know")
        if code == DOES_NOT_APPLY:
            return gettext("Does not apply")
        return gettext("level %(level)s", level=code)


def describe_event(event: AuditEvent, principle_names: Mapping[str, str]) -> str:
    """Say in one line what happened; ``principle_names`` are by principle id."""
    detail = _Detail(event.detail)
    if event.kind == EventKind.TARGETS_SAVED:
        return _say_targets(detail, principle_names)
    if event.kind in WORDS:
        return WORDS[event.kind](detail)
    if event.kind in MESSAGES:
        return _say(detail, *MESSAGES[event.kind])
    return capitalise(event.kind.value.replace("_", " "))


def name_actor(event: AuditEvent) -> str:
    """Name who did it: a person's address, or the programme team for what was done by command."""
    return event.actor.person.email if event.actor.person else gettext("The programme team")


def _say(detail: _Detail, *messages: str) -> str:
    """Say the first of some messages whose places can all be filled; the last has none."""
    for message in messages[:-1]:
        values = {name: detail.text(name) for name in PLACE.findall(message)}
        if all(values.values()):
            return gettext(message, **values)
    return gettext(messages[-1])


def _say_answer(detail: _Detail) -> str:
    """Say how an answer changed."""
    # Events of any release are shown, so each of these may be missing (decision 43).
    question = detail.text("question") or gettext("a question")
    before, after = detail.choice("before"), detail.choice("after")
    names = _name_parts(detail.find("changed"))
    values = {"question": question, "before": before, "after": after, "parts": names}
    if before == after and names:
        message = mark("Changed %(parts)s of %(question)s")
    elif not after and before and names:
        message = mark("Saved the answer to %(question)s, and changed %(parts)s")
    elif not after:
        message = mark("Saved the answer to %(question)s")
    elif not before and names:
        message = mark("Answered %(question)s with %(after)s, and gave %(parts)s")
    elif not before:
        message = mark("Answered %(question)s with %(after)s")
    elif names:
        message = mark("Changed %(question)s from %(before)s to %(after)s, and changed %(parts)s")
    else:
        message = mark("Changed %(question)s from %(before)s to %(after)s")
    return gettext(message, **values)


def _name_parts(changed: object) -> str:
    """Name the parts of an answer that changed; empty where nobody knows of any."""
    parts = [p for p in changed if isinstance(p, str)] if isinstance(changed, list) else []
    names = [str(PART_NAMES.get(part, part)) for part in parts]
    said = names[0] if names else ""
    for name in names[1:]:
        said = gettext("%(parts)s and %(part)s", parts=said, part=name)
    return said


def _say_targets(detail: _Detail, principle_names: Mapping[str, str]) -> str:
    """Say which targets there are now."""
    targets = detail.find("targets")
    if not isinstance(targets, Mapping):
        return gettext("Saved the targets")
    listed = ", ".join(
        f"{principle_names.get(principle, principle)} {format_level(score)}"
        for principle, score in targets.items()
        if isinstance(score, int | float)
    )
    if not listed:
        return gettext("Removed all targets")
    return gettext("Saved the targets: %(targets)s", targets=listed)


def _say_action(detail: _Detail) -> str:
    """Say which planned action was saved."""
    if detail.find("is_done") is True:
        return _say(
            detail,
            mark("Saved a planned action for %(planned_for)s, done"),
            mark("Saved a planned action, done"),
        )
    return _say(
        detail,
        mark("Saved a planned action for %(planned_for)s"),
        mark("Saved a planned action"),
    )


def _say_submission(detail: _Detail) -> str:
    """Say that the self-assessment was submitted, whether it is counted, and what is unchecked."""
    counted, unchecked = detail.find("counted"), detail.find("unchecked")
    if isinstance(unchecked, int) and not isinstance(unchecked, bool) and unchecked > 0:
        return _say_unchecked_submission(counted, unchecked)
    if not isinstance(counted, bool):
        return gettext("Submitted the self-assessment")
    if counted:
        return gettext("Submitted the self-assessment, to be counted")
    return gettext("Submitted the self-assessment, not to be counted")


def _say_unchecked_submission(counted: object, unchecked: int) -> str:
    """Say the same where answers were not checked."""
    count = f"{unchecked:,}"
    if not isinstance(counted, bool):
        return ngettext(
            "Submitted the self-assessment, with %(num)s answer brought over and not checked",
            "Submitted the self-assessment, with %(num)s answers brought over and not checked",
            unchecked,
            num=count,
        )
    if counted:
        return ngettext(
            "Submitted the self-assessment, to be counted, "
            "with %(num)s answer brought over and not checked",
            "Submitted the self-assessment, to be counted, "
            "with %(num)s answers brought over and not checked",
            unchecked,
            num=count,
        )
    return ngettext(
        "Submitted the self-assessment, not to be counted, "
        "with %(num)s answer brought over and not checked",
        "Submitted the self-assessment, not to be counted, "
        "with %(num)s answers brought over and not checked",
        unchecked,
        num=count,
    )


def _say_report_requested(detail: _Detail) -> str:
    """Say which report was asked for."""
    if name := _name_report(detail):
        return gettext("Asked for the %(report)s as a PDF", report=name)
    return gettext("Asked for a report as a PDF")


def _say_report_printed(detail: _Detail) -> str:
    """Say which report was made."""
    if name := _name_report(detail):
        return gettext("Made the %(report)s as a PDF", report=name)
    return gettext("Made a report as a PDF")


def _name_report(detail: _Detail) -> str:
    """Name a report within a sentence; empty where its kind is not known."""
    kind = detail.text("report")
    return KIND_NAMES.get(kind, kind).lower()


# What is said of an event by what is kept of it: the first message whose places can all be filled.
MESSAGES: dict[EventKind, tuple[str, ...]] = {
    EventKind.OTHER: (mark("Another change"),),
    EventKind.ACCOUNT_CREATED: (
        mark("Opened an account for %(email)s as %(role)s"),
        mark("Opened an account for %(email)s"),
        mark("Opened an account as %(role)s"),
        mark("Opened an account"),
    ),
    EventKind.ACCOUNT_ACTIVATED: (
        mark("Opened the account of %(email)s again as %(role)s"),
        mark("Opened the account of %(email)s again"),
        mark("Opened the account again as %(role)s"),
        mark("Opened the account again"),
    ),
    EventKind.ACCOUNT_MOVED: (
        mark("Moved the account of %(email)s from %(moved_from)s to %(moved_to)s"),
        mark("Moved the account of %(email)s to %(moved_to)s"),
        mark("Moved the account of %(email)s from %(moved_from)s"),
        mark("Moved the account of %(email)s"),
        mark("Moved the account from %(moved_from)s to %(moved_to)s"),
        mark("Moved the account to %(moved_to)s"),
        mark("Moved the account from %(moved_from)s"),
        mark("Moved the account"),
    ),
    EventKind.ADDRESS_CHANGED: (
        mark("Corrected the address of %(email)s to %(new_email)s"),
        mark("Corrected the address of %(email)s"),
        mark("Corrected the address to %(new_email)s"),
        mark("Corrected the address"),
    ),
    EventKind.ASSESSMENT_REOPENED: (
        mark("Reopened the self-assessment because: %(reason)s"),
        mark("Reopened the self-assessment"),
    ),
    EventKind.REGISTER_CHANGED: (
        mark("Changed the register of authorities in %(field)s from %(old)s to %(new)s"),
        mark("Changed the register of authorities in %(field)s to %(new)s"),
        mark("Changed the register of authorities in %(field)s from %(old)s"),
        mark("Changed the register of authorities in %(field)s"),
        mark("Changed the register of authorities"),
    ),
    EventKind.ACCOUNT_DEACTIVATED: (
        mark("Closed the account of %(email)s"),
        mark("Closed the account"),
    ),
    EventKind.ROLE_CHANGED: (
        mark("Changed the role of %(email)s to %(role)s"),
        mark("Changed the role of %(email)s"),
        mark("Changed the role to %(role)s"),
        mark("Changed the role"),
    ),
    EventKind.ANSWER_BROUGHT_OVER: (
        mark("Brought over the answer to %(question)s"),
        mark("Brought over the answer"),
    ),
    EventKind.ANSWER_CONFIRMED: (
        mark("Confirmed the answer to %(question)s"),
        mark("Confirmed the answer"),
    ),
    EventKind.ANSWER_CLEARED: (
        mark("Cleared the answer to %(question)s"),
        mark("Cleared the answer"),
    ),
    EventKind.PLANNED_ACTION_REMOVED: (
        mark("Removed a planned action for %(planned_for)s"),
        mark("Removed a planned action"),
    ),
    EventKind.RESPONSES_WITHDRAWN: (mark("Took back the imported answers"),),
    EventKind.RESPONSES_IMPORTED: (
        mark("Imported the answers from %(file)s"),
        mark("Imported the answers"),
    ),
}

# Where what is kept is more than texts.
WORDS: dict[EventKind, Callable[[_Detail], str]] = {
    EventKind.ANSWER_SAVED: _say_answer,
    EventKind.ASSESSMENT_SUBMITTED: _say_submission,
    EventKind.PLANNED_ACTION_SAVED: _say_action,
    EventKind.REPORT_REQUESTED: _say_report_requested,
    EventKind.REPORT_PRINTED: _say_report_printed,
}
