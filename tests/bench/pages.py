"""What a page costs in processor time, beside a bare page with some statements."""

import re
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import numpy as np
from flask import Flask, g, render_template
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import clock
from assessment.content.questionnaire import load_questionnaire
from assessment.demonstration.installing import DEMONSTRATION_LEAD, install_demonstration
from assessment.services.people import queries, signing_in
from assessment.storage.database import migrate, open_engine
from assessment.storage.models import (
    AgreedAnswerRow,
    AssessmentRow,
    AuthorityRow,
    EditionRow,
    PlannedActionRow,
    QuestionnaireRow,
    RoundRow,
    TargetRow,
)
from assessment.web.access import public
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests import databases
from tests.shifted_clock import TODAY, shift_clock

ROOT = Path(__file__).parents[2]
# One statement each: what a page with eight of them costs at least.
READ = (
    *(AgreedAnswerRow.question_id, AssessmentRow.id, AuthorityRow.name, EditionRow.number),
    *(PlannedActionRow.id, QuestionnaireRow.version, RoundRow.name, TargetRow.score),
)
BARE = "/bare"
QUESTION = "/assessment/questions/1.1"
PAGES = {
    "the results": "/results/",
    "the scorecard as a page": "/results/scorecard",
    "the plan": "/plan/",
    "the task list": "/assessment/",
}
TURNS = 40
Times = dict[str, float]


def measure_pages() -> Times:
    """Return the median seconds of processor time of each page, the bare one's first."""
    shift_clock()
    with tempfile.TemporaryDirectory() as folder:
        app = _install(Path(folder))
        client = _sign_in(app)
        views: dict[str, Callable[[], None]] = {BARE: lambda: _get(client, BARE)}
        views |= {name: lambda path=path: _get(client, path) for name, path in PAGES.items()}
        levels = cycle(("3", "4"))
        views["a question and its save"] = lambda: _answer(client, next(levels))
        for view in views.values():
            view()
        # in turns, so that a busy machine slows each alike
        times = [[_time(view) for view in views.values()] for _ in range(TURNS)]
        medians = np.median(times, axis=0)
        app.extensions["engine"].dispose()
    return dict(zip(views, map(float, medians), strict=True))


def _install(folder: Path) -> Flask:
    """Make the application on the demonstration, with one more page."""
    url = databases.make_database(databases.start_server(folder), "bench")
    engine = open_engine(url)
    migrate(engine)
    with Session(engine) as db:
        install_demonstration(db, load_questionnaire(ROOT / "questions.yaml"), TODAY)
        db.commit()
    engine.dispose()
    app = create_app(load_config({"DATABASE_URL": url, "DEMONSTRATION": "1"}, folder))

    @app.get(BARE)
    @public
    def bare() -> str:
        for column in READ:
            g.db.execute(select(column).limit(1)).first()
        return render_template("pages/home/accessibility.html")

    return app


def _sign_in(app: Flask) -> FlaskClient:
    """Return a client of the demonstration's lead."""
    client = app.test_client()
    with app.extensions["database"].begin() as db, client.session_transaction() as session:
        lead = queries.find_membership(db, email=DEMONSTRATION_LEAD)
        assert lead is not None
        session["_user_id"] = signing_in.begin_session(db, lead.person, now=clock.now())
        session["_fresh"] = True
    return client


def _get(client: FlaskClient, path: str) -> str:
    """Return a page's text."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.get_data(as_text=True)


def _answer(client: FlaskClient, level: str) -> None:
    """Open a question and save a level."""
    page = _get(client, QUESTION)
    form = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    names, values = (
        [found[1] for each in form if (found := re.search(f'{part}="([^"]*)"', each))]
        for part in ("name", "value")
    )
    response = client.post(
        QUESTION, data={**dict(zip(names, values, strict=True)), "choice": level}
    )
    assert response.status_code == 302, response.get_data(as_text=True)


def _time(view: Callable[[], object]) -> float:
    start = time.process_time()
    view()
    return time.process_time() - start
