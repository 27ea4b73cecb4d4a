"""Updates of a small plan, judged by what they lost or guessed: leaf by leaf, line by line."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from editing import COMMENT, Page, task_lists
from judge import violations
from rollouts import small

from rse_plan.assessment import assess
from rse_plan.checks.plan import obstacles
from rse_plan.files import Document, InvalidFileError, load, read_text
from rse_plan.files.splice import comments_in, spliced
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import default_settings, scheduled
from rse_plan.plan.model import Plan, Settings
from rse_plan.plan.record import plain
from rse_plan.plan.text import plan_text
from rse_plan.plan.timetable import timetable
from rse_plan.plan.update import Updated, tidied, update
from rse_plan.playbook import Playbook
from rse_plan.scheduling import unmet

Data = dict[str, Any]
Path = tuple[Any, ...]
DAYS = {"start", "end", "date", "forecast", "due", "planned"}
DONE = ("status", "start", "end", "actual_start", "actual_end")
# Forecasts are not what is tried here.
RUNS = 5

ORGANISATION: Data = {
    "kind": "organisation", "name": "Small", "as_of": "2026-10-12", "headcount": 900,
    "pilot": {"start": "2027-02-01", "end": "2027-04-30", "users": 90},
    "means": {"team": [
        {"role": "project-lead", "people": 1}, {"role": "community-manager", "people": 2},
        {"role": "trainer", "people": 1, "days_per_week": 4},
    ]},
    "sites": [
        {"id": "hq", "name": "Head", "country": "FR", "headcount": 400, "headquarters": True},
        {"id": "lyon", "name": "Lyon", "country": "FR", "headcount": 300, "zone": "South"},
        {"id": "madrid", "name": "Madrid", "country": "ES", "headcount": 200, "zone": "Spain"},
    ],
}  # fmt: skip


def drafted(said: Data, playbook: Playbook, settings: Settings) -> Plan:
    organisation = Organisation.model_validate(said)
    assert organisation.as_of
    standing = assess(organisation, playbook, organisation.as_of).standing
    return draft(organisation, standing, settings, Language("en"), organisation.as_of)


@cache
def _first() -> tuple[Data, str]:
    settings = default_settings(small(), date(2026, 10, 19))
    made = scheduled(timetable(drafted(ORGANISATION, small(), settings)), runs=RUNS)
    data = plain(made.plan)
    return data, plan_text(data, "plan.schema.json", Language("en"))


def first() -> tuple[Data, str]:
    """Return a plan that was just generated, and its text."""
    return deepcopy(_first())


@dataclass(frozen=True)
class Run:
    """One update: what stood in the file, what was generated before, and what came of it."""

    document: Document
    base: Data
    found: Updated
    text: str


def run(
    text: str, base: Data, said: Data = ORGANISATION, playbook: Playbook | None = None, **how: Any
) -> Run:
    """Update a text, as the command does."""
    document = read_text(text, "plan.yaml")
    settings = load(Plan, document).settings
    found = update(
        document.data,
        base,
        drafted(said, playbook or small(), settings),
        lambda path: bool(comments_in(document, path)),
        **how,
    )
    return Run(document, base, found, spliced(document, found.data))


def is_possible(text: str, base: Data) -> bool:
    """Say whether a file can be updated at all."""
    try:
        document = read_text(text, "plan.yaml")
        load(Plan, document)
    except InvalidFileError:
        return False
    return not in_the_way(document, base)


def in_the_way(document: Document, base: Data) -> list[str]:
    """Return the codes of what keeps a plan from being updated."""
    data = tidied(document.data, base)
    found = obstacles(replace(document, data=data), Plan.model_validate(data))
    return [one.code for one in found]


def entry(said: Data, name: str) -> Data:
    return items(said)[name]


def block(text: str, name: str) -> str:
    """Return the lines of a task."""
    page = Page(text)
    for path in task_lists(page.data):
        for number, (start, end) in enumerate(page.items(path)):
            if page.at((*path, number))["id"] == name:
                return "\n".join(page.lines[start:end]) + "\n"
    raise AssertionError(name)


def rewritten(text: str, name: str, *changes: tuple[str, str]) -> str:
    """Change something in the lines of a task."""
    old = new = block(text, name)
    for was, now in changes:
        found = re.sub(was, now, new, count=1)
        assert found != new, was
        new = found
    return text.replace(old, new)


# ── Judging an update ─────────────────────────────────────────────────────────────────────────────


def leaves(said: Any, path: Path = (), at: Path = ()) -> Iterator[tuple[Path, Any, Path]]:
    """Go through all values: by the ids of what they stand in, and by where they stand.

    Plain lists are sets. A task is named by its id alone, and where it stands is a value of it.
    """
    if isinstance(said, dict):
        if path[-2:-1] == ("tasks",) and len(path) > 2:
            yield ("tasks", path[-1], "@"), path[:-2], at
            path = path[-2:]
        for key, one in said.items():
            yield from leaves(one, (*path, key), (*at, key))
    elif isinstance(said, list):
        for index, one in enumerate(said):
            name: Path = (index,)
            if isinstance(one, dict):
                name = (one.get("id", index),)
            elif not isinstance(one, list):
                name = ("=", one)
            yield from leaves(one, (*path, *name), (*at, index))
    else:
        yield path, said, at


def values(said: Any) -> dict[Path, Any]:
    """Return all values of a plan, or of a generation with the dates that are noted beside it."""
    plan = {key: one for key, one in said.items() if key != "added"}
    noted = {
        (key, name, field): day
        for key, entries in said.get("added", {}).items()
        for name, fields in entries.items()
        for field, day in fields.items()
        if field in DAYS
    }
    return noted | {path: value for path, value, _ in leaves(plan)}


def items(said: Any) -> dict[str, Data]:
    groups = [*said.get("phases", ()), *said.get("sites", ())]
    found = [task for group in groups for task in group.get("tasks", ())]
    found += [group["gate"] for group in groups if "gate" in group]
    return {one["id"]: one for one in found}


def known(base: Data) -> dict[str, Data]:
    """Return the tasks and gates of a generation, and those noted as added by people."""
    noted: Data = base.get("added", {})
    return {**items(base), **noted.get("tasks", {}), **noted.get("gate", {})}


def listed(run: Run) -> set[Path]:
    """Return what is said to be in conflict, each task by its id alone."""
    found: set[Path] = set()
    for conflict in run.found.conflicts:
        path = conflict.path
        path = path[path.index("tasks") :] if "tasks" in path[:-1] else path
        found.add((*path[:-1], "@") if path[-1:] == ("phase",) else path)
        if isinstance(conflict.ours, dict):
            found |= {("tasks", task["id"]) for task in conflict.ours.get("tasks", ())}
    return found


def complaints(run: Run) -> Iterator[str]:
    """Say what an update lost, moved, or guessed."""
    base, ours, after, theirs = (
        values(said) for said in (run.base, run.document.data, run.found.data, run.found.base)
    )
    conflicts = listed(run)
    gone = known(run.base).keys() - items(run.found.data).keys()
    for path in {**base, **ours}:
        if path[0] in {"made_from", "added"} or is_mended(path, ours, gone):
            continue
        is_listed = any(path[:length] in conflicts for length in range(len(path) + 1))
        if base.get(path) == ours.get(path):
            if after.get(path) not in (theirs.get(path), *[ours.get(path)] * is_listed):
                yield f"{path} is {after.get(path)}, not {theirs.get(path)} as generated"
        elif after.get(path) != ours.get(path):
            yield f"{path}: {ours.get(path)} became {after.get(path)}"
        elif (
            path in base and theirs.get(path) not in (base[path], ours.get(path))
            and not is_listed and path[-1] not in DAYS and "=" not in path
        ):  # fmt: skip
            yield f"{path}: {ours.get(path)} against {theirs.get(path)} is not listed"
    now = items(run.found.data)
    for name, task in items(run.document.data).items():
        if task.get("status") == "done" and any(task.get(k) != now[name].get(k) for k in DONE):
            yield f"{name} is done, and became {now[name]}"
    yield from misplaced(run.document.data, read_text(run.text, "plan.yaml").data)
    yield from lost_comments(run.document.text, run.text)
    yield from other_lines(run)


def is_mended(path: Path, ours: Mapping[Path, Any], gone: set[str]) -> bool:
    """Say whether an update may change what people left: dates they deleted, names of the gone."""
    if path not in ours:
        return path[-1] in DAYS or "after" in path or "about" in path
    return ours[path] in gone or bool(gone.intersection(path)) or ("wishes" in path and bool(gone))


def misplaced(before: Any, now: Any, path: Path = ()) -> Iterator[str]:
    """Find lists whose entries are in another order."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in before.keys() & now.keys():
            yield from misplaced(before[key], now[key], (*path, key))
    elif isinstance(before, list) and before and is_named(before):
        names, others = ([name_of(one) for one in side] for side in (before, now))
        if [one for one in names if one in others] != [one for one in others if one in names]:
            yield f"{path} is in another order"
        there = dict(zip(others, now, strict=True))
        for name, one in zip(names, before, strict=True):
            yield from misplaced(one, there.get(name), (*path, name))


