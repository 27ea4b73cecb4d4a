"""Documents in every form, and what several of them share made only once."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock

from rse_plan.documents.kit.artist import Draw, drawn_here
from rse_plan.documents.kit.charts import CHARTS, chart
from rse_plan.documents.kit.confined import rendered_apart
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms import FORMS, writer
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.manuscript import CHART, Manuscript
from rse_plan.documents.kit.marks import Chart
from rse_plan.documents.kit.rendering import Wanted, rendered, wanted
from rse_plan.documents.render import plain_line

# Writes the whole plan in one form.
PlanWriter = Callable[["Press"], bytes]

# The document that is also a deck of slides.
DECK = "steering-deck"
DECK_FORM = "pptx"
# The form of a chart that stands by itself.
DRAWING = "svg"


@dataclass
class Press:
    """Makes the files of a kit from a dossier in each language that is asked for, with a look.

    Charts may be drawn beside the rest.
    """

    dossier: Dossier
    look: Look = field(default_factory=Look)
    other: Callable[[str], Dossier] | None = None
    draw: Draw = drawn_here
    texts: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Chart | None] = field(default_factory=dict)
    drawings: dict[str, Future[str]] = field(default_factory=dict)
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
            filled = [rendered(*one, find=self.chart) for one in due]
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

    def charts(self, documents: Iterable[Wanted]) -> list[tuple[str, str]]:
        """List the charts that documents place, by language and name, less those of no figures."""
        asked = {found for one in documents for found in one.charts}
        return [
            (code, name)
            for code, name in sorted(asked)
            if name in CHARTS and self.chart(name, self.in_language(code))
        ]

    def chart(self, name: str, filled: Dossier) -> Chart | None:
        """Return a chart, found once in each language; None where it has no figures."""
        key = f"{filled.say.code}/{name}"
        if key not in self.figures:
            self.figures[key] = chart(name, filled)
        return self.figures[key]

    def begin(self, documents: Iterable[Wanted]) -> None:
        """Begin to draw the charts of some documents."""
        for code, name in self.charts(documents):
            self._begun(name, self.in_language(code))

    def drawing(self, name: str, filled: Dossier) -> str:
        """Return a chart as SVG; raise KeyError where it has no figures."""
        return self._begun(name, filled).result()

    def _begun(self, name: str, filled: Dossier) -> Future[str]:
        """Begin to draw a chart, once in each language."""
        key = f"{filled.say.code}/{name}"
        with self.lock:
            if key not in self.drawings:
                found = self.chart(name, filled)
                if found is None:
                    raise KeyError(name)
                locale = filled.say("kit.tag")
                self.drawings[key] = self.draw(found, name, self.look, locale)
            return self.drawings[key]

    def made(self, form: str, document: Wanted | None, stem: str) -> bytes:
        """Make a document, a chart or the whole plan; raise ModuleNotFoundError for an extra."""
        if form == DRAWING:
            _, code, name = stem.split("/")
            return self.drawing(name, self.in_language(code)).encode()
        if document is None:
            return PLAN_FORMS[form].write(self)
        return writer(FORMS[form])(self.manuscript(document), self.look)


@dataclass(frozen=True)
class PlanForm:
    """A form of the whole plan: the words for its name, the ending, and what writes it."""

    name: str
    ending: str
    write: PlanWriter


def _deck(press: Press) -> bytes:
    dossier = press.dossier
    documents = wanted(dossier, templates=press.look.templates)
    manuscript = press.manuscript(next(one for one in documents if one.template.id == DECK))
    charts = {name: found for name in CHARTS if (found := press.chart(name, dossier))}
    return writer("deck")(
        manuscript.markdown, charts, press.look, manuscript.foot, dossier.say, manuscript.day
    )


def _workbook(press: Press) -> bytes:
    return writer("workbook")(press.dossier, press.look)


def _calendar(press: Press) -> bytes:
    return writer("calendar")(press.dossier)


def _project(press: Press) -> bytes:
    return writer("project")(press.dossier)


PLAN_FORMS: Mapping[str, PlanForm] = {
    DECK_FORM: PlanForm("kit.deck.name", "pptx", _deck),
    "xlsx": PlanForm("kit.workbook.name", "xlsx", _workbook),
    "ics": PlanForm("kit.calendar.name", "ics", _calendar),
    "mspdi": PlanForm("kit.project.name", "xml", _project),
}
# Forms of which a difference can be read.
READABLE = ("md", "html", "ics", "mspdi", DRAWING)
