"""The first page, and the pages that everybody may read."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from flask import Blueprint, Response, abort, current_app, g, render_template
from flask.typing import ResponseReturnValue

from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.questionnaires import queries
from assessment.web.access import public
from assessment.web.views.demonstration import PEOPLE
from reports.charts import Strip, build_strip

bp = Blueprint("home", __name__)

# How long a program may keep what security.txt says.
CONTACT_LIFETIME = timedelta(days=30)

# Invented, for the first page: own score, the peers' lower quartile, median, upper quartile.
EXAMPLE_FIGURES = (
    (3.4, 2.4, 3.1, 3.8),
    (2.2, 1.9, 2.5, 3.0),
    (2.8, 2.2, 2.7, 3.3),
    (1.8, 1.6, 2.2, 2.7),
    (3.1, 1.9, 2.4, 2.9),
    (2.6, 2.0, 2.6, 3.2),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A principle with invented figures."""

    name: str
    score: float
    q1: float
    median: float
    q3: float
    strip: Strip


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Say in a screen and a half what this is, what it takes and how to enter."""
    questionnaire = queries.read_current_questionnaire(g.db, g.today)
    return render_template(
        "pages/home/index.html",
        questionnaire=questionnaire,
        examples=build_examples(questionnaire),
        people=PEOPLE,
    )


def build_examples(questionnaire: Questionnaire) -> list[Example]:
    """Put invented figures to the principles, as many as there are figures for."""
    levels = len(questionnaire.levels)
    return [
        Example(
            *(principle.name, own, q1, median, q3),
            strip=build_strip(levels, own, None, q1, median, q3, None, principle.name),
        )
        for principle, (own, q1, median, q3) in zip(
            questionnaire.principles, EXAMPLE_FIGURES, strict=False
        )
    ]


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say who can see what."""
    return render_template("pages/home/privacy.html")


@bp.get("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    """Say whom to tell of a weakness (RFC 9116), where the installation names somebody."""
    contact = current_app.config["SECURITY_CONTACT"]
    if not contact:
        abort(404)
    expires = (g.now + CONTACT_LIFETIME).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\n"
    return Response(lines, content_type="text/plain; charset=utf-8")


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say what was tested and whom to tell of a barrier."""
    return render_template("pages/home/accessibility.html")