def is_named(said: list[Any]) -> bool:
    return all(isinstance(one, dict) and "id" in one for one in said)


def name_of(one: Data) -> str:
    return str(one.get("id", one))


def lost_comments(before: str, now: str) -> Iterator[str]:
    for comment in set(re.findall(COMMENT + r"\d+", before)):
        if before.count(comment) != now.count(comment):
            yield f"{comment} is lost"


def other_lines(run: Run) -> Iterator[str]:
    """Find lines that are written otherwise, and say the same."""
    before, now = lines(run.document), lines(read_text(run.text, "plan.yaml"))
    there = {said: line for line, said in now}
    for line, said in before:
        if there.get(said, line) != line:
            yield f"{line!r} became {there[said]!r}"


def lines(document: Document) -> list[tuple[str, frozenset[tuple[Path, str]]]]:
    """Return the lines of a text, each with the values that stand on it alone."""
    texts = document.text.split("\n")
    found: dict[int, set[tuple[Path, str]]] = {}
    for path, value, at in leaves(document.data):
        if path[-1] != "@":
            span = document.span(at)
            place = at[-1] if path[-2:-1] == ("=",) else None
            for line in range(span.line, span.end_line + 1):
                said = f"{value!r}, line {line - span.line}, place {place}"
                found.setdefault(line, set()).add((path, said))
    return [(texts[line - 1], frozenset(said)) for line, said in found.items()]


