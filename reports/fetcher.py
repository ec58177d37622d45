"""The only door WeasyPrint has to the outside: the reports' own static files."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint import URLFetcher
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

STATIC = Path(__file__).parent / "static"
# What the addresses of a report are relative to.
BASE = f"{STATIC.as_uri()}/"


class RefusedAddressError(FatalURLFetchingError):  # type: ignore[misc]
    """A report asked for something that is no static file of the reports; nothing is made."""


class StaticFetcher(URLFetcher):  # type: ignore[misc]
    """Open files of ``reports/static`` and nothing else, on this machine or any other."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return a static file; raises RefusedAddressError for every other address."""
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        is_static = parts.scheme == "file" and not parts.netloc and path.is_relative_to(STATIC)
        if not is_static or not path.is_file():
            raise RefusedAddressError(f"A report may not open {url[:200]}.")
        return super().fetch(path.as_uri(), headers)
