"""The catalogue of messages: every text that people read, in the language that they read.

A message's id is the English text itself, a whole sentence with named places for its values, such
as ``%(name)s``; a percent sign that is meant as one is written ``%%``. A language is a folder here
with its ``LC_MESSAGES/messages.mo``; English needs none. Templates have the same catalogue, by
``{% trans %}`` and ``_()``.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.support import LazyProxy, NullTranslations, Translations
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

# British English: its dates and its name for whoever reads aloud.
ENGLISH = "en_GB"
FOLDER = Path(__file__).parent

# The language of whoever reads what is written now.
language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speak(name: str) -> Iterator[None]:
    """Say everything in a language for a while, whatever the reader's."""
    token = language.set(name)
    try:
        yield
    finally:
        language.reset(token)


def language_tag() -> str:
    """Return the language that is spoken now as pages and documents name it, such as en-GB."""
    return language.get().replace("_", "-")


def gettext(message: str, /, **values: object) -> str:
    """Return a message with its values, in the reader's language."""
    return _translate(message) % values


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Return a message in the form that goes with a count, which it has as ``%(num)s``."""
    return _translate_plural(singular, plural, count) % ({"num": count} | values)


def mark(message: str, /) -> str:
    """Return a message as it is, for the catalogue to list it; gettext says it later."""
    return message


def lazy_gettext(message: str, /, **values: object) -> str:
    """Return what becomes a message when it is shown: for texts that are written at import."""
    # It stands wherever a text may stand.
    return LazyProxy(gettext, message, enable_cache=False, **values)  # type: ignore[return-value]


def lazy_ngettext(singular: str, plural: str) -> Callable[..., str]:
    """Return what makes a message of a count and values, for texts that are written at import."""

    def fill(count: int, /, **values: object) -> str:
        return ngettext(singular, plural, count, **values)

    return fill


def set_up_messages(environment: Environment) -> None:
    """Let templates use the catalogue, newstyle: messages are markup, their values are escaped."""
    environment.add_extension("jinja2.ext.i18n")
    # Line breaks and indents of a template are no part of a message.
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {
        "gettext": _say,
        "ngettext": _say_plural,
        "language_tag": language_tag,
    }


@pass_context
def _say(context: Context, message: str, /, **values: object) -> str:
    """Return a message as a template prints it."""
    return _fill(context, _translate(message), values)


@pass_context
def _say_plural(context: Context, singular: str, plural: str, num: int, /, **values: object) -> str:
    """Return the form of a message that goes with a count, as a template prints it."""
    return _fill(context, _translate_plural(singular, plural, num), {"num": num} | values)


def _fill(context: Context, message: str, values: Mapping[str, object]) -> str:
    """Fill values in, each as the environment would have printed it by itself."""
    finalize = context.environment.finalize or _leave
    markup = Markup(message) if context.eval_ctx.autoescape else message  # noqa: S704 (our own)
    return markup % {name: finalize(value) for name, value in values.items()}


def _leave(value: object) -> object:
    return value


def _translate(message: str) -> str:
    """Return a message without its values."""
    return _load_catalogue(language.get()).gettext(message)


def _translate_plural(singular: str, plural: str, count: int) -> str:
    """Return the form of a message that goes with a count, without its values."""
    return _load_catalogue(language.get()).ngettext(singular, plural, count)


@cache
def _load_catalogue(name: str) -> NullTranslations:
    """Return the messages of a language; where one is missing, it is English."""
    return Translations.load(FOLDER, [name])
