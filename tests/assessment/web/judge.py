"""A web client that judges every page it visits."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from tinyhtml5.parser import HTMLParser as SpecificationParser
from werkzeug.test import TestResponse


class _Reader(HTMLParser):
    """Gathers what a page is judged by."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.texts: dict[str, list[str]] = {"h1": [], "title": []}
        self.open_tag = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids[str(values["id"])] += 1
        if tag == "label":
            self.labelled.add(str(values.get("for")))
        if tag in {"input", "select", "textarea"} and values.get("type") != "hidden":
            self.fields.append(values)
        if tag in self.texts and not (tag == "title" and self.texts["title"]):
            self.open_tag = tag
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.open_tag:
            self.open_tag = ""

    def handle_data(self, data: str) -> None:
        if self.open_tag:
            self.texts[self.open_tag][-1] += data


def judge_page(html: str) -> list[str]:
    """List what is wrong with a page; empty where nothing is."""
    parser = SpecificationParser()
    parser.parse(html)
    faults = [f"HTML: {error}" for error in parser.errors]
    page = _Reader(html)
    headings = [" ".join(text.split()) for text in page.texts["h1"]]
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1")
    elif (
        not " ".join(page.texts["title"][0].split()).removeprefix("Error: ").startswith(headings[0])
    ):
        faults.append(f"title {page.texts['title'][0]!r} does not begin with {headings[0]!r}")
    faults += [f"id {i} stands {n} times" for i, n in page.ids.items() if n > 1]
    faults += [
        f"field {f.get('name')} has no label"
        for f in page.fields
        if f.get("id") not in page.labelled and not f.get("aria-label")
    ]
    return faults


class JudgingClient(FlaskClient):
    """Fails the test that visits a faulty page; sends forms with the fields that all carry."""

    authority_id: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if kwargs.get("method") == "POST":
            form = super().open("/", method="GET").get_data(as_text=True)
            token = re.search(r'name="csrf_token" value="([^"]+)"', form)
            assert token, form
            own = {"authority_id": self.authority_id} if self.authority_id else {}
            kwargs["data"] = {"csrf_token": token[1]} | own | kwargs.get("data", {})
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 308}:
            faults = judge_page(response.get_data(as_text=True))
            assert not faults, faults
        return response
