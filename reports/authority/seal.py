"""What a printed report can be checked by."""

import hashlib
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Seal:
    """A report's code, the site that knows it, and the hash of the report's figures."""

    code: str
    site: str
    content_hash: str

    @property
    def address(self) -> str:
        """Return the address of the page that confirms the report."""
        return f"{self.site}?code={self.code}"

    @property
    def qr(self) -> Markup:
        """Return the address as a QR code: an SVG of paths only, with its text beside it."""
        import segno  # noqa: PLC0415 (only reports need it)

        square = segno.make(self.address, error="m", micro=False)
        drawn = square.svg_inline(border=2, omitsize=True, dark="#16232b", title=self.address)
        return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 (paths only)


def hash_content(figures: str) -> str:
    """Return the SHA-256 of a report's figures as they are attached, in hexadecimal."""
    return hashlib.sha256(figures.encode()).hexdigest()
