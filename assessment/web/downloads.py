"""Files sent to be kept, each under a sensible name."""

from flask import Response

CSV = "text/csv; charset=utf-8"
# Without it spreadsheets read a CSV file in the machine's old encoding.
BYTE_ORDER_MARK = "\ufeff"


def send_file(name: str, content: str | bytes, content_type: str) -> Response:
    """Return a file to download under this name."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=disposition)


def send_table(name: str, text: str) -> Response:
    """Return CSV text as a file that spreadsheets open right."""
    return send_file(name, BYTE_ORDER_MARK + text, CSV)
