"""Which documents there are: one template in each language, found where it stands.

``templates/<language>/kit/<id>.md.j2`` is filled once, those under ``kit/site`` once for each site,
those under ``kit/use-case`` once for each use case. The first line of a template is a comment with
the title of the document and what it is for.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from rse_plan.files.resources import shipped

Per = Literal["programme", "site", "use-case"]

FOLDER, ENDING = "kit", ".md.j2"
_FIRST_LINE = re.compile(r"\{#- (?P<title>[^.]+)\. (?P<purpose>.+) -#\}\n")
_NO_TITLE = "the first line is not {#- Title. What it is for. -#}"
_CHART = re.compile(r"""\bchart\(["']([a-z-]+)["']\)""")


class TemplateFaultError(Exception):
    """A template that cannot be filled: its name, the line if known, and what is wrong.

    Nothing is said to be wrong with one that takes too long or too much.
    """

    def __init__(self, name: str, line: int | None, problem: str | None) -> None:
        """Hold where and what."""
        super().__init__(name, line, problem)
        self.name, self.line, self.problem = name, line, problem


@dataclass(frozen=True)
class Template:
    """A document before it is filled: what it is called, what it is for, which charts it places."""

    id: str
    per: Per
    title: str
    purpose: str
    charts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the template inside the folder of its language."""
        folder = FOLDER if self.per == "programme" else f"{FOLDER}/{self.per}"
        return f"{folder}/{self.id}{ENDING}"


@cache
def catalogue(language: str, before: Path | None = None) -> tuple[Template, ...]:
    """List the documents of a language by their ids; those of a brand's folder come before ours.

    Raise TemplateFaultError for a template whose first line does not say what it is for.
    """
    found = {
        (per, path.name): _template(path, per)
        for root in filter(None, (shipped("templates"), before))
        for per in get_args(Per)
        for path in _folder(root / language / FOLDER, per).glob(f"*{ENDING}")
    }
    return tuple(sorted(found.values(), key=lambda template: template.id))


def _folder(kit: Path, per: Per) -> Path:
    return kit if per == "programme" else kit / per


def _template(path: Path, per: Per) -> Template:
    text = path.read_text(encoding="utf-8")
    said = _FIRST_LINE.match(text)
    if said is None:
        raise TemplateFaultError(f"{path.parent.name}/{path.name}", 1, _NO_TITLE)
    charts = tuple(dict.fromkeys(_CHART.findall(text)))
    return Template(path.name.removesuffix(ENDING), per, said["title"], said["purpose"], charts)