def fixed(said: Mapping[str, Data], before: Mapping[str, Data]) -> set[str]:
    """Name what has dates that somebody wrote."""
    return {
        name
        for name, one in said.items()
        for key in ("start", "end", "date")
        if key in one and one[key] != before.get(name, {}).get(key)
    }


def groups(said: Data) -> dict[str, Data]:
    return {one["id"]: one for key in ("phases", "waves") for one in said.get(key, ())}


def unexpected(run: Run) -> list[str]:
    """Return what the judge has against a plan, less what dates that somebody chose bring about."""
    chosen = fixed(items(run.document.data), known(run.base))
    # A phase or a wave has days of its own once it stayed for a comment on them.
    grouped = fixed(groups(run.document.data), groups(run.base))
    made = run.found.generated
    late = {made.table.names[one.activity] for one in unmet(made.table.problem, made.schedule)}
    # A site that stays in spite of the organisation, or is deleted in spite of it, has people too.
    here, there = (
        {site["id"] for site in said.get("sites", ())} for said in (run.found.data, run.found.base)
    )
    # What is kept for its comment may speak of what is gone.
    kept = {part for conflict in run.found.conflicts for part in conflict.path}
    return [
        one
        for one in violations(run.found.data, chosen)
        if not (one.split()[0] in kept and re.search("not there|(for|starts on|ends on) None", one))
        and not ("beyond" in one and late.intersection(one.split()))
        and not ("ambassadors" in one and here != there)
        and not (one.split()[0] in chosen and " ends on " in one)
        and not (one.split()[0] in grouped and re.search(" (starts|ends) on ", one))
        and not (chosen and "is due before it ends" in one)
    ]
