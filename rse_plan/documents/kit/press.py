"""Documents in every form, and what several of them share made only once.

A form imports what is optional, or slow to import, when it is asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from rse_plan.documents.kit.charts import CHARTS, chart
from rse_plan.documents.kit.confined import rendered_apart
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.calendar import calendar
from rse_plan.documents.kit.forms.deck import deck
from rse_plan.documents.kit.forms.opendocument import opendocument
from rse_plan.documents.kit.forms.page import page
from rse_plan.documents.kit.forms.pdf import pdf
from rse_plan.documents.kit.forms.project import project
from rse_plan.documents.kit.forms.word import word
from rse_plan.documents.kit.forms.workbook import workbook
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.manuscript import CHART, Manuscript
from rse_plan.documents.kit.rendering import Wanted, rendered, wanted
from rse_plan.documents.render import plain_line

# Writes one document in one form.
Writer = Callable[[Manuscript, Look], bytes]
# Writes the whole plan in one form.
PlanWriter = Callable[["Press"], bytes]

# The document that is also a deck of slides.
DECK = "steering-deck"
DECK_FORM = "pptx"
# The form of a chart that stands by itself.
DRAWING = "svg"


@dataclass
class Press:
    """Makes the files of a kit from a dossier in each language that is asked for, with a look."""

    dossier: Dossier
    look: Look = field(default_factory=Look)
    other: Callable[[str], Dossier] | None = None
    texts: dict[str, str] = field(default_factory=dict)
    drawings: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def in_language(self, code: str) -> Dossier:
        """Return what fills the documents in a language."""
        if self.other is None or code == self.dossier.say.code:
            return self.dossier
        return self.other(code)

    def set_up(self, documents: Iterable[Wanted]) -> None:
        """Fill documents before they are put into forms; raise TemplateFaultError.

        Templates of a brand are filled in a process of their own.
        """
        due = [
            (one, self.in_language(one.language)) for one in documents if one.stem not in self.texts
        ]
        if self.look.templates is None:
            filled = [rendered(*one) for one in due]
        else:
            filled = rendered_apart(due, self.look.templates) if due else []
        self.texts |= {one.stem: text for (one, _), text in zip(due, filled, strict=True)}

    def manuscript(self, document: Wanted) -> Manuscript:
        """Return a document that is filled, with its charts."""
        if document.stem not in self.texts:
            self.set_up([document])
        text, filled = self.texts[document.stem], self.in_language(document.language)
        names = {found["name"] for found in CHART.finditer(text)}
        return Manuscript(
            markdown=text,
            title=plain_line(document.title),
            organisation=plain_line(filled.plan.organisation),
            foot=filled.foot,
            language=filled.say.code,
            day=filled.plan.made_from.organisation_as_of,
            charts={name: self.drawing(name, filled) for name in sorted(names)},
        )

    def drawing(self, name: str, filled: Dossier) -> str:
        """Draw a chart as SVG, once in each language."""
        from rse_plan.documents.kit.forms.drawing import svg  # noqa: PLC0415 - optional, and slow

        key = f"{filled.say.code}/{name}"
        with self.lock:
            if key not in self.drawings:
                found = chart(name, filled)
                if found is None:
                    raise KeyError(name)
                self.drawings[key] = svg(found, name, self.look, filled.say)
            return self.drawings[key]

    def made(self, form: str, document: Wanted | None, stem: str) -> bytes:
        """Make a document, a chart or the whole plan; raise ModuleNotFoundError for an extra."""
        if form == DRAWING:
            _, code, name = stem.split("/")
            return self.drawing(name, self.in_language(code)).encode()
        if document is None:
            return PLAN_FORMS[form].write(self)
        return FORMS[form](self.manuscript(document), self.look)


@dataclass(frozen=True)
class PlanForm:
    """A form of the whole plan: the words for its name, the ending, and what writes it."""

    name: str
    ending: str
    write: PlanWriter


def _markdown(manuscript: Manuscript, look: Look) -> bytes:  # noqa: ARG001 - text has no look
    return manuscript.markdown.encode()


def _deck(press: Press) -> bytes:
    dossier = press.dossier
    documents = wanted(dossier, templates=press.look.templates)
    manuscript = press.manuscript(next(one for one in documents if one.template.id == DECK))
    charts = {name: found for name in CHARTS if (found := chart(name, dossier))}
    return deck(
        manuscript.markdown, charts, press.look, manuscript.foot, dossier.say, manuscript.day
    )


FORMS: Mapping[str, Writer] = {
    "md": _markdown,
    "html": page,
    "docx": word,
    "odt": opendocument,
    "pdf": pdf,
}
PLAN_FORMS: Mapping[str, PlanForm] = {
    DECK_FORM: PlanForm("kit.deck.name", "pptx", _deck),
    "xlsx": PlanForm(
        "kit.workbook.name", "xlsx", lambda press: workbook(press.dossier, press.look)
    ),
    "ics": PlanForm("kit.calendar.name", "ics", lambda press: calendar(press.dossier)),
    "mspdi": PlanForm("kit.project.name", "xml", lambda press: project(press.dossier)),
}
# Forms of which a difference can be read.
READABLE = ("md", "html", "ics", "mspdi", DRAWING)
