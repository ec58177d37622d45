"""Cutting an edition, and having its neighbours settled."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import (
    METHOD_VERSION,
    Edition,
    Override,
    Round,
    hash_figures,
    list_members,
)
from assessment.core.disclosure import audit as audit_publication
from assessment.core.disclosure import publish
from assessment.core.errors import NotAllowedError, UnconfirmedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.people.groups import list_memberships
from assessment.core.statistics.publication import MIN_FOR_CENTRE, DisclosureError, EditionDraft
from assessment.locale import gettext, ngettext
from assessment.services.editions.barriers import summarise_barriers
from assessment.services.editions.benchmarking import find_edition_before, read_history
from assessment.services.editions.item_analysis import analyse_items
from assessment.services.editions.settling import queue_settling
from assessment.storage import (
    audit,
    authorities,
    benchmarks,
    database,
    questionnaires,
    responses,
    rounds,
)
from reports.formats import format_date
from reports.words import name_memberships


def cut_edition(
    db: Session,
    round_id: str,
    today: date,
    *,
    by: Actor,
    overrides: Collection[Override] = (),
) -> Edition:
    """Freeze the round's figures as they are now into a new edition.

    Its groups are made of the authorities that exist on a day of the round, and of those that
    submitted. Raises UnconfirmedError where the round is not over, or too few are counted to
    show a figure, unless ``overrides`` has it; NotAllowedError where an edition is being
    cut; DisclosureError where the figures would disclose a few authorities.
    """
    # Two at once would both take the next number, and neither would be tested against the other.
    if not database.try_lock(db, "cut an edition"):
        raise NotAllowedError(gettext("An edition is being cut already. Wait until that is done."))
    round_ = rounds.read_round(db, round_id)
    questionnaire = questionnaires.read_questionnaire(db, round_.questionnaire_version)
    answer_codes = responses.read_answer_codes(db, round_id, questionnaire.question_ids)
    _require_worthwhile(round_, len(answer_codes), today, overrides)
    members = list_members(authorities.read_authorities(db), round_, set(answer_codes.index))
    memberships = name_memberships(list_memberships(members))
    history = read_history(db, round_)
    own = [e for e in history if e.round_id == round_id]
    number = 1 + len(own)
    then = find_edition_before(db, round_, history)
    cut = publish(
        EditionDraft(round_id, number, questionnaire, answer_codes, memberships, then, history)
    )
    # Each figure was tested as it came; nothing is stored unless all editions together stand the
    # audit too (decision 17).
    checked = audit_publication([*history, cut])
    if checked.exposed:
        raise DisclosureError(
            gettext(
                "Edition %(number)s is not published: it would disclose information about "
                "fewer than %(minimum)s authorities in %(exposed)s.",
                number=number,
                minimum=MIN_FOR_CENTRE,
                exposed=", ".join(checked.exposed),
            )
        )
    edition = Edition(
        round_id=round_id,
        number=number,
        cut_on=today,
        questionnaire_version=questionnaire.version,
        register_version=authorities.read_register_version(db),
        method_version=METHOD_VERSION,
        content_hash=hash_figures(cut.figures, cut.changes),
    )
    frames = (
        analyse_items(db, cut, own)
        | summarise_barriers(db, cut, own)
        | {
            "figures": cut.figures,
            "bases": cut.bases,
            "changes": cut.changes,
            "codes": answer_codes.reset_index(),
            "memberships": memberships,
            "register": benchmarks.frame_register(members),
        }
    )
    benchmarks.save_edition(db, edition, frames)
    queue_settling(db, edition)
    audit.save_event(
        db,
        by,
        EventKind.EDITION_CUT,
        round=round_id,
        number=edition.number,
        hash=edition.content_hash,
    )
    return edition


def _require_worthwhile(
    round_: Round, counted: int, today: date, overrides: Collection[Override]
) -> None:
    """Refuse to freeze figures that will change, or that show nothing, unless somebody insists."""
    if not round_.is_over(today) and Override.OPEN not in overrides:
        raise UnconfirmedError(
            gettext(
                "%(round)s runs until %(day)s: its figures may still change, and an edition stays "
                "as it is for ever.",
                round=round_.name,
                day=format_date(round_.closes_on),
            ),
            Override.OPEN,
        )
    if counted < MIN_FOR_CENTRE and Override.EMPTY not in overrides:
        raise UnconfirmedError(
            ngettext(
                "%(num)s authority has submitted in %(round)s and agreed to be counted: the "
                "edition would show nothing, for figures are shown from %(minimum)s authorities "
                "on.",
                "%(num)s authorities have submitted in %(round)s and agreed to be counted: the "
                "edition would show nothing, for figures are shown from %(minimum)s authorities "
                "on.",
                counted,
                round=round_.name,
                minimum=MIN_FOR_CENTRE,
            ),
            Override.EMPTY,
        )
