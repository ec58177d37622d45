"""What an authority's activity page says of each event, in plain words.

The detail of an event was written by some version of the product, and stays as it is for ever. So
nothing is expected of it: a part that is missing, or is of another type, is left out of the words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW
from assessment.core.people.events import AuditEvent, EventKind
from reports.formats import KIND_NAMES, capitalise, format_count, format_level

PART_NAMES = {"reason": "the reason", "note": "the note", "evidence": "the evidence links"}


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

    def after(self, word: str, name: str) -> str:
        """Return a word and a part that is a text, with a space before; empty without it."""
        text = self.text(name)
        return f" {word} {text}" if text else ""

    def choice(self, name: str) -> str:
        """Return the name of an answer; empty where it is none."""
        code = self.find(name)
        if not isinstance(code, int) or isinstance(code, bool):
            return ""
        return {DONT_KNOW: "Don’t know", DOES_NOT_APPLY: "Does not apply"}.get(
            code, f"level {code}"
        )


def describe_event(event: AuditEvent, principle_names: Mapping[str, str]) -> str:
    """Say in one line what happened; ``principle_names`` are by principle id."""
    detail = _Detail(event.detail)
    if event.kind == EventKind.TARGETS_SAVED:
        return _say_targets(detail, principle_names)
    say = WORDS.get(event.kind)
    return say(detail) if say else capitalise(event.kind.value.replace("_", " "))


def name_actor(event: AuditEvent) -> str:
    """Name who did it: a person's address, or the programme team for what was done by command."""
    return event.actor.person.email if event.actor.person else "The programme team"


def _say_answer(detail: _Detail) -> str:
    """Say how an answer changed."""
    question = detail.text("question") or "a question"
    before, after = detail.choice("before"), detail.choice("after")
    changed = detail.find("changed")
    parts = [p for p in changed if isinstance(p, str)] if isinstance(changed, list) else []
    names = " and ".join(PART_NAMES.get(part, part) for part in parts)
    if before == after and names:
        return f"Changed {names} of {question}"
    also = f", and changed {names}" if before and names else ""
    if not after:
        return f"Saved the answer to {question}{also}"
    if not before:
        gave = f", and gave {names}" if names else ""
        return f"Answered {question} with {after}{gave}"
    return f"Changed {question} from {before} to {after}{also}"


def _say_targets(detail: _Detail, principle_names: Mapping[str, str]) -> str:
    """Say which targets there are now."""
    targets = detail.find("targets")
    if not isinstance(targets, Mapping):
        return "Saved the targets"
    listed = ", ".join(
        f"{principle_names.get(principle, principle)} {format_level(score)}"
        for principle, score in targets.items()
        if isinstance(score, int | float)
    )
    return f"Saved the targets: {listed}" if listed else "Removed all targets"


def _say_action(detail: _Detail) -> str:
    """Say which planned action was saved."""
    done = ", done" if detail.find("is_done") is True else ""
    return f"Saved a planned action{detail.after('for', 'planned_for')}{done}"


def _say_submission(detail: _Detail) -> str:
    """Say that the self-assessment was submitted, whether it is counted, and what is unchecked."""
    counted, unchecked = detail.find("counted"), detail.find("unchecked")
    sentence = "Submitted the self-assessment"
    if isinstance(counted, bool):
        sentence += f", {'to' if counted else 'not to'} be counted"
    if isinstance(unchecked, int) and not isinstance(unchecked, bool) and unchecked > 0:
        sentence += f", with {format_count(unchecked, 'answer')} brought over and not checked"
    return sentence


def _name_report(detail: _Detail) -> str:
    kind = detail.text("report")
    return f"the {KIND_NAMES.get(kind, kind).lower()}" if kind else "a report"


WORDS: dict[EventKind, Callable[[_Detail], str]] = {
    EventKind.OTHER: lambda _: "Another change",
    EventKind.ACCOUNT_CREATED: lambda d: (
        f"Opened an account{d.after('for', 'email')}{d.after('as', 'role')}"
    ),
    EventKind.ACCOUNT_ACTIVATED: lambda d: (
        f"Opened the account{d.after('of', 'email')} again{d.after('as', 'role')}"
    ),
    EventKind.ACCOUNT_MOVED: lambda d: (
        f"Moved the account{d.after('of', 'email')}{d.after('from', 'moved_from')}"
        f"{d.after('to', 'moved_to')}"
    ),
    EventKind.ADDRESS_CHANGED: lambda d: (
        f"Corrected the address{d.after('of', 'email')}{d.after('to', 'new_email')}"
    ),
    EventKind.ASSESSMENT_REOPENED: lambda d: (
        f"Reopened the self-assessment{d.after('because:', 'reason')}"
    ),
    EventKind.REGISTER_CHANGED: lambda d: (
        f"Changed the register of authorities{d.after('in', 'field')}{d.after('from', 'old')}"
        f"{d.after('to', 'new')}"
    ),
    EventKind.ACCOUNT_DEACTIVATED: lambda d: f"Closed the account{d.after('of', 'email')}",
    EventKind.ROLE_CHANGED: lambda d: (
        f"Changed the role{d.after('of', 'email')}{d.after('to', 'role')}"
    ),
    EventKind.ANSWER_SAVED: _say_answer,
    EventKind.ANSWER_BROUGHT_OVER: lambda d: f"Brought over the answer{d.after('to', 'question')}",
    EventKind.ANSWER_CONFIRMED: lambda d: f"Confirmed the answer{d.after('to', 'question')}",
    EventKind.ANSWER_CLEARED: lambda d: f"Cleared the answer{d.after('to', 'question')}",
    EventKind.ASSESSMENT_SUBMITTED: _say_submission,
    EventKind.PLANNED_ACTION_SAVED: _say_action,
    EventKind.PLANNED_ACTION_REMOVED: lambda d: (
        f"Removed a planned action{d.after('for', 'planned_for')}"
    ),
    EventKind.REPORT_REQUESTED: lambda d: f"Asked for {_name_report(d)} as a PDF",
    EventKind.REPORT_PRINTED: lambda d: f"Made {_name_report(d)} as a PDF",
    EventKind.RESPONSES_WITHDRAWN: lambda _: "Took back the imported answers",
    EventKind.RESPONSES_IMPORTED: lambda d: f"Imported the answers{d.after('from', 'file')}",
}
