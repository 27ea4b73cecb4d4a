"""Fill the templates of the kit: one document, or one for each site or use case."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rse_plan.documents.kit.catalogue import FOLDER, Template, catalogue
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.render import sandbox
from rse_plan.files.resources import shipped
from rse_plan.language import plain_name
from rse_plan.organisation.model import UseCase
from rse_plan.plan.model import Site

Subject = Site | UseCase | None

_LONGEST = 80


@dataclass(frozen=True)
class Wanted:
    """A document that is to be made: its template, and the site or use case that it is about."""

    template: Template
    subject: Subject = None

    @property
    def title(self) -> str:
        """What it is called."""
        if self.subject is None:
            return self.template.title
        name = self.subject.name if isinstance(self.subject, Site) else self.subject.title
        return f"{self.template.title} – {name}"

    @property
    def stem(self) -> str:
        """The name of its file without its ending, safe on every system."""
        stem = file_name(self.template.title)
        return stem if self.subject is None else f"{stem}/{self.subject.id}"


def wanted(dossier: Dossier) -> Iterator[Wanted]:
    """List all documents of a plan, in the order of their names."""
    for template in catalogue(dossier.say.code):
        if template.per == "programme":
            yield Wanted(template)
        elif template.per == "site":
            yield from (Wanted(template, site) for site in dossier.plan.sites)
        else:
            yield from (Wanted(template, case) for case in dossier.use_cases)


@cache
def sources(language: str) -> str:
    """Return all templates of a language as one text, which changes when one of them does."""
    folder = shipped("templates")
    files = [*(folder / language / FOLDER).rglob("*.j2"), *folder.glob("*.j2")]
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


def rendered(document: Wanted, dossier: Dossier) -> str:
    """Fill a template; return Markdown that ends with one line break."""
    template = sandbox(dossier.say.code).get_template(document.template.name)
    text = template.render(
        it=dossier,
        plan=dossier.plan,
        say=dossier.say,
        title=document.title,
        site=document.subject if isinstance(document.subject, Site) else None,
        case=document.subject if isinstance(document.subject, UseCase) else None,
    )
    return f"{text.strip()}\n"


def file_name(text: str) -> str:
    """Name a file after a text."""
    return plain_name(text)[:_LONGEST] or "document"
