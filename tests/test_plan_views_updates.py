"""What is shown of an update: conflicts, what moved, and how far it is from the first dates."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from planning import START
from shown import (
    HOSTILE,
    LARGE,
    changes,
    made,
    markdown,
    plain_text,
    playbook,
    rows,
    seen,
    undated,
    words,
)

from rse_plan.documents.plan import written
from rse_plan.documents.plan.changes import Changes
from rse_plan.documents.plan.conflicts import ConflictWording
from rse_plan.language import Language, languages
from rse_plan.plan.merge import ABSENT, Conflict
from rse_plan.plan.record import plain
from rse_plan.plan.report import (
    PlanChanges,
)
from rse_plan.plan.timetable import Span, stated_spans
from rse_plan.plan.update import update


@pytest.mark.parametrize("code", languages())
def test_an_update_shows_conflicts_first_then_moves_then_the_baseline(code: str) -> None:
    found, say = changes(code), Language(code)
    shown = seen(found, code, 200)
    titles = ["conflicts", "figures", "moved", "gone", "baseline"]
    places = [shown.index(say(f"plan_view.changes.{name}").upper()) for name in titles]
    assert places == sorted(places)
    assert "[phases.piloting.tasks.run-pilot.effort_days]" in shown
    titles = say.table("plan")["blocks"]["Task"]["fields"]
    assert f"{HOSTILE[0]} › {titles['effort_days']['title']}" in shown
    gone = [move for move in found.moves if move.after is None]
    assert gone
    text = plain_text(markdown(found, code))
    for move in found.moves:
        assert move.title in text
    for number in (25, 30, 20):
        assert str(number) in shown.split(say("plan_view.changes.figures").upper())[0]


def test_an_update_counts_days_from_the_old_date_to_the_new() -> None:
    found = Changes(changes("en"))
    launches = {one.task.title for one in found.plan.placed if one.task.launches}
    names = {gate.name for gate in found.plan.gates}
    told = [one.title in names or one.title.split(" (")[0] in launches for one in found.moved]
    first = told.index(False)
    assert not any(told[first:])
    for part in (found.moved[:first], found.moved[first:]):
        days = [abs(one.days) for one in part]
        assert days == sorted(days, reverse=True)
        assert len(days) > 1
    worst = [one.days for one in found.worst]
    assert worst == sorted(worst, reverse=True)
    was, now = changes("en").baseline, stated_spans(found.plan)
    for one in found.drift:
        members = [
            line.id
            for line in found.report.lines
            if one.phase in {None, line.phase} and line.id in was
        ]
        assert one.before == max(was[name].end for name in members)
        assert one.after == max(now[name].end for name in members)
    assert found.drift[0].days >= found.drift[-1].days
    assert found.before
    assert found.before.end <= found.report.figures.end


@pytest.mark.parametrize("code", languages())
def test_an_update_that_changes_nothing_says_so(code: str) -> None:
    found = made(LARGE, code)
    before, base = found.plan, plain(found.plan)
    nothing = PlanChanges(
        before, update(base, base, undated(before)), stated_spans(before), playbook(code)
    )
    same = replace(nothing, updated=replace(nothing.updated, generated=found, conflicts=()))
    shown, say = seen(same, code), Language(code)
    assert say("plan_view.changes.nothing") in shown
    assert say("plan_view.changes.no_drift") in shown
    assert say("plan_view.changes.conflicts").upper() not in shown
    text = plain_text(markdown(same, code))
    assert say("plan_view.changes.nothing") in text
    assert say("plan_view.changes.no_drift") in text
    without = replace(same, baseline={})
    assert say("plan_view.changes.baseline").upper() not in seen(without, code)
    assert rows(written(same, "csv", say)) == []


def test_a_plan_that_lacked_dates_has_no_figures_before() -> None:
    found = changes("en")
    new = replace(found, before=undated(found.before))
    shown = seen(new, "en")
    assert "NEW" in shown
    assert "FIGURES" not in shown
    assert "## Figures" not in markdown(new, "en")
    said = json.loads(written(new, "json", Language("en")))
    assert said["figures"]["before"] is None
    listed = rows(written(new, "csv", Language("en")))
    assert {one["start_days"] for one in listed if not one["start_before"]} == {""}


def test_a_change_of_the_end_alone_is_told_as_one() -> None:
    found = changes("en")
    name = "write-framing-note"
    span = stated_spans(found.report.plan)[name]
    longer = {name: Span(span.start, span.end + timedelta(days=5))}
    (shift,) = Changes(replace(found, baseline=longer)).worst
    assert (shift.of, shift.days) == ("ends", -5)
    drift = Changes(replace(found, baseline=longer)).drift
    assert {one.days for one in drift} == {-5}
    assert "−5 d" in seen(replace(found, baseline=longer), "en")


def test_a_task_off_the_baseline_need_not_move_the_end_of_its_phase() -> None:
    found = changes("en")
    was = dict(stated_spans(found.report.plan))
    was["write-framing-note"] = Span(was["write-framing-note"].start, START)
    drifted = replace(found, baseline=was)
    assert Changes(drifted).drift == ()
    shown = seen(drifted, "en")
    assert "no distance" not in shown.lower()
    assert "Write the framing note, end" in shown


def test_json_of_an_update_leaves_out_the_side_that_has_no_entry() -> None:
    found = changes("en")
    said = json.loads(written(found, "json", Language("en")))
    assert said["schema"] == "rse-plan/plan-changes/1"
    pilot = next(one for one in said["conflicts"] if "run-pilot" in one["path"])
    assert (pilot["base"], pilot["ours"], pilot["theirs"]) == (20, 25, 30)
    deleted = next(one for one in said["conflicts"] if one["path"][0] == "decisions")
    assert "ours" not in deleted
    assert [one["id"] for one in said["moves"]] == [move.id for move in found.moves]
    assert said["baseline"]["phases"]
    listed = rows(written(found, "csv", Language("en")))
    assert [one["id"] for one in listed] == [move.id for move in found.moves]


def test_a_conflict_names_the_entry_whoever_still_has_it() -> None:
    found = changes("en")
    say = ConflictWording(found.updated, Language("en"))
    deleted = next(one for one in found.updated.conflicts if one.path[0] == "decisions")
    gone = found.report.plan.decisions
    assert say.where(deleted) not in {one.question for one in gone}
    assert say.value(ABSENT) == "nothing"
    assert say.value(deleted.base) in say.sides_of(deleted)
    assert say.value(True) == "yes"
    assert say.value(["a", False]) == "a, no"
    assert say.value([]) == "nothing"
    assert say.value({"mine": 1, "more": 2}) == "mine: 1, more: 2"
    assert len(say.value("long " * 100)) == 80
    assert say.where(Conflict((), 1, 2, 3)) == ""
    spread = Conflict(("settings", "spread", "least"), 1, 2, 3)
    assert say.where(spread) == "Settings › Spread of durations › At least"
    assert say.path(spread) == "settings.spread.least"
    inside: Any = ("phases", "scoping", "tasks", "write-framing-note", "after", (False, "x"))
    assert say.where(Conflict(inside, ABSENT, "x", ABSENT)).endswith(" › x")


@pytest.mark.parametrize(
    ("path", "sides", "where", "said"),
    [
        (("budget", "granted"), (10_000, 12_500.5, 9e6), "Budget › Accordé", "12\u202f500,5"),
        (("roles", "trainer", "people"), (1, 0.5, 2), "› Nombre de personnes", "0,5"),
        (("ambassadors", "share"), (0.1, 0.125, 0.2), "Réseau d'ambassadeurs › Part", "0,125"),
        (
            ("phases", "scoping", "gate", "date"), ("2026-11-30", "2026-12-01", "2026-12-04"),
            "› Jalon › Date prévue", "1er décembre 2026",
        ),
        (
            ("phases", "piloting", "tasks", "run-pilot", "status"),
            ("planned", "started", "done"), "› Avancement", "commencée",
        ),
        (
            ("settings", "spread"), ({"least": 1}, {"least": 0.5, "most": 2}, {}),
            "Réglages › Écart des durées", "Au moins\u00a0: 0,5, Au plus\u00a0: 2",
        ),
        (("sites", "new", 3, "mine"), (1, "so", 2), "new › 3 › mine", "so"),
    ],
)  # fmt: skip
def test_a_conflict_speaks_the_language_of_its_reader(
    path: tuple[str, ...], sides: tuple[Any, Any, Any], where: str, said: str
) -> None:
    found = changes("fr")
    conflict = Conflict(path, *sides)
    say = ConflictWording(found.updated, Language("fr"))
    assert say.where(conflict).endswith(where)
    assert f"vous\u00a0: {said}\u00a0;" in say.sides_of(conflict)


@pytest.mark.parametrize("code", languages())
def test_what_people_deleted_and_would_be_made_again_is_counted(code: str) -> None:
    found = made(LARGE, code)
    base, ours = plain(found.plan), plain(found.plan)
    first = ours["phases"][0]["tasks"]
    gone = [first.pop(), first.pop()]
    changed = update(ours, base, undated(found.plan))
    nothing = PlanChanges(found.plan, changed, {}, playbook(code))
    assert Changes(nothing).left_aside == len(gone)
    said = words(code).count("plan_view.changes.left_aside", 2)
    assert said in seen(nothing, code)
    assert said in plain_text(markdown(nothing, code))
    assert Changes(changes(code)).left_aside == 0
