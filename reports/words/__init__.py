"""What the core decides, in words: the one room that has sentences for its enums and numbers."""

from collections.abc import Callable
from typing import Any

from reports.words.editions import cite_edition
from reports.words.figures import (
    say_doubt,
    say_place,
    say_position,
    say_reason,
    say_weighting,
    say_withheld,
    say_withheld_notes,
)
from reports.words.findings import (
    join_words,
    say_conclusion,
    say_effort,
    say_flags,
    say_likeness,
    say_query,
    say_standing,
    say_unscored,
    say_verdict,
)
from reports.words.groups import (
    GROUP_KIND_WORDS,
    name_group,
    name_group_kind,
    name_memberships,
    name_peers,
)
from reports.words.mistakes import (
    ask_for_choices,
    say_action_mistake,
    say_answer_mistake,
    say_carry,
    say_missing,
    say_targets,
)
from reports.words.people import name_actor, name_respondent, name_role
from reports.words.register import name_register_change

__all__ = [
    "FILTERS",
    "GROUP_KIND_WORDS",
    "ask_for_choices",
    "cite_edition",
    "join_words",
    "name_memberships",
    "name_peers",
    "name_register_change",
    "name_respondent",
    "name_role",
    "say_action_mistake",
    "say_answer_mistake",
    "say_carry",
    "say_conclusion",
    "say_doubt",
    "say_flags",
    "say_likeness",
    "say_missing",
    "say_place",
    "say_position",
    "say_query",
    "say_reason",
    "say_targets",
    "say_unscored",
    "say_verdict",
    "say_weighting",
    "say_withheld",
    "say_withheld_notes",
]

FILTERS: dict[str, Callable[..., Any]] = {
    "actor": name_actor,
    "respondent": name_respondent,
    "role": name_role,
    "citation": cite_edition,
    "choice_question": ask_for_choices,
    "conclusion": say_conclusion,
    "doubt": say_doubt,
    "effort": say_effort,
    "flags": say_flags,
    "group": name_group,
    "group_kind": name_group_kind,
    "likeness": say_likeness,
    "peers_name": name_peers,
    "place": say_place,
    "position": say_position,
    "query": say_query,
    "reason": say_reason,
    "standing": say_standing,
    "unscored": say_unscored,
    "verdict": say_verdict,
    "weighting": say_weighting,
    "why": say_withheld,
    "withheld_notes": say_withheld_notes,
}
