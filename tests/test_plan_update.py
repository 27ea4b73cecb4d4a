"""What people write in a plan outlives an update, or is listed beside what the generator says."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from random import Random

import pytest
from editing import COMMENT, FORM, SAID, Edit, Page
from hypothesis import given
from hypothesis import strategies as st
from rollouts import moved, reworded, small, with_tasks, without_task
from updates import (
    ORGANISATION,
    RUNS,
    Data,
    Run,
    block,
    complaints,
    drafted,
    entry,
    first,
    in_the_way,
    is_possible,
    lost_comments,
    other_lines,
    rewritten,
    run,
    unexpected,
    values,
)

from rse_plan.files import load, read_text
from rse_plan.files.splice import spliced
from rse_plan.language import Language
from rse_plan.plan.generation import Effort, default_settings, scheduled
from rse_plan.plan.merge import ABSENT, Conflict
from rse_plan.plan.model import Plan
from rse_plan.plan.record import plain
from rse_plan.plan.text import plan_text
from rse_plan.plan.timetable import timetable
from rse_plan.plan.update import update
from rse_plan.playbook import Playbook

pytestmark = pytest.mark.usefixtures("few_draws")


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
