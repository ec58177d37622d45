"""What everybody may read: the questions, the scale, the case library, the glossary."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from assessment.core.answers.barriers import MAX_CHOICES, list_asked
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.questionnaires import queries
from assessment.web.access import public
from assessment.web.downloads import send_file

bp = Blueprint("library", __name__)


@bp.get("/questions")
@public
def questions() -> ResponseReturnValue:
    """Show every question on one page, to print or to read before a meeting."""
    questionnaire = _questionnaire()
    return render_template(
        "pages/library/questions.html",
        questionnaire=questionnaire,
        asked=list_asked(questionnaire),
        most_chosen=MAX_CHOICES,
    )


@bp.get("/questions.pdf")
@public
def workbook() -> ResponseReturnValue:
    """Send every question as a workbook with room for notes."""
    name, pdf = queries.read_workbook(g.db, g.today)
    return send_file(name, pdf, "application/pdf")


@bp.get("/principles/<principle_id>")
@public
def principle(principle_id: str) -> ResponseReturnValue:
    """Introduce one principle: the myth, the answer, what good looks like."""
    questionnaire = _questionnaire()
    return render_template(
        "pages/library/principle.html",
        questionnaire=questionnaire,
        principle=questionnaire.principle(principle_id),
        number=questionnaire.principle_number(principle_id),
    )


@bp.get("/levels")
@public
def levels() -> ResponseReturnValue:
    """Explain the levels and how scores are made from them."""
    return render_template("pages/library/levels.html", questionnaire=_questionnaire())


@bp.get("/cases")
@public
def cases() -> ResponseReturnValue:
    """Show the case studies, all or of one principle, kind of authority or route."""
    questionnaire = _questionnaire()
    chosen = {name: request.args.get(name, "") for name in ("principle", "kind", "route")}
    found = questionnaire.find_cases(chosen["principle"], chosen["kind"], chosen["route"])
    choices = {
        "principle": [(p.id, p.name) for p in questionnaire.principles],
        "kind": [(kind, kind) for kind in sorted({c.kind for c in questionnaire.cases})],
        "route": [(route, route) for route in sorted({c.route for c in questionnaire.cases})],
    }
    return render_template(
        "pages/library/cases.html",
        questionnaire=questionnaire,
        choices=choices,
        chosen=chosen,
        cases=found,
    )


@bp.get("/glossary")
@public
def glossary() -> ResponseReturnValue:
    """Explain the words of procurement that the questions use."""
    return render_template("pages/library/glossary.html", questionnaire=_questionnaire())


def _questionnaire() -> Questionnaire:
    """Return the questionnaire in use."""
    return queries.read_current_questionnaire(g.db, g.today)
