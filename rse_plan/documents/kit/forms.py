"""The forms in which documents are written: each document, or the whole plan in one file."""

from collections.abc import Callable, Mapping

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.rendering import Wanted, rendered

# Writes one document in one form.
Writer = Callable[[Wanted, Dossier], bytes]


def _markdown(document: Wanted, dossier: Dossier) -> bytes:
    return rendered(document, dossier).encode()


def _html(document: Wanted, dossier: Dossier) -> bytes:
    from rse_plan.documents.kit.page import page  # noqa: PLC0415 - only for pages

    text = rendered(document, dossier)
    return page(text, f"{document.title} – {dossier.plan.organisation}", dossier.say.code).encode()


def _ics(dossier: Dossier) -> bytes:
    from rse_plan.documents.kit.calendar import calendar  # noqa: PLC0415 - only for calendars

    return calendar(dossier)


def _xlsx(dossier: Dossier) -> bytes:
    from rse_plan.documents.kit.workbook import workbook  # noqa: PLC0415 - only for workbooks

    return workbook(dossier)


WRITERS: Mapping[str, Writer] = {"md": _markdown, "html": _html}
# Writes the whole plan in one form, under a name.
WHOLE: Mapping[str, tuple[str, Callable[[Dossier], bytes]]] = {
    "ics": ("kit.calendar.name", _ics),
    "xlsx": ("kit.workbook.name", _xlsx),
}
# Forms of which a difference can be read.
READABLE = ("md", "html", "ics")
