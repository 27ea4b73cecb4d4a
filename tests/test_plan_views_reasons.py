"""Why a plan is as it is, in words: who holds it back, what waits for what, what is missed."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from shown import (
    LARGE,
    SPARSE,
    flat,
    made,
    markdown,
    plain_text,
    playbook,
    report,
    seen,
    with_missed,
    words,
)

from rse_plan.documents.plan import written
from rse_plan.documents.plan.selection import Selection, Skipped, Step, bottleneck
from rse_plan.documents.plan.wording import PlanWording
from rse_plan.language import Language, languages
from rse_plan.organisation.model import Period
from rse_plan.plan.generation import Effort, scheduled
from rse_plan.plan.report import (
    Mend,
    Missed,
    PlanReport,
    Search,
    Staffing,
)
from rse_plan.plan.timetable import END, stated_spans
from rse_plan.scheduling import Reason, Unmet
from rse_plan.scheduling.explanation import Kind

# ── Who holds a plan back, and what waits for what ────────────────────────────────────────────────


@pytest.mark.parametrize("code", languages())
def test_who_holds_the_plan_back_is_named(code: str) -> None:
    found = report(SPARSE, code)
    first = found.staffing[0]
    assert bottleneck(found.staffing) == first
    said = words(code, SPARSE).bottleneck(first)
    assert words(code, SPARSE).role(first.role) in said
    assert Language(code).number(first.end_days) in said
    assert flat(said) in flat(seen(found, code))


@pytest.mark.parametrize("code", languages())
def test_nobody_holds_a_plan_back_in_which_one_more_person_gains_nothing(code: str) -> None:
    none = (Staffing("trainer", 0, 0), Staffing("it", -2, 1))
    assert bottleneck(none) is None
    assert words(code).bottleneck(None) == Language(code)("plan_view.no_bottleneck")
    said = words(code).other_staffing((Staffing("trainer", 3, -2), *none[:1]))
    assert "\u22122" in said
    assert "-2" not in said
    assert words(code).other_staffing(()) == ""
    alone = with_missed()
    alone.__dict__.update(staffing=(Staffing("trainer", 3, 4),))
    shown = flat(seen(alone, code))
    assert flat(PlanWording(alone.made, Language(code)).bottleneck(alone.staffing[0])) in shown


def test_a_chain_is_cut_only_where_it_goes_from_site_to_site() -> None:
    found = report(SPARSE, "en")
    shown = Selection(found).chain
    skipped = sum(one.steps for one in shown if isinstance(one, Skipped))
    steps = [one.line for one in shown if isinstance(one, Step)]
    assert skipped > 0
    assert len(steps) + skipped == len(found.critical_chain)
    programme = [line.id for line in found.critical_chain if line.site is None]
    assert [line.id for line in steps if line.site is None] == programme


def test_a_step_is_explained_unless_it_only_waits_for_the_one_before() -> None:
    found, say = report(SPARSE, "en"), words("en", SPARSE)
    explained = [step for step in Selection(found).steps if not say.waits(step)]
    assert 0 < len(explained) < len(found.critical_chain)
    shown = flat(seen(found, "en", 200))
    for step in Selection(found).chain:
        if isinstance(step, Step) and not say.waits(step):
            assert say.why(step) in shown
    named_first = [
        step
        for step in explained
        if step.before and found.made.table.index[step.before] in step.line.reason.activities
    ]
    assert named_first
    for step in named_first:
        assert say.name(step.before or "") in say.why(step)


def reasons() -> Iterator[tuple[str, Reason]]:
    """Return a reason of every kind, and each of its forms."""
    table = made(LARGE, "en").table
    task, gate = table.index["write-framing-note"], table.index["framing-decided"]
    weekend = table.number(date(2026, 10, 24))
    yield "write-framing-note", Reason("fixed")
    yield "framing-decided", Reason("fixed")
    yield "write-framing-note", Reason("not-before")
    yield "run-pilot", Reason("not-before")
    yield "pilot-go", Reason("not-before")
    yield END, Reason("not-before")
    yield "run-pilot", Reason("predecessor", (gate,))
    yield "tell-first-wins", Reason("predecessor", (table.index["pilot-may-start"],))
    yield END, Reason("predecessor", (task,))
    yield "run-pilot", Reason("resource", (task,), 0, (1, 2))
    yield "run-pilot", Reason("resource", tuple(range(9)), 0, (1, 2))
    yield "run-pilot", Reason("resource", (), 0, (1, 2))
    yield "run-pilot", Reason("calendar", (), None, (weekend, weekend + 2))
    yield "lyon.train-site", Reason("calendar", (task,), None, (weekend, weekend + 5))
    yield "lyon.train-site", Reason("calendar", (task,), 1, (weekend - 1, weekend))
    yield "run-pilot", Reason("within", (task, gate))
    yield "run-pilot", Reason("choice")


@pytest.mark.parametrize("code", languages())
def test_every_reason_is_said_in_words(code: str) -> None:
    said = [words(code).reason(name, reason) for name, reason in reasons()]
    assert {reason.kind for _, reason in reasons()} == set(get_args(Kind))
    assert len(set(said)) == len(said) - 2  # what is fixed, and what starts the plan
    assert not [text for text in said if re.search(r"[{}]|\bNone\b", text)]


@pytest.mark.parametrize("code", languages())
def test_what_has_begun_or_is_done_is_said_to_be(code: str) -> None:
    found = made(LARGE, code)
    said = set()
    for status in ("planned", "started", "done"):
        first, *others = found.plan.phases
        task = first.tasks[0].model_copy(update={"status": status})
        phases = (first.model_copy(update={"tasks": (task,)}), *others)
        now = replace(found, plan=found.plan.changed(phases=phases))
        said.add(PlanWording(now, Language(code)).reason(task.id, Reason("fixed")))
    assert len(said) == 3


def test_closed_days_are_named_by_who_closed_them() -> None:
    found = made(LARGE, "en")
    first = date(2026, 10, 26)
    closures = (Period(start=first, end=first + timedelta(days=4), reason="autumn break"),)
    blackout = Period(start=first, end=first, reason="stocktaking")
    sites = tuple(site.model_copy(update={"blackouts": (blackout,)}) for site in found.plan.sites)
    plan = found.plan.changed(closures=closures, sites=sites)
    say = PlanWording(replace(found, plan=plan), Language("en"))
    number = found.table.number(first)
    reason = Reason("calendar", (), None, (number, number + 2))
    said = say.reason("lyon.train-site", reason)
    assert "from 26 Oct 2026 to 27 Oct 2026 (autumn break, stocktaking)" in said
    assert "(autumn break)" in say.reason("run-pilot", reason)
    bare = found.plan.changed(sites=(), calendars=(), phases=())
    saturday = found.table.number(date(2026, 10, 24))
    weekend = Reason("calendar", (), None, (saturday, saturday + 2))
    said = PlanWording(replace(found, plan=bare), Language("en")).reason("gone", weekend)
    assert "weekend" in said


@pytest.mark.parametrize("code", languages())
def test_a_wave_of_the_timetable_is_named_by_what_it_opens(code: str) -> None:
    zones = PlanWording(made(LARGE, code, order="zones"), Language(code))
    opened = [name for name in zones.table.own_milestones if name != END]
    assert opened
    for name in opened:
        assert zones.name(name) != name
    assert zones.name(END) == Language(code)("plan_view.whole")


# ── What is missed, and what a longer search gains ────────────────────────────────────────────────


def test_the_smallest_mend_of_a_missed_date_is_said() -> None:
    wish = report(LARGE, "en").missed[0].wish
    say = words("en")
    one = Missed(wish, 3, None, (Mend("trainer", 1),))
    two = Missed(wish, 3, None, (Mend("trainer", 2), Mend("it", 2)))
    assert say.mends(one) == "Would do: 1 more person (Trainer)."
    assert say.mends(two) == "Would do: 2 more people (Trainer or IT)."
    assert "3 more people" in say.mends(Missed(wish, 3, None, ()))
    assert say.missed_why(one) == say.mends(one)
    assert say.missed_why(one, mends=False) == ""


def test_a_missed_date_names_the_phases_that_lead_to_it() -> None:
    found = report(LARGE, "en")
    pilot = next(one for one in found.missed if one.wish.about == "run-pilot")
    assert pilot.chain[-1] == "run-pilot"
    starts = stated_spans(found.plan)
    days = [starts[name].start for name in pilot.chain]
    assert days == sorted(days)
    said = "What leads to it: Framing → Choice of the tool → Preparing the pilot → Pilot."
    assert words("en").missed_why(pilot).count(said) == 1
    assert json.loads(written(found, "json", Language("en")))["missed"][0]["chain"]


def test_a_longer_search_is_never_worse_and_says_how_far_the_best_may_be() -> None:
    pytest.importorskip("ortools")
    table = made(LARGE, "en").table
    found = PlanReport(scheduled(table, Effort(evaluations=30, windows=1), 0), playbook("en"))
    search = found.search
    assert search
    assert search.at_once == report(LARGE, "en").figures
    assert found.figures.reach <= search.at_once.reach
    assert search.gap is not None
    assert 0 <= search.gap < 0.2
    said = json.loads(written(found, "json", Language("en")))["search"]
    assert said["figure"] == "reach"
    assert said["gap"] == pytest.approx(search.gap, abs=1e-4)
    late = Unmet("within", 3, 1, 2)
    found.__dict__.pop("search")
    found.__dict__["unmet"] = (late,)
    assert found.search
    assert found.search.gap is None


@pytest.mark.parametrize("code", languages())
def test_what_a_search_gained_is_said_in_every_form(code: str) -> None:
    found = PlanReport(made(LARGE, code), playbook(code))
    assert found.search is None
    now = found.figures
    was = replace(now, reach=now.reach + timedelta(4), end=now.end - timedelta(2))
    for gap, said in ((0.0381, "3.9" if code == "en" else "3,9"), (None, "")):
        search = Search(was, len(found.missed) + 1, "reach", gap)
        found.__dict__["search"] = search
        gained, left = words(code).search(search, now, len(found.missed))
        assert "−4 " in gained
        assert "+2 " in gained
        assert said in left
        assert str(len(found.missed) + 1) in gained
        for shown in (seen(found, code), plain_text(markdown(found, code))):
            assert flat(gained) in flat(shown)
            assert flat(left) in flat(shown)


def test_mends_stand_with_each_missed_date_unless_none_has_any() -> None:
    wishes = report(LARGE, "en").plan.wishes
    none = [Missed(wish, 3, None, ()) for wish in wishes]
    some = Missed(wishes[0], 3, Reason("choice"), (Mend("trainer", 1),))
    without = seen(with_missed(*none), "en")
    assert without.count("more people") == 1
    assert "None would hold" in without
    assert "Would do: 1 more person" in seen(with_missed(some, *none), "en")
    assert "all kept" in seen(with_missed(), "en")


@pytest.mark.parametrize("code", languages())
def test_what_the_schedule_does_not_keep_is_said(code: str) -> None:
    kinds = get_args(Unmet.__dataclass_fields__["kind"].type)
    listed = tuple(Unmet(kind, 3, 4, other=5, resource=1) for kind in kinds)
    said = [words(code).unmet(one) for one in listed]
    assert len(set(said)) == len(kinds) == 6
    assert not [text for text in said if re.search(r"[{}]|\bNone\b", text)]
    found = with_missed(unmet=listed)
    assert flat(words("en").unmet(listed[0])) in flat(seen(found, "en"))
    assert words("en").unmet(listed[0]) in plain_text(markdown(found, "en"))


def test_a_latest_date_that_was_announced_is_not_said_twice() -> None:
    found = report(LARGE, "en")
    task = found.made.table.names[3]
    wish = found.plan.wishes[0].model_copy(update={"about": task})
    late = Unmet("not-after", 3, 4)
    shown = Selection(
        with_missed(Missed(wish, 4, None, ()), unmet=(late, Unmet("within", 3, 1, 2)))
    )
    assert [one.kind for one in shown.unmet] == ["within"]
