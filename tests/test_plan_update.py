"""What people write in a plan outlives every update, or is listed beside what the generator says.

The main test edits the text of a plan by chance, changes the organisation and the playbook by
chance, updates, and judges the result by means of its own: by id, leaf by leaf and line by line.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from random import Random
from typing import Any

import pytest
from editing import COMMENT, FORM, SAID, Edit, Page, task_lists
from hypothesis import given
from hypothesis import strategies as st
from judge import violations
from rollouts import moved, reworded, small, with_tasks, without_task

from rse_plan.assessment import assess
from rse_plan.checks.plan import obstacles
from rse_plan.files import Document, InvalidFileError, load, read_text
from rse_plan.files.splice import comments_in, spliced
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan import update as updating
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import Effort, default_settings, scheduled
from rse_plan.plan.merge import ABSENT, Conflict
from rse_plan.plan.model import Plan, Settings
from rse_plan.plan.record import plain
from rse_plan.plan.report import PlanReport
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


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updating, "scheduled", partial(scheduled, runs=RUNS))


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


# ── By chance ─────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[Data, Random], None]


def site_added(said: Data, chance: Random) -> None:
    name = f"site-{len(said['sites'])}-{chance.randrange(10**6)}"
    said["sites"].insert(
        chance.randrange(len(said["sites"])),
        {"id": name, "name": name, "country": "FR", "headcount": 50, "zone": "South"},
    )


def site_removed(said: Data, chance: Random) -> None:
    if len(said["sites"]) > 1:
        said["sites"].pop(chance.randrange(1, len(said["sites"])))


def site_grown(said: Data, chance: Random) -> None:
    chance.choice(said["sites"])["headcount"] = chance.randint(10, 900)


def blackout(said: Data, chance: Random) -> None:
    start = f"2027-0{chance.randint(1, 9)}-03"
    chance.choice(said["sites"])["blackouts"] = [{"start": start, "end": start[:-1] + "9"}]


def team_changed(said: Data, chance: Random) -> None:
    chance.choice(said["means"]["team"])["people"] = chance.choice([1, 2, 4.5])


def pilot_moved(said: Data, chance: Random) -> None:
    said["pilot"] = {"users": 90, "start": f"2027-03-{chance.randint(10, 28)}", "end": "2027-06-30"}


def pilot_unknown(said: Data, _: Random) -> None:
    said.pop("pilot", None)


def met(said: Data, chance: Random) -> None:
    """Tell of what is done, so that tasks are not called for any more."""
    chance.choice(said["sites"])[chance.choice(["director_met", "hr_met"])] = True
    said["sponsorship"] = {"level": "top-leader"}


def closed(said: Data, chance: Random) -> None:
    said["closures"] = [{"start": "2027-08-02", "end": f"2027-08-{chance.randint(10, 20)}"}]


ORGANISATIONS: tuple[Change, ...] = (
    site_added, site_removed, site_grown, blackout, team_changed, pilot_moved, pilot_unknown, met,
    closed,
)  # fmt: skip


def other_book(playbook: Playbook, chance: Random) -> Playbook:
    """Reword, drop, move, or make harder a task of the playbook."""
    name = chance.choice([*playbook.tasks])
    kind = chance.choice(["reworded", "harder", "dropped", "moved"])
    if kind == "reworded":
        return reworded(playbook, name, "In other words")
    task = playbook.tasks[name]
    if kind == "moved" and task.per == "programme" and task.after:
        return moved(playbook, name, chance.choice(["scoping", "piloting"]))
    if kind == "harder":
        harder = {"effort_days": task.effort_days + 2.5}
        return with_tasks(
            playbook, lambda one: one.model_copy(update=harder) if one.id == name else one
        )
    return without_task(playbook, name)


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - it keeps nothing secret


CHANCE = st.integers(0, 10**6)
EDITS = st.lists(st.tuples(st.sampled_from([*FORM, *SAID, *SAID]), CHANCE), max_size=8)
CHANGES = st.lists(st.tuples(st.sampled_from(ORGANISATIONS), CHANCE), max_size=3)


def edited(text: str, base: Data, edits: list[tuple[Edit, int]]) -> str:
    """Make those edits that leave a plan."""
    for edit, seed in edits:
        new = edit(text, chance(seed))
        if new is None or not is_possible(new, base):
            continue
        if edit in FORM and Page(new).data != Page(text).data:
            continue
        text = new
    return text


def changed(changes: list[tuple[Change, int]]) -> Data:
    said = deepcopy(ORGANISATION)
    for change, seed in changes:
        change(said, chance(seed))
    return said


@given(EDITS, CHANGES, st.lists(CHANCE, max_size=2), EDITS)
def test_every_edit_outlives_every_change_or_is_listed(
    edits: list[tuple[Edit, int]],
    changes: list[tuple[Change, int]],
    books: list[int],
    more: list[tuple[Edit, int]],
) -> None:
    base, text = first()
    text = edited(text, base, edits)
    said, playbook = changed(changes), small()
    for seed in books:
        playbook = other_book(playbook, chance(seed))
    for later in ([], more):
        text = edited(text, base, later)
        done = run(text, base, said, playbook)
        assert [*complaints(done), *unexpected(done)] == []
        again = run(done.text, done.found.base, said, playbook)
        assert again.text == done.text
        # Until it is settled: that something with a comment speaks of what people deleted.
        assert all(one.theirs is ABSENT for one in again.found.conflicts)
        base, text = done.found.base, done.text
        if "unknown-reference" in in_the_way(read_text(text, "plan.yaml"), base):
            # What is kept for its comment may speak of what is gone, which the next update refuses.
            assert COMMENT in text
            assert any(one.theirs is ABSENT for one in done.found.conflicts)
            break


# ── One by one ────────────────────────────────────────────────────────────────────────────────────


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


def changed_days(before: Data, after: Data) -> set[str]:
    """Name what is at other dates."""
    was, now = items(before), items(after)
    return {
        name
        for name in was.keys() & now.keys()
        if any(was[name].get(key) != now[name].get(key) for key in ("start", "end", "date"))
    }


def test_an_update_with_nothing_changed_changes_no_byte() -> None:
    base, text = first()
    done = run(text, base)
    assert done.text == text
    assert done.found.base == base
    assert done.found.conflicts == ()
    # Likewise in a file from Windows.
    assert run(text.replace("\n", "\r\n"), base).text == text.replace("\n", "\r\n")


def test_a_file_from_windows_keeps_its_line_ends() -> None:
    base, text = first()
    text = rewritten(text, "define-kpis", ("(?<=title: ).*", "Measures  # ours")) + "# The end\n"
    windows = run(
        text.replace("\n", "\r\n"), base, playbook=without_task(small(), "map-stakeholders")
    )
    unix = run(text, base, playbook=without_task(small(), "map-stakeholders"))
    assert windows.text == unix.text.replace("\n", "\r\n")
    assert "map-stakeholders\n" not in unix.text


def test_a_start_that_is_moved_stays_and_the_end_follows() -> None:
    base, text = first()
    text = rewritten(text, "lyon.launch-site", ("start: .*", "start: 2027-09-14"))
    assert entry(base, "lyon.launch-site")["end"] < "2027-09-14"
    assert is_possible(text, base)
    done = run(text, base)
    assert entry(done.found.data, "lyon.launch-site")["end"] == "2027-09-14"
    assert entry(done.found.data, "lyon.follow-up-site")["start"] > "2027-09-14"
    assert unexpected(done) == []


def test_what_has_to_follow_soon_does_not_hold_back_what_it_follows() -> None:
    # When the plan was made, nothing said how soon follow-up has to come.
    base, _ = first()
    base = deepcopy(base)
    follow_up = entry(base, "lyon.follow-up-site")
    del follow_up["lags"]
    follow_up |= {"start": "2027-10-04", "end": "2027-10-29"}
    done = run(plan_text(base, "plan.schema.json", Language("en")), base)
    launch, after = (
        entry(done.found.data, f"lyon.{name}-site")["start"] for name in ("launch", "follow-up")
    )
    assert launch == entry(base, "lyon.launch-site")["start"]
    assert after == "2027-06-03"


def test_work_that_began_long_before_it_was_planned_does_not_end_before_it_starts() -> None:
    base, text = first()
    planned = date.fromisoformat(entry(base, "lyon.launch-site")["start"])
    early = (planned - timedelta(days=60)).isoformat()
    begun = f"status: started\n    actual_start: {early}\n    role:"
    done = run(rewritten(text, "lyon.launch-site", ("role:", begun)), base)
    after = entry(done.found.data, "lyon.launch-site")
    assert after["start"] <= after["end"] < planned.isoformat()
    assert is_possible(done.text, done.found.base)


def test_an_end_that_is_moved_stays_with_its_start() -> None:
    base, text = first()
    before = entry(base, "define-kpis")
    text = rewritten(text, "define-kpis", ("end: .*", "end: 2027-01-29"))
    done = run(text, base)
    after = entry(done.found.data, "define-kpis")
    assert (after["start"], after["end"]) == (before["start"], "2027-01-29")
    assert entry(done.found.data, "scoping-decided")["date"] >= "2027-01-29"


def test_an_end_alone_gives_the_start() -> None:
    base, text = first()
    text = rewritten(
        text, "define-kpis", ("end: .*", "end: 2027-01-29"), (r"\n +start: .*", ""),
        ("duration_days: .*", "duration_days: 5"),
    )  # fmt: skip
    assert entry(run(text, base).found.data, "define-kpis")["start"] == "2027-01-25"


def test_work_that_has_begun_ends_when_somebody_says() -> None:
    base, text = first()
    start = entry(base, "define-kpis")["start"]
    text = rewritten(
        text, "define-kpis", ("end: .*", "end: 2027-03-31"),
        ("role:", f"status: started\n    actual_start: {start}\n    role:"),
    )  # fmt: skip
    done = run(text, base)
    assert entry(done.found.data, "define-kpis")["end"] == "2027-03-31"
    assert entry(done.found.data, "scoping-decided")["date"] >= "2027-03-31"


def test_dates_that_are_deleted_are_found_again() -> None:
    base, text = first()
    text = rewritten(text, "define-kpis", (r"\n +start: .*", ""), (r"\n +end: .*", ""))
    done = run(text, base)
    assert done.found.data | {"made_from": 0} == base | {"made_from": 0}
    # They come to stand where they stood, and are not taken for anybody's.
    assert done.text.replace(done.found.base["made_from"]["generation"], "") == first()[1].replace(
        base["made_from"]["generation"], ""
    )


def test_a_date_that_is_set_free_is_planned_again() -> None:
    base, text = first()
    late = run(rewritten(text, "open-risk-register", ("start: .*", "start: 2027-01-18")), base)
    free = rewritten(late.text, "open-risk-register", (r"\n +start: .*", ""), (r"\n +end: .*", ""))
    done = run(free, late.found.base)
    assert entry(done.found.data, "open-risk-register") == entry(base, "open-risk-register")


def test_what_a_chosen_date_breaks_is_told() -> None:
    base, text = first()
    text = rewritten(
        text, "lyon.launch-site", ("start: .*", "start: 2026-11-03"), ("end: .*", "end: 2026-11-03")
    )
    done = run(text, base)
    assert entry(done.found.data, "lyon.launch-site")["start"] == "2026-11-03"
    report = PlanReport(done.found.generated, small())
    index = done.found.generated.table.index["lyon.launch-site"]
    assert {one.kind for one in report.unmet if one.activity == index} >= {"predecessor"}


def test_nothing_moves_earlier_than_announced_unless_that_is_asked_for() -> None:
    base, text = first()
    more = deepcopy(ORGANISATION)
    for member in more["means"]["team"]:
        member["people"] = 9
    done = run(text, base, more)
    assert changed_days(base, done.found.data) == set()
    again = run(text, base, more, replan=True)
    assert (
        entry(again.found.data, "madrid.launch-site")["start"]
        < entry(base, "madrid.launch-site")["start"]
    )


def test_what_has_not_begun_comes_after_now_and_what_is_done_does_not_move() -> None:
    base, text = first()
    done_by = entry(base, "map-stakeholders")
    text = rewritten(
        text, "map-stakeholders",
        ("role:", "status: done\n    actual_start: 2026-10-20\n    role:"),
        ("role:", "actual_end: 2026-10-28\n    role:"),
    )  # fmt: skip
    text = text.replace("settings:\n", "settings:\n  status_date: 2027-02-01\n")
    done = run(text, base)
    after = items(done.found.data)
    assert after["map-stakeholders"] == done_by | {
        "status": "done", "actual_start": "2026-10-20", "actual_end": "2026-10-28",
    }  # fmt: skip
    assert all(
        str(one.get("start", one.get("date", "9"))) >= "2027-02-01"
        for name, one in after.items()
        if name != "map-stakeholders"
    )
    assert unexpected(done) == []


def test_both_values_are_listed_where_both_changed_one_thing() -> None:
    base, text = first()
    text = rewritten(text, "define-kpis", ("title: .*", "title: Our measures"))
    done = run(text, base, playbook=reworded(small(), "define-kpis", "Their measures"))
    path = ("phases", "scoping", "tasks", "define-kpis", "title")
    was = entry(base, "define-kpis")["title"]
    assert done.found.conflicts == (Conflict(path, was, "Our measures", "Their measures"),)
    assert "title: Our measures" in done.text
    # It is listed once.
    again = run(
        done.text, done.found.base,
        playbook=reworded(small(), "define-kpis", "Their measures"),
    )  # fmt: skip
    assert (again.text, again.found.conflicts) == (done.text, ())


def test_another_way_of_writing_a_value_is_no_conflict() -> None:
    base, text = first()
    text = text.replace("ambassador_share: 0.1\n", "ambassador_share: 12%\n")
    done = run(text, base)
    assert done.found.conflicts == ()
    assert "ambassador_share: 12%" in done.text
    assert done.found.data["ambassadors"]["target"] == 108


# ── Deleted, dropped, moved ───────────────────────────────────────────────────────────────────────


def test_who_waited_for_a_deleted_task_waits_for_what_it_did() -> None:
    base, text = first()
    assert entry(base, "obtain-means")["after"] == ["find-top-sponsor", "write-note"]
    found = [name for name, one in items(base).items() if "write-note" in one.get("after", ())]
    assert "scoping-decided" in found
    text = text.replace(block(text, "write-note"), "")
    assert is_possible(text, base)
    done = run(text, base)
    assert "write-note" not in items(done.found.data)
    assert entry(done.found.data, "obtain-means")["after"] == ["find-top-sponsor"]
    assert "write-note" not in done.text
    again = run(done.text, done.found.base)
    assert again.text == done.text


def test_what_is_said_about_a_deleted_task_goes_with_it() -> None:
    base, text = first()
    step = next(one for one in base["legal_steps"] if "task" in one)
    decision = next(one for one in base["decisions"] if "before" in one)
    for name in (step["task"], decision["before"]):
        text = text.replace(block(text, name), "")
    after = run(text, base).found.data
    for key, gone in (("legal_steps", step), ("decisions", decision)):
        found = next(one for one in after[key] if one["id"] == gone["id"])
        assert not {"task", "before", "due"} & found.keys()


def test_a_deleted_site_leaves_its_wave_with_its_staff() -> None:
    base, text = first()
    page = Page(text)
    start, end = page.items(("sites",))[2]
    page.lines[start:end] = []
    assert is_possible(page.text, base)
    done = run(page.text, base)
    waves = {one["id"]: one for one in done.found.data["waves"]}
    assert not any("madrid" in one.get("sites", ()) for one in waves.values())
    assert sum(one["headcount"] for one in waves.values()) == 700
    assert unexpected(done) == []
    again = run(done.text, done.found.base)
    assert (again.text, again.found.conflicts) == (done.text, ())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (r"title: .*", r"\g<0>  # said by Anne"),
        (r"effort_days: .*", r"\g<0>\n    # said by Anne"),
        (r"  - id", r"  # said by Anne\n\g<0>"),
        (r"title: .*", "title: Ours"),
        (r"role:", "owner: Anne\n    role:"),
    ],
)
def test_a_task_with_somebody_s_words_is_not_dropped(was: str, now: str) -> None:
    base, text = first()
    done = run(
        rewritten(text, "map-stakeholders", (was, now)), base,
        playbook=without_task(small(), "map-stakeholders"),
    )  # fmt: skip
    assert [one.path for one in done.found.conflicts] == [
        ("phases", "scoping", "tasks", "map-stakeholders")
    ]
    assert done.found.conflicts[0].theirs is ABSENT
    assert "said by Anne" in done.text or "said by Anne" not in now
    assert entry(done.found.data, "map-stakeholders")["start"]
    again = run(done.text, done.found.base, playbook=without_task(small(), "map-stakeholders"))
    assert (again.text, again.found.conflicts) == (done.text, ())


def test_a_field_or_a_day_with_a_comment_is_not_dropped() -> None:
    said = deepcopy(ORGANISATION)
    said["closures"] = [
        {"start": "2027-08-02", "end": "2027-08-13"}, {"start": "2027-12-24", "end": "2027-12-31"},
    ]  # fmt: skip
    base, text = first()
    before = run(text, base, said)
    text = re.sub(
        r"closures:\n- .*\n- .*\n",
        "closures:\n- start: 2027-08-02  # not the hotline\n  end: 2027-08-13\n"
        "- {start: 2027-12-24, end: 2027-12-31}\n",
        before.text,
    )
    said["closures"].pop()
    kept = run(text, before.found.base, said)
    assert "not the hotline" in kept.text
    assert kept.found.conflicts == ()
    said["closures"] = []
    listed_now = run(text, before.found.base, said)
    assert "not the hotline" in listed_now.text
    assert [one.path for one in listed_now.found.conflicts] == [("closures",)]


def test_a_predecessor_with_a_comment_is_not_forgotten() -> None:
    base, text = first()
    text = rewritten(
        text,
        "obtain-means",
        (r"after: .*", "after:\n    - find-top-sponsor\n    - write-note  # why"),
    )
    done = run(text, base, playbook=without_task(small(), "write-note"))
    assert "- write-note  # why" in done.text
    assert [one.path[3:5] for one in done.found.conflicts] == [("obtain-means", "after")]


def test_a_task_stays_where_somebody_put_it() -> None:
    base, text = first()
    page = Page(text)
    cut = block(text, "define-kpis").rstrip("\n").split("\n")
    text = text.replace(block(text, "define-kpis"), "")
    page = Page(text)
    end = page.items(("phases", 1, "tasks"))[-1][1]
    page.lines[end:end] = cut
    text = page.text
    done = run(text, base, playbook=reworded(small(), "define-kpis", "Measures"))
    pilot = {one["id"]: one for one in done.found.data["phases"][1]["tasks"]}
    assert pilot["define-kpis"]["title"] == "Measures"
    assert done.found.conflicts == ()
    assert not [*complaints(done), *unexpected(done)]
    # Its dates are the scheduler's, as before.
    later = done.text.replace("settings:\n", "settings:\n  status_date: 2027-06-01\n")
    moved = run(later, done.found.base, playbook=reworded(small(), "define-kpis", "Measures"))
    assert entry(moved.found.data, "define-kpis")["start"] >= "2027-06-01"


def test_a_task_moves_with_the_playbook_unless_somebody_wrote_in_it() -> None:
    base, text = first()
    plain_one = run(text, base, playbook=moved(small(), "define-kpis", "piloting"))
    assert "define-kpis" in {one["id"] for one in plain_one.found.data["phases"][1]["tasks"]}
    assert plain_one.found.conflicts == ()
    written = rewritten(text, "define-kpis", (r"role:", "owner: Anne\n    role:"))
    done = run(written, base, playbook=moved(small(), "define-kpis", "piloting"))
    path = ("phases", "scoping", "tasks", "define-kpis", "phase")
    assert done.found.conflicts == (Conflict(path, "scoping", "scoping", "piloting"),)
    assert [name for name in re.findall("- id: (.*)", done.text) if name == "define-kpis"] == [
        "define-kpis"
    ]
    assert unexpected(done) == []


def test_both_places_are_listed_of_a_task_that_people_and_the_playbook_move() -> None:
    base, text = first()
    cut = block(text, "define-kpis")
    text = text.replace(cut, "")
    text = text.replace(block(text, "write-site-kit"), cut + block(text, "write-site-kit"))
    book = moved(small(), "define-kpis", "piloting")
    done = run(text, base, playbook=book)
    path = ("phases", "deployment", "tasks", "define-kpis", "phase")
    assert done.found.conflicts == (Conflict(path, "scoping", "deployment", "piloting"),)
    assert done.text.count("- id: define-kpis") == text.count("- id: define-kpis")
    assert not [*complaints(done), *unexpected(done)]
    again = run(done.text, done.found.base, playbook=book)
    assert (again.text, again.found.conflicts) == (done.text, ())


def test_a_deleted_task_does_not_come_back_where_the_playbook_moves_it_and_the_move_is_listed() -> (
    None
):
    base, text = first()
    book = moved(small(), "define-kpis", "piloting")
    done = run(text.replace(block(text, "define-kpis"), ""), base, playbook=book)
    assert "define-kpis" not in items(done.found.data)
    path = ("phases", "piloting", "tasks", "define-kpis", "phase")
    assert done.found.conflicts == (Conflict(path, "scoping", ABSENT, "piloting"),)
    assert not [*complaints(done), *unexpected(done)]
    again = run(done.text, done.found.base, playbook=book)
    assert (again.text, again.found.conflicts) == (done.text, ())


@pytest.mark.parametrize("is_dropped", [False, True])
def test_a_task_that_was_put_into_a_phase_of_one_s_own_stays_there(*, is_dropped: bool) -> None:
    base, text = first()
    cut = block(text, "define-kpis")
    phase = "- id: ours\n  name: Our own\n  tasks:\n" + cut
    text = re.sub(r"(?m)^(?=waves:)", phase, text.replace(cut, ""))
    book = without_task(small(), "define-kpis") if is_dropped else small()
    done = run(text, base, playbook=book if is_dropped else reworded(book, "define-kpis", "New"))
    ours = next(one for one in done.found.data["phases"] if one["id"] == "ours")
    assert ours["tasks"][0]["title"] == ("Define kpis" if is_dropped else "New")
    assert len(done.found.conflicts) == is_dropped
    assert unexpected(done) == []
    assert run(done.text, done.found.base, playbook=book).found.conflicts == ()


def test_a_phase_that_is_dropped_stays_with_what_somebody_put_into_it() -> None:
    base, text = first()
    cut = block(text, "define-kpis")
    text = text.replace(cut, "")
    text = text.replace(block(text, "collect-feedback"), cut + block(text, "collect-feedback"))
    left = tuple(one for one in small().phases if one.id != "piloting")
    done = run(text, base, playbook=replace(small(), phases=left))
    assert ("phases", "piloting") in {one.path for one in done.found.conflicts}
    assert re.findall(r"- id: (.*)", done.text).count("define-kpis") == 1
    assert unexpected(done) == []


def test_what_is_kept_for_its_comment_no_longer_speaks_of_what_is_gone() -> None:
    base, text = first()
    text = text.replace("- id: decide-means\n", "- id: decide-means  # with the board\n")
    done = run(text, base, playbook=without_task(small(), "obtain-means"))
    decision = next(one for one in done.found.data["decisions"] if one["id"] == "decide-means")
    assert not {"before", "due"} & decision.keys()
    assert [one.path for one in done.found.conflicts] == [("decisions", "decide-means")]


def test_a_task_of_one_s_own_gets_dates_and_follows() -> None:
    base, text = first()
    own = "  - {id: ours, title: Ours, role: lead, duration_days: 3, after: [pilot-go]}\n"
    text = text.replace(
        block(text, "learn-from-first-sites"), own + block(text, "learn-from-first-sites")
    )
    done = run(text, base)
    ours = entry(done.found.data, "ours")
    assert ours["start"] >= entry(done.found.data, "pilot-go")["date"]
    later = done.text.replace("settings:\n", "settings:\n  status_date: 2029-01-01\n")
    then = run(later, done.found.base)
    assert entry(then.found.data, "ours")["start"] >= "2029-01-01"
    assert (
        "ours"
        not in run(then.text.replace("  - {id: ours", "#"), then.found.base).text.split("#")[0]
    )


def test_who_waited_for_a_deleted_task_of_one_s_own_waits_for_what_it_did() -> None:
    base, text = first()
    own = "  - {id: ours, title: Ours, duration_days: 3, after: [map-stakeholders]}\n"
    text = text.replace(block(text, "define-kpis"), own + block(text, "define-kpis"))
    text = rewritten(text, "define-kpis", (r"after: \[", "after: [ours, "))
    done = run(text, base)
    gone = done.text.replace(block(done.text, "ours"), "")
    assert is_possible(gone, done.found.base)
    after = run(gone, done.found.base).found.data
    assert "map-stakeholders" in entry(after, "define-kpis")["after"]


def test_who_waited_for_a_deleted_task_of_a_site_that_stayed_waits_for_what_it_did() -> None:
    base, text = first()
    said = deepcopy(ORGANISATION)
    said["sites"] = [one for one in said["sites"] if one["id"] != "lyon"]
    text = rewritten(text, "lyon.meet-director", ("role:", "owner: Anne\n    role:"))
    kept = run(text, base, said)
    assert [one.path for one in kept.found.conflicts] == [("sites", "lyon")]
    gone = kept.text.replace(block(kept.text, "lyon.meet-hr"), "")
    done = run(gone, kept.found.base, said)
    after = entry(done.found.data, "lyon.prepare-site")["after"]
    assert "lyon.meet-director" in after
    assert "lyon.meet-hr" not in after
    assert not [*complaints(done), *unexpected(done)]


def test_a_site_that_stays_keeps_its_calendar() -> None:
    base, text = first()
    said = deepcopy(ORGANISATION)
    said["sites"].pop()
    text = rewritten(text, "madrid.meet-director", ("role:", "owner: Anne\n    role:"))
    done = run(text, base, said)
    assert {one.path for one in done.found.conflicts} == {("sites", "madrid"), ("calendars", "es")}
    assert not [*complaints(done), *unexpected(done)]
    assert is_possible(done.text, done.found.base)
    again = run(done.text, done.found.base, said)
    assert (again.text, again.found.conflicts) == (done.text, ())


def test_a_day_that_stays_for_its_comment_is_somebody_s_from_then_on() -> None:
    base, text = first()
    wave = base["waves"][0]
    start = f"start: {wave['start']}"
    head, tail = text.split(f"- id: {wave['id']}\n")
    text = f"{head}- id: {wave['id']}\n" + tail.replace(start, f"{start}  # with the board", 1)
    for site in wave["sites"]:
        text = text.replace(block(text, f"{site}.launch-site"), "")
    done = run(text, base)
    path = ("waves", wave["id"], "start")
    assert done.found.conflicts == (Conflict(path, wave["start"], wave["start"], ABSENT),)
    again = run(done.text, done.found.base)
    assert f"{start}  # with the board" in again.text
    assert (again.text, again.found.conflicts) == (done.text, ())
    assert not [*complaints(again), *unexpected(again)]


# ── Without what was generated ────────────────────────────────────────────────────────────────────


def test_without_its_record_nothing_of_a_plan_is_overwritten() -> None:
    _, text = first()
    text = rewritten(text, "define-kpis", ("title: .*", "title: Our measures"))
    text = rewritten(text, "open-risk-register", (r"\n +after: \[map-stakeholders\]", ""))
    text = text.replace(block(text, "map-stakeholders"), "").replace("map-stakeholders, ", "")
    said = deepcopy(ORGANISATION)
    said["sites"][1]["headcount"] = 350
    document = read_text(text, "plan.yaml")
    settings = load(Plan, document).settings
    found = update(document.data, None, drafted(said, small(), settings))
    lost = Run(document, {}, found, spliced(document, found.data))
    assert {
        path for path, one in values(document.data).items() if values(found.data)[path] != one
    } == {
        path for path in values(document.data) if "forecast" in path or path[-1] == "generation"
    } | {("made_from", "organisation_digest")}
    assert not [*lost_comments(document.text, lost.text), *other_lines(lost)]
    paths = {one.path for one in found.conflicts}
    assert ("phases", "scoping", "tasks", "define-kpis", "title") in paths
    assert ("phases", "scoping", "tasks", "map-stakeholders") in paths
    assert ("sites", "lyon", "headcount") in paths
    # From then on it is known again.
    again = run(lost.text, found.base, said)
    assert (again.text, again.found.conflicts) == (lost.text, ())


def test_a_plan_that_was_improved_stays_as_it_is() -> None:
    settings = default_settings(small(), date(2026, 10, 19))
    made = scheduled(timetable(drafted(ORGANISATION, small(), settings)), Effort(200), runs=RUNS)
    data = plain(made.plan)
    text = plan_text(data, "plan.schema.json", Language("en"))
    assert run(text, data).text == text
