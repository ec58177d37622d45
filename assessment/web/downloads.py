"""Files sent to be kept, each under a sensible name."""

from flask import Response


def send_file(name: str, content: str | bytes, content_type: str) -> Response:
    """Return a file to download under this name."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=disposition)
