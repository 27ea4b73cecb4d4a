"""Plans of the examples, and of organisations of which a test says a few facts."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from judge import violations

from rse_plan.assessment import assess
from rse_plan.files import read_file
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import Generated, default_settings, scheduled
from rse_plan.plan.model import Plan, Task
from rse_plan.plan.record import plain
from rse_plan.plan.timetable import timetable
from rse_plan.playbook import Playbook, playbook_folder, read_playbook

EXAMPLES = Path(__file__).parents[1] / "examples"
START = date(2026, 10, 19)
AS_OF = date(2026, 10, 12)

Data = dict[str, Any]


@cache
def playbook(folder: Path, language: str) -> Playbook:
    return read_playbook(folder, language)


@cache
def _said(name: str) -> Data:
    found = read_file(EXAMPLES / name / "org.yaml").data
    assert isinstance(found, dict)
    return found


def example(name: str) -> Data:
    return deepcopy(_said(name))


def small(**facts: Any) -> Data:
    return {"kind": "organisation", "name": "Small", **facts}


def planned(
    data: Data,
    language: str = "en",
    start: date = START,
    folder: Path | None = None,
    **wishes: Any,
) -> Generated:
    """Plan an organisation, without the draws of uncertain durations."""
    book = playbook(folder or playbook_folder("core"), language)
    organisation = Organisation.model_validate(data)
    assessment = assess(organisation, book, organisation.as_of or AS_OF)
    chosen = default_settings(book, start).model_copy(update=wishes)
    plan = draft(organisation, assessment.standing, chosen, Language(language), assessment.as_of)
    return scheduled(timetable(plan), runs=0)


def tasks(plan: Plan) -> Mapping[str, Task]:
    return {one.task.id: one.task for one in plan.placed}


def judged(made: Generated) -> list[str]:
    return violations(plain(made.plan))


FRENCH = small(
    headcount=400,
    countries=["FR"],
    employer={"type": "private"},
    sites=[{"id": "here", "name": "Here", "country": "FR", "headcount": 400}],
)
