"""The forms of documents: pages, office texts, PDF, slides, and files of the whole plan.

Each is a module with a function of its own name, imported when the form is asked for.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

# The forms of one document, and the module of each.
FORMS: Mapping[str, str] = {
    "md": "markdown",
    "html": "page",
    "docx": "word",
    "odt": "opendocument",
    "pdf": "pdf",
}
# Those that pandoc and Typst make, while Python waits.
MADE_BESIDE = ("docx", "odt", "pdf")


def writer(module: str) -> Callable[..., bytes]:
    """Return what writes a form; raise ModuleNotFoundError when an extra is not installed."""
    found: Any = getattr(import_module(f"{__name__}.{module}"), module)
    written: Callable[..., bytes] = found
    return written
