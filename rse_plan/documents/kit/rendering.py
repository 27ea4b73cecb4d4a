"""Fill the templates of the kit: one document, or one for each site or use case."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from markupsafe import Markup

from rse_plan.documents.kit.catalogue import Template, catalogue
from rse_plan.documents.kit.charts import chart
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.manuscript import bound, placed
from rse_plan.documents.kit.marks import Chart
from rse_plan.documents.render import markdown_text, sandbox
from rse_plan.language import plain_name
from rse_plan.organisation.model import UseCase
from rse_plan.plan.model import Site

Subject = Site | UseCase | None
# Finds a chart by its name; None where it has no figures.
Find = Callable[[str, Dossier], Chart | None]

_LONGEST = 80
# Windows keeps these for devices, whatever the ending.
_RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
_BLANK_LINES, _BLANK_LINE = re.compile(r"\n{3,}"), "\n\n"


@dataclass(frozen=True)
class Wanted:
    """A document that is to be made: its template, its language, and what it is about.

    `stem` is the name of its file without the ending, safe on every system.
    """

    template: Template
    language: str
    stem: str
    subject: Subject = None

    @property
    def title(self) -> str:
        """What it is called."""
        if self.subject is None:
            return self.template.title
        name = self.subject.name if isinstance(self.subject, Site) else self.subject.title
        return f"{self.template.title} – {name}"

    @property
    def charts(self) -> tuple[tuple[str, str], ...]:
        """The charts that it places, by language and name."""
        return tuple((self.language, name) for name in self.template.charts)

    @property
    def depth(self) -> int:
        """How many folders it stands in."""
        return self.stem.count("/")


def wanted(
    dossier: Dossier, others: Collection[str] = (), templates: Path | None = None
) -> Iterator[Wanted]:
    """List all documents of a plan, in the order of their names.

    What is about a site is in its language, if there is a template in it. Documents of one title
    are told apart by their ids.
    """
    code = dossier.say.code
    known = catalogue(code, templates)
    names = Counter(file_name(template.title) for template in known)
    for template in known:
        stem = file_name(template.title)
        if names[stem] > 1:
            stem = f"{stem}-{template.id}"
        if template.per == "programme":
            yield Wanted(template, code, stem)
        elif template.per == "use-case":
            for case in dossier.use_cases:
                yield Wanted(template, code, f"{stem}/{file_name(case.id)}", case)
        else:
            for site in dossier.plan.sites:
                spoken = (site.language or "").partition("-")[0]
                theirs = catalogue(spoken, templates) if spoken in others else ()
                found = next((one for one in theirs if one.id == template.id), None)
                language = spoken if found else code
                yield Wanted(found or template, language, f"{stem}/{file_name(site.id)}", site)


def rendered(
    document: Wanted, dossier: Dossier, templates: Path | None = None, find: Find = chart
) -> str:
    """Fill a template, of ours unless a folder has one; return Markdown with one break at its end.

    `find` finds the charts that are placed. Raise TemplateError where a template cannot be filled.
    """
    template = sandbox(dossier.say.code, templates).get_template(document.template.name)
    subject = document.subject
    if isinstance(subject, Site):
        # The same site, in the words of this dossier.
        subject = next((one for one in dossier.plan.sites if one.id == subject.id), subject)
    text = template.render(
        it=dossier,
        plan=dossier.plan,
        say=dossier.say,
        chart=partial(_placed, document, dossier, find),
        title=document.title,
        site=subject if isinstance(subject, Site) else None,
        case=subject if isinstance(subject, UseCase) else None,
    )
    return f"{bound(_BLANK_LINES.sub(_BLANK_LINE, text.strip()), dossier.say)}\n"


def file_name(text: str) -> str:
    """Name a file after a text, so that every system takes it."""
    name = plain_name(text)[:_LONGEST].strip("-") or "document"
    return f"{name}-" if name in _RESERVED else name


def _placed(document: Wanted, dossier: Dossier, find: Find, name: str) -> Markup:
    """Place a chart under its title, in one paragraph so that no page comes between them.

    There is nothing where it has no figures, or cannot be drawn.
    """
    found = find(name, dossier) if dossier.draws else None
    if found is None:
        return Markup()
    title, text = markdown_text(found.title), markdown_text(found.description)
    return Markup(f"**{title}**\\\n{placed(name, text, dossier.say.code, document.depth)}")  # noqa: S704 - escaped
