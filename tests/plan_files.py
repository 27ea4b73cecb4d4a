"""A plan that the command wrote for a small organisation: how tests edit and read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from command import Ran

from rse_plan.files import read_file

ORG = """\
kind: organisation
name: Essai
as_of: 2026-10-14
means:
  team:
  - {role: project-lead, people: 1}
  - {role: community-manager, people: 2}
  - {role: trainer, people: 1}
sites:
- {id: hq, name: Siège, country: FR, headcount: 300, headquarters: true}
- {id: lyon, name: Lyon, country: FR, headcount: 200}
"""

Make = Callable[..., Ran]


# What the command writes, once it was run.
_WRITTEN: dict[str, bytes] = {}


def plan(path: Path) -> dict[str, Any]:
    found = read_file(path).data
    assert isinstance(found, dict)
    return found


def edit(path: Path, was: str, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")


def tasks(data: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [*data["phases"], *data["sites"]]
    return [one for group in groups for one in group.get("tasks", ())]


def task(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in tasks(data) if one["id"] == name)


def first_after(name: str, data: dict[str, Any]) -> str:
    """Return the first day of all that waits for a task."""
    return min(str(one["start"]) for one in tasks(data) if name in one.get("after", ()))
