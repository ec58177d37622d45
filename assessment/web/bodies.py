"""What a request may carry: the edge at which bodies of another kind are turned away.

Behind it every text is a text, without the null character that PostgreSQL refuses, a file
stands only where a form asks for one, and no cookie is there but the session's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from flask import Request, current_app, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

from assessment.locale import gettext

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

View = TypeVar("View", bound=Callable[..., Any])
Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]


@dataclass(frozen=True, slots=True)
class FileAllowed:
    """The one file that a form may bring, and how many bytes the whole request may have."""

    field: str
    max_bytes: int


class BodyParser(FormDataParser):
    """Reads the two kinds of body that a form is sent in, and refuses every other."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Parsed:
        """Return texts and files by name; raises BadRequest or UnsupportedMediaType."""
        if mimetype not in FORM_TYPES:
            raise UnsupportedMediaType(gettext("What was sent is not one of this service’s forms."))
        parsers = {"multipart/form-data": self._parse_multipart}
        parse = parsers.get(mimetype, self._parse_urlencoded)
        try:
            rest, texts, files = parse(stream, mimetype, content_length, options or {})
        except ValueError as error:
            raise BadRequest(gettext("The form could not be read.")) from error
        # Werkzeug keeps a part without a name under None, and leaves its file open.
        if None in texts or None in files:
            for _, sent in files.items(multi=True):
                sent.close()
            raise BadRequest(gettext("The form could not be read."))
        return rest, self.cls(_clean(texts)), self.cls(files)


class FormRequest(Request):
    """A request whose texts hold no null character, and whose cookies are ours."""

    form_data_parser_class = BodyParser

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Return the parameters of the address."""
        return ImmutableMultiDict(_clean(super().args))

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """Return the session's cookie alone.

        The sign-in library would read one of its own, which we never send, and fails on some.
        """
        name = current_app.config["SESSION_COOKIE_NAME"]
        return ImmutableMultiDict((name, kept) for kept in super().cookies.getlist(name))


def takes_file(field: str, *, max_bytes: int) -> Callable[[View], View]:
    """Mark a view whose form may bring a file in this field."""

    def mark(view: View) -> View:
        view.file_allowed = FileAllowed(field, max_bytes)  # type: ignore[attr-defined]
        return view

    return mark


def check_body(view: Callable[..., Any]) -> None:
    """Refuse a body that this view cannot take; raises an HTTP error with a sentence."""
    allowed: FileAllowed | None = getattr(view, "file_allowed", None)
    if allowed is not None:
        request.max_content_length = allowed.max_bytes
    if request.method == "POST" and set(request.files) - ({allowed.field} if allowed else set()):
        raise BadRequest(gettext("A file was sent where the form asks for text."))


def _clean(texts: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    """Return names and texts without their null characters."""
    return [
        (name.replace("\x00", ""), text.replace("\x00", ""))
        for name, text in texts.items(multi=True)
    ]
