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


@dataclass(frozen=True)
class Template:
    """A document before it is filled: what it is called, and what it is for."""

    id: str
    per: Per
    title: str
    purpose: str

    @property
    def name(self) -> str:
        """The name of the template inside the folder of its language."""
        folder = FOLDER if self.per == "programme" else f"{FOLDER}/{self.per}"
        return f"{folder}/{self.id}{ENDING}"


@cache
def catalogue(language: str) -> tuple[Template, ...]:
    """List the documents of a language by their ids.

    Raise ValueError for a template whose first line does not say what it is for.
    """
    folder = shipped("templates") / language / FOLDER
    found = (
        _template(path, per)
        for per in get_args(Per)
        for path in (folder if per == "programme" else folder / per).glob(f"*{ENDING}")
    )
    return tuple(sorted(found, key=lambda template: template.id))


def _template(path: Path, per: Per) -> Template:
    said = _FIRST_LINE.match(path.read_text(encoding="utf-8"))
    if said is None:
        raise ValueError(path)
    return Template(path.name.removesuffix(ENDING), per, said["title"], said["purpose"])
