"""Publishing questionnaires and opening rounds."""

from datetime import date

from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError
from assessment.core.questionnaire import Questionnaire
from assessment.core.rounds import Round
from assessment.storage import audit, questionnaires, rounds


def publish_questionnaire(db: Session, questionnaire: Questionnaire, *, by: str) -> None:
    """Publish an immutable version.

    Raises NotAllowedError where the version exists with other content, or where a question of
    the version before is neither kept nor listed as retired.
    """
    versions = questionnaires.read_published_versions(db)
    known = {*questionnaire.question_ids, *questionnaire.retired_ids}
    for version in versions:
        before = questionnaires.read_questionnaire(db, version)
        lost = [q for q in (*before.question_ids, *before.retired_ids) if q not in known]
        if lost:
            raise NotAllowedError(
                f"Version {version} had {', '.join(lost)}. Keep them, or list them in retired_ids."
            )
    questionnaires.save_questionnaire(db, questionnaire)
    if questionnaire.version not in versions:
        audit.save_event(db, by, "questionnaire published", version=questionnaire.version)


def open_round(db: Session, round_: Round, *, by: str) -> None:
    """Announce a round; raises NotAllowedError where its id or its days are taken."""
    questionnaires.read_questionnaire(db, round_.questionnaire_version)
    for other in rounds.read_rounds(db):
        if other.id == round_.id:
            raise NotAllowedError(f"There is a round {round_.id} already.")
        if round_.opens_on <= other.closes_on and other.opens_on <= round_.closes_on:
            raise NotAllowedError(f"The days of round {round_.id} overlap round {other.id}.")
    if round_.closes_on < round_.opens_on:
        raise NotAllowedError("A round cannot close before it opens.")
    rounds.save_round(db, round_)
    opens_on, closes_on = date.isoformat(round_.opens_on), date.isoformat(round_.closes_on)
    audit.save_event(
        db, by, "round opened", round=round_.id, opens_on=opens_on, closes_on=closes_on
    )
