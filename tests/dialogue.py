"""Answers for `rse-plan init`, and what it writes down of them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from builders import core
from command import Run

from rse_plan.files import read_file
from rse_plan.files.writer import written
from rse_plan.interview.questions import Interview

OWN = str(Path(__file__).parents[1] / "examples" / "own-playbook")
AS_OF = "2026-11-01"
NAMED = {"kind": "organisation", "name": "Essai", "as_of": AS_OF}
SCHEMA = "organisation.schema.json"
CONSISTENT: Mapping[str, Any] = {
    "headcount": 1200,
    "legal": {"works_council": {"consultation_end": "2026-03-31"}},
}
BY_KIND: Mapping[str, Any] = {
    "boolean": True,
    "number": 3,
    "share": "40%",
    "date": "2026-05-04",
    "text": "la DSI",
    "countries": ["FR"],
    "items": [],
}


Answer = str | type[BaseException]


@cache
def known_but(*left: str) -> dict[str, Any]:
    """Answer all that the core playbook asks for, but the facts that begin with some words."""
    interview = Interview(core(), date(2026, 11, 1), {**NAMED, **CONSISTENT})
    while asked := [one for one in interview.left if not one.path.startswith(left)]:
        question = asked[0]
        choices = question.form.choices
        said = [*choices] if question.form.kind == "list" else choices[-1] if choices else None
        interview = interview.answered(question, said or BY_KIND[question.form.kind])
    return interview.data


def save(data: Mapping[str, Any], name: str = "known.yaml") -> str:
    Path(name).write_text(written(data), encoding="utf-8")
    return name


def fact(path: str, name: str = "org.yaml") -> Any:
    here: Any = read_file(Path(name)).data
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here


def require_sound(run: Run, *options: str) -> None:
    """Have the file accepted by `validate`, without a warning, and read by `assess`."""
    checked = run("validate", "org.yaml", "--fail-on", "warning", *options)
    assert checked.code == 0, checked.out
    assert run("assess", "org.yaml", *options).code == 0
