"""Turn YAML text into models, and every fault in it into a diagnostic with its place."""

from rse_plan.files.diagnostic import (
    START,
    UNREAD,
    Diagnostic,
    InvalidFileError,
    Related,
    Span,
    in_order,
)
from rse_plan.files.loader import closest, load
from rse_plan.files.reader import (
    Document,
    Location,
    content_of,
    lines_of,
    read_bytes,
    read_file,
    read_text,
)

__all__ = [
    "START", "UNREAD", "Diagnostic", "Document", "InvalidFileError", "Location", "Related", "Span",
    "closest", "content_of", "in_order", "lines_of", "load", "read_bytes", "read_file", "read_text",
]  # fmt: skip
