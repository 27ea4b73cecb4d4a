"""What is shown of a plan: the same facts in every form, and no file that steers it."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len
from rich.console import Console, RenderableType

from rse_plan.assessment import assess
from rse_plan.documents.plan import Format, written
from rse_plan.documents.plan.changes import Changes
from rse_plan.documents.plan.conflicts import ConflictWording
from rse_plan.documents.plan.selection import Selection, Skipped, Step, bottleneck
from rse_plan.documents.plan.timeline import GATE, IDLE, LATE, LAUNCH, LEVELS, OVER, PLANNED, Axis
from rse_plan.documents.plan.wording import PlanWording
from rse_plan.files import read_file
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation
from rse_plan.organisation.model import Period
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import Effort, Generated, default_settings, scheduled
from rse_plan.plan.merge import ABSENT, Conflict
from rse_plan.plan.model import Forecast, Phase, Plan
from rse_plan.plan.record import plain
from rse_plan.plan.report import (
    Line,
    Mend,
    Missed,
    PlanChanges,
    PlanReport,
    Scenarios,
    Search,
    Staffing,
    WeekLoad,
)
from rse_plan.plan.timetable import END, Span, stated_spans, timetable
from rse_plan.plan.update import update
from rse_plan.playbook import Playbook, playbook_folder, read_playbook
from rse_plan.scheduling import Reason, Unmet
from rse_plan.scheduling.explanation import Kind
from rse_plan.views.lines import released
from rse_plan.views.plan import view

EXAMPLES = Path(__file__).parents[1] / "examples"
START = date(2026, 10, 19)
AS_OF = date(2026, 10, 12)
READER = MarkdownIt("gfm-like", {"linkify": False})
FORMS: tuple[Format, ...] = get_args(Format)
WHOLE, LARGE, SPARSE = "invented-28-sites", "two sites of each zone", "neovia"
HOSTILE = [
    "[red]coloured[/red] [link=https://example.org]x[/link]",
    "=HYPERLINK(1)",
    "| cell | cell | *bold* `code` <b>x</b>",
    "# 1. - title",
    "\x1b[31mred\x07",
    "a\nb",
    "{name} {0} %s",
]

Report = PlanReport | PlanChanges | Scenarios


@cache
def playbook(code: str) -> Playbook:
    return read_playbook(playbook_folder("core"), code)


def made(name: str, code: str, **wishes: Any) -> Generated:
    return _made(name, code, tuple(wishes.items()))


def example(name: str) -> dict[str, Any]:
    """Return what an example says; of the largest, a part is enough for most tests."""
    data = read_file(EXAMPLES / (WHOLE if name == LARGE else name) / "org.yaml").data
    assert isinstance(data, dict)
    if name != LARGE:
        return data
    by_zone: dict[Any, list[dict[str, Any]]] = {}
    for site in data["sites"]:
        by_zone.setdefault(value(site["zone"]), []).append(site)
    sites = [site for listed in by_zone.values() for site in listed[:2]]
    return {**data, "sites": sites, "headcount": sum(value(site["headcount"]) for site in sites)}


def value(said: Any) -> Any:
    """Return a fact without its origin."""
    return said["value"] if isinstance(said, dict) else said


@cache
def _made(name: str, code: str, wishes: tuple[tuple[str, Any], ...]) -> Generated:
    organisation = Organisation.model_validate(example(name))
    assessment = assess(organisation, playbook(code), organisation.as_of or AS_OF)
    chosen = default_settings(playbook(code), START).model_copy(update=dict(wishes))
    plan = draft(organisation, assessment.standing, chosen, Language(code), assessment.as_of)
    return with_forecasts(scheduled(timetable(plan), runs=0))


def with_forecasts(found: Generated) -> Generated:
    """Forecast that everything ends 30 days late in half of the draws, and 60 in a fifth."""

    def forecast(day: date | None) -> Forecast:
        day = day or START
        return Forecast(p50=day + timedelta(days=30), p80=day + timedelta(days=60))

    phases = (
        phase.model_copy(update={"forecast": forecast(phase.end)}) for phase in found.plan.phases
    )
    last = max(span.end for span in stated_spans(found.plan).values())
    return replace(found, plan=found.plan.changed(phases=tuple(phases), forecast=forecast(last)))


@cache
def report(name: str, code: str) -> PlanReport:
    return PlanReport(made(name, code), playbook(code))


@cache
def changes(code: str) -> PlanChanges:
    """Update a plan in which somebody changed, and deleted, what is generated otherwise now."""
    found = made(LARGE, code)
    base, ours = plain(found.plan), plain(found.plan)
    written = {task["id"]: task for phase in ours["phases"] for task in phase.get("tasks", ())}
    written["run-pilot"]["effort_days"] = 25
    written["run-pilot"]["title"] = HOSTILE[0]
    ours["decisions"] = ours["decisions"][1:]
    later = found.plan
    phases = (changed_phase(phase) for phase in later.phases)
    decisions = (
        one.model_copy(update={"why": "Otherwise", "due": None}) for one in later.decisions
    )
    next_draft = undated(
        later.changed(phases=tuple(phases), decisions=tuple(decisions), sites=later.sites[:-1])
    )
    found_now = update(ours, base, next_draft)
    was = Plan.model_validate(ours)
    return PlanChanges(was, found_now, stated_spans(found.plan), playbook(code))


def changed_phase(phase: Phase) -> Phase:
    """Ask for more days of two tasks, and no more for another."""
    more: dict[str, dict[str, Any]] = {
        "run-pilot": {"effort_days": 30.0},
        "write-framing-note": {"duration_days": 40},
    }
    tasks = (
        task.model_copy(update=more.get(task.id, {}))
        for task in phase.tasks
        if task.id != "map-stakeholders"
    )
    return phase.model_copy(update={"tasks": tuple(tasks)})


def undated(plan: Plan) -> Plan:
    """Take the dates of tasks away, as in a draft."""
    nowhere = {"start": None, "end": None}
    phases = (
        phase.model_copy(
            update={"tasks": tuple(task.model_copy(update=nowhere) for task in phase.tasks)}
        )
        for phase in plan.phases
    )
    sites = (
        site.model_copy(
            update={"tasks": tuple(task.model_copy(update=nowhere) for task in site.tasks)}
        )
        for site in plan.sites
    )
    return plan.changed(phases=tuple(phases), sites=tuple(sites))


@cache
def scenarios(code: str) -> Scenarios:
    return Scenarios(
        {
            "": made(LARGE, code),
            "plan.order=zones": made(LARGE, code, order="zones"),
            f"plan.start=2027-01-04; {HOSTILE[0]}": made(LARGE, code, start=date(2027, 1, 4)),
        }
    )


KINDS: dict[str, Callable[[str], Report]] = {
    "large": lambda code: report(LARGE, code),
    "sparse": lambda code: report(SPARSE, code),
    "changes": changes,
    "scenarios": scenarios,
}


def drawn(shown: RenderableType, width: int = 100, *, colour: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        highlight=False,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(shown)
    return released(capture.get())


def seen(found: Report, code: str, width: int = 100) -> str:
    return drawn(view(found, Language(code)), width)


def flat(text: str) -> str:
    """Undo the breaks of lines."""
    return re.sub(r"\s+", " ", text)


def words(code: str, name: str = LARGE) -> PlanWording:
    return PlanWording(made(name, code), Language(code))


def renamed(base: PlanReport, everywhere: str) -> PlanReport:
    """Give a plan other names in every place where people write some."""
    found = base.made
    plan = found.plan
    phases = tuple(
        phase.model_copy(
            update={
                "name": everywhere,
                "tasks": tuple(t.model_copy(update={"title": everywhere}) for t in phase.tasks),
                "gate": phase.gate and phase.gate.model_copy(update={"name": everywhere}),
            }
        )
        for phase in plan.phases
    )
    plan = plan.changed(
        organisation=everywhere,
        phases=phases,
        waves=tuple(one.model_copy(update={"name": everywhere}) for one in plan.waves),
        sites=tuple(one.model_copy(update={"name": everywhere}) for one in plan.sites),
        roles=tuple(one.model_copy(update={"name": everywhere}) for one in plan.roles),
        wishes=tuple(one.model_copy(update={"text": everywhere}) for one in plan.wishes),
        decisions=tuple(one.model_copy(update={"question": everywhere}) for one in plan.decisions),
        legal_steps=tuple(one.model_copy(update={"title": everywhere}) for one in plan.legal_steps),
        assumptions=tuple(one.model_copy(update={"text": everywhere}) for one in plan.assumptions),
    )
    renamed = PlanReport(replace(found, plan=plan), playbook("en"))
    # What takes long to find does not hang on names.
    missed = (
        replace(one, wish=one.wish.model_copy(update={"text": everywhere})) for one in base.missed
    )
    renamed.__dict__.update(staffing=base.staffing, missed=tuple(missed))
    return renamed


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", languages())
def test_no_line_is_wider_than_the_terminal(code: str, kind: str, width: int) -> None:
    shown = seen(KINDS[kind](code), code, width)
    assert [line for line in shown.splitlines() if cell_len(line.rstrip()) > width] == []


@pytest.mark.parametrize("code", languages())
def test_a_plan_of_28_sites_is_seen_in_some_screens(code: str) -> None:
    shown = seen(report(WHOLE, code), code)
    assert len(shown.splitlines()) < 150
    assert len(report(WHOLE, code).plan.sites) == 28


@pytest.mark.parametrize("name", [LARGE, SPARSE])
@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_dates_and_names_are_those_of_the_plan(name: str, code: str, form: str) -> None:
    found, say = report(name, code), words(code, name)
    shown = flat(seen(found, code, 200) if form == "text" else plain_text(markdown(found, code)))
    for phase in found.plan.phases:
        assert phase.name in shown
        assert phase.forecast
        for day in (phase.start, phase.end, phase.forecast.p80):
            assert say.day(day) in shown
        if phase.gate:
            assert phase.gate.name in shown
            assert say.day(phase.gate.date) in shown
    for wave in found.plan.waves:
        assert wave.name in shown
        assert say.day(wave.start) in shown
        assert say.day(wave.end) in shown
    figures = found.figures
    for figure in (figures.reach, figures.critical_mass, figures.end):
        assert Language(code).date(figure) in shown
    for role in found.roles:
        assert role.name in shown


@pytest.mark.parametrize("code", languages())
def test_the_conclusion_comes_first(code: str) -> None:
    found, say = report(LARGE, code), Language(code)
    head = seen(found, code).split(say("plan_view.timeline").upper())[0]
    assert say("assess.invented") in head
    assert found.playbook.title in head
    for one in found.missed:
        assert flat(one.wish.text) in flat(head)
    missed = say.number(len(found.missed))
    assert re.search(rf"{missed}\D+{say.number(len(found.plan.wishes))}", head)


@pytest.mark.parametrize("code", languages())
def test_the_wave_that_is_all_open_last_has_reached_everybody(code: str) -> None:
    openings = Selection(report(LARGE, code)).openings
    shares = [one.reached for one in openings]
    assert all(share is not None for share in shares)
    assert shares == sorted(shares, key=lambda share: share or 0)
    assert shares[-1] == 1
    assert sum(len(one.launches) for one in openings) == len(report(LARGE, code).plan.sites)


@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 3000),
    width=st.integers(1, 200),
    code=st.sampled_from(languages()),
)
def test_no_two_labels_of_the_time_line_touch(
    start: date, days: int, width: int, code: str
) -> None:
    axis = between(start, start + timedelta(days=days), width)
    for head in axis.heads(Language(code)):
        assert len(head) <= width
        assert "\n" not in head
    years, months = (re.findall(r"\S+", head) for head in axis.heads(Language(code)))
    assert all(re.fullmatch(r"\d{4}", year) for year in years)
    names = {words(code).say.locale.months["stand-alone"]["abbreviated"][n] for n in range(1, 13)}
    assert set(months) <= names


@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 3000),
    width=st.integers(1, 200),
)
def test_each_day_of_the_time_line_lies_in_its_column(start: date, days: int, width: int) -> None:
    axis = between(start, start + timedelta(days=days), width)
    day = start + timedelta(days=days)
    first, last = axis.days(axis.column(day))
    assert first <= day <= last
    assert 0 <= axis.column(start) <= axis.column(day) < width


def between(start: date, end: date, width: int) -> Axis:
    """Return the axis of a plan with one phase and nothing in it."""
    phase = Phase(id="one", name="One", start=start, end=end, forecast=Forecast(p50=end, p80=end))
    settings = made(LARGE, "en").plan.settings.model_copy(update={"start": start})
    empty = made(LARGE, "en").plan.changed(
        settings=settings, phases=(phase,), sites=(), waves=(), forecast=None
    )
    return Axis.of(empty, width)


def test_a_bar_says_by_its_characters_what_is_planned_and_how_late_it_may_be() -> None:
    plan = report(LARGE, "en").plan
    axis = Axis.of(plan, 90)
    for phase in plan.phases:
        assert phase.start
        assert phase.end
        assert phase.forecast
        bar = axis.phase(phase)
        assert bar[axis.column(phase.start)] in {PLANNED, GATE}
        assert not bar[: axis.column(phase.start)].strip()
        assert bar[axis.column(phase.forecast.p80)] == LATE
        assert len(bar) == axis.column(phase.forecast.p80) + 1
        assert (GATE in bar) is (phase.gate is not None)
        if phase.gate and phase.gate.date:
            assert bar[axis.column(phase.gate.date)] == GATE
    for opening in Selection(report(LARGE, "en")).openings:
        drawn_wave = axis.wave(opening.wave, opening.launches)
        columns = {axis.column(day) for day in opening.launches}
        assert columns == {n for n, mark in enumerate(drawn_wave) if mark == LAUNCH}


def test_nothing_is_drawn_of_what_has_no_date() -> None:
    plan = report(LARGE, "en").plan
    axis = Axis.of(plan, 40)
    assert axis.phase(Phase(id="none", name="None")) == ""
    assert axis.phase(Phase(id="sure", name="Sure", start=START, end=START)).strip() == PLANNED
    assert axis.wave(plan.waves[0].model_copy(update={"start": None}), ()) == ""


def test_a_load_is_told_by_the_heaviest_week_of_its_column() -> None:
    axis = between(date(2027, 1, 1), date(2027, 1, 31), 4)
    weeks = [
        WeekLoad(date(2027, 1, 4), 1, 10),
        WeekLoad(date(2027, 1, 18), 10.04, 10),
        WeekLoad(date(2027, 1, 25), 1, 0),
    ]
    assert axis.load([]) == IDLE * 4
    assert axis.load(weeks[:1]) == LEVELS[0] * 2 + IDLE * 2
    assert axis.load(weeks[:2]) == LEVELS[0] * 2 + LEVELS[-1] + IDLE
    assert axis.load(weeks)[-1] == OVER


def test_peak_and_mean_are_shares_of_the_time_that_people_have() -> None:
    found = report(LARGE, "en")
    for load in Selection(found).loads:
        weeks = found.load[load.role]
        assert load.peak == max(week.asked / week.available for week in weeks if week.available)
        asked, available = (
            sum(week.asked for week in weeks), sum(week.available for week in weeks),
        )  # fmt: skip
        assert load.mean == pytest.approx(asked / available)


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


def with_missed(*missed: Missed, unmet: tuple[Unmet, ...] = ()) -> PlanReport:
    """Return a report with failures of our own making."""
    found = PlanReport(made(LARGE, "en"), playbook("en"))
    found.__dict__.update(missed=missed, unmet=unmet)
    return found


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


def markdown(found: Report, code: str) -> str:
    return written(found, "markdown", Language(code))


def plain_text(source: str) -> str:
    """Return the text of Markdown, as a third-party reader sees it."""
    found = []
    for token in READER.parse(source):
        if token.type == "inline":
            found.append("".join(child.content for child in token.children or []))
        elif token.type == "code_block":
            found.append(token.content)
    return "\n".join(found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", languages())
def test_every_row_of_a_table_has_its_columns(kind: str, code: str) -> None:
    tokens = READER.parse(markdown(KINDS[kind](code), code))
    assert any(token.type == "table_open" for token in tokens)
    rows = [token for token in tokens if token.type == "tr_open"]
    width = count = closed = 0
    for token in tokens:
        if token.type == "thead_open":
            width = 0
        elif token.type == "th_open":
            width += 1
        elif token.type == "td_open":
            count += 1
        elif token.type == "tr_close":
            assert count in {0, width}
            count, closed = 0, closed + 1
    assert closed == len(rows)
    text = plain_text(markdown(KINDS[kind](code), code))
    assert not re.search(r"^\s*\|", text, re.MULTILINE)


@pytest.mark.parametrize("kind", ["large", "changes", "scenarios"])
def test_french_has_its_no_break_spaces_and_english_has_none(kind: str) -> None:
    french = plain_text(markdown(KINDS[kind]("fr"), "fr"))
    assert re.findall(r".{20} [:;!?%»]|« .{20}", french) == []
    english = plain_text(markdown(KINDS[kind]("en"), "en"))
    own = re.findall(r".{0,30}[\u00a0\u202f][:;!?%»]|«.{0,30}", english)
    # What the organisation says is in its own language.
    assert [text for text in own if not re.search("invent|disciplinaire", text)] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_the_same_report_gives_the_same_bytes(kind: str, form: Format) -> None:
    found = KINDS[kind]("fr")
    assert written(found, form, Language("fr")) == written(found, form, Language("fr"))


def test_json_holds_the_plan_and_what_follows_from_it() -> None:
    found = report(LARGE, "fr")
    said = json.loads(written(found, "json", Language("fr")))
    assert said["schema"] == "rse-plan/plan/1"
    assert said["plan"] == plain(found.plan)
    assert said["figures"]["end"] == found.figures.end.isoformat()
    assert [one["id"] for one in said["tasks"]] == [line.id for line in found.lines]
    task = said["tasks"][0]
    assert set(task) == {
        "id", "title", "phase", "site", "role", "start", "end", "slack_days", "critical", "reason",
    }  # fmt: skip
    assert set(task["reason"]) == {"kind", "activities", "role", "days"}
    known = {one["id"] for one in said["tasks"]} | found.made.table.own_milestones
    for one in said["tasks"]:
        assert set(one["reason"]["activities"]) <= known
    assert {one["site"] for one in said["tasks"]} == {None, *(s.id for s in found.plan.sites)}
    assert set(said["load"]) == {role.id for role in found.roles}
    assert [one["about"] for one in said["missed"]] == [one.wish.about for one in found.missed]
    assert {one["role"] for one in said["staffing"]} == set(said["load"])
    assert [one["id"] for one in said["tasks"] if one["critical"]]
    assert set(said["critical_chain"]) == {one["id"] for one in said["tasks"] if one["critical"]}


def test_json_names_what_fails() -> None:
    wish = report(LARGE, "en").plan.wishes[0]
    late = Missed(wish, 3, None, (Mend("it", 2),))
    found = with_missed(late, unmet=(Unmet("resource", 0, 2, 1, 0), Unmet("not-after", 0, 2)))
    said = json.loads(written(found, "json", Language("en")))
    assert said["missed"][0]["mends"] == [{"role": "it", "people": 2}]
    names = found.made.table.names
    assert [one["other"] for one in said["unmet"]] == [names[1], None]
    assert [one["role"] for one in said["unmet"]] == ["project-manager", None]


def rows(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text))]


def test_a_table_has_one_row_for_each_task() -> None:
    found = report(LARGE, "fr")
    listed = rows(written(found, "csv", Language("fr")))
    assert [one["id"] for one in listed] == [line.id for line in found.lines if line.task]
    first, task = listed[0], found.lines[0].task
    assert task
    assert task.start
    assert first["start"] == task.start.isoformat()
    assert first["effort_days"] == f"{task.effort_days:g}"
    assert {one["critical"] for one in listed} == {"true", "false"}
    assert {one["site"] for one in listed} == {"", *(site.id for site in found.plan.sites)}
    after = {name for one in listed for name in one["after"].split()}
    assert after <= {line.id for line in found.lines}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_person_wrote_arrives_as_text(hostile: str) -> None:
    found = renamed(report(LARGE, "en"), hostile)
    one_line = hostile.replace("\x1b", "\\x1b").replace("\x07", "\\x07")
    shown = seen(found, "en", 200)
    assert one_line.replace("\n", "\\n") in shown
    assert "\x1b" not in shown
    source = markdown(found, "en")
    safe = markdown(renamed(report(LARGE, "en"), "safe"), "en")
    kinds = [token.type for token in READER.parse(source)]
    assert kinds == [token.type for token in READER.parse(safe)]
    inline = {c.type for token in READER.parse(source) for c in token.children or []}
    assert not inline & {"html_inline", "link_open", "image", "code_inline"}
    assert one_line.replace("\n", " ") in plain_text(source)
    assert "\x1b" not in source
    titles = {one["title"] for one in rows(written(found, "csv", Language("en")))}
    assert {title.removeprefix("'") for title in titles} >= {hostile}
    assert not [title for title in titles if title.startswith("=")]
    said = json.loads(written(found, "json", Language("en")))
    assert said["plan"]["organisation"] == hostile


def test_colour_adds_nothing_but_colour() -> None:
    coloured = drawn(view(report(LARGE, "fr"), Language("fr")), colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == seen(report(LARGE, "fr"), "fr")


@pytest.mark.parametrize("code", languages())
def test_a_plan_of_which_little_is_known_is_shown_all_the_same(code: str) -> None:
    found = made(LARGE, code)
    bare = undated(
        found.plan.changed(
            invented=False, forecast=None, assumptions=(), decisions=(), wishes=(), phases=(),
            waves=(), sites=(), legal_steps=(), roles=(), calendars=(),
        )
    )  # fmt: skip
    again = scheduled(timetable(bare), runs=0)
    unsure = replace(again, plan=again.plan.changed(forecast=None))
    empty = PlanReport(unsure, playbook(code))
    shown = seen(empty, code)
    assert "P80" not in shown
    for name in ("timeline", "phases", "waves", "load", "chain", "decisions", "legal", "assumed"):
        assert Language(code)(f"plan_view.{name}").upper() not in shown
    assert bare.organisation in shown
    assert bare.organisation in plain_text(markdown(empty, code))
    assert rows(written(empty, "csv", Language(code))) == []
    assert json.loads(written(empty, "json", Language(code)))["tasks"] == []


def test_phases_without_tasks_or_dates_have_rows_without_dates() -> None:
    found = made(LARGE, "en")
    later = Phase(id="later", name="Later")
    wave = found.plan.waves[0].model_copy(
        update={"id": "empty", "name": "Empty", "sites": (), "start": None, "end": None}
    )
    plan = found.plan.changed(phases=(*found.plan.phases, later), waves=(*found.plan.waves, wave))
    extended = PlanReport(replace(found, plan=plan), playbook("en"))
    shown = seen(extended, "en")
    assert re.search(r"^  Later +– +– +– +– *$", shown, re.MULTILINE)
    assert re.search(r"^  Empty +0 +[\d,]+ +– +– +– *$", shown, re.MULTILINE)
    assert Selection(extended).openings[-1].reached is None


def test_decisions_are_told_apart_by_whether_they_are_taken() -> None:
    found = made(LARGE, "en")
    first, second, *others = found.plan.decisions
    taken = first.model_copy(update={"choice": "No guests", "decided_on": date(2026, 12, 1)})
    told = second.model_copy(update={"choice": "A number"})
    plan = found.plan.changed(decisions=(taken, told, *others))
    decided = PlanReport(replace(found, plan=plan), playbook("en"))
    shown = seen(decided, "en", 200)
    assert first.question not in shown
    assert "2 decisions taken already." in shown
    text = plain_text(markdown(decided, "en"))
    assert f"{first.question} No guests (1 Dec 2026)" in text
    assert f"{second.question} A number" in text


def test_what_is_to_be_confirmed_is_asked_by_how_much_hangs_on_it() -> None:
    found = made(SPARSE, "en")
    shown = Selection(report(SPARSE, "en"))
    numbers = [len(names) for names in shown.to_confirm.values()]
    assert numbers == sorted(numbers, reverse=True)
    asked = [one for one in found.plan.placed if one.task.confirm]
    assert shown.unconfirmed == sum(numbers) == len(asked) > 0
    assert next(iter(shown.to_confirm)) in flat(seen(report(SPARSE, "en"), "en", 400))


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


def test_an_update_counts_delays_and_scenarios_count_gains() -> None:
    shown, listed = seen(changes("fr"), "fr", 200), seen(scenarios("fr"), "fr", 200)
    assert "Retard" in shown
    assert "Écart  " not in shown
    assert re.search("tâches? (et|ou) jalons? plus tard, de [0-9]+ jours au plus", shown)
    assert "Gain sur la fin" in listed
    assert "+ est un gain, − une perte" in listed


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("code", languages())
def test_scenarios_have_letters_of_which_a_legend_speaks(code: str, width: int) -> None:
    one = made(LARGE, code)
    names = [f"means.team.community-manager.people={number}" for number in range(1, 28)]
    found = Scenarios(dict.fromkeys(["", *names], one))
    shown = seen(found, code, width)
    as_is = Language(code)("plan_view.scenarios.as_is")
    legend, *tables = re.split(rf"(?m)(?=^ .*{as_is})", shown)
    assert re.search(r"^A +means.team.community-manager.people=1 *$", legend, re.MULTILINE)
    assert re.search(r"^Z +means.team.community-manager.people=26 *$", legend, re.MULTILINE)
    assert re.search(r"^AA +means.team.community-manager.people=27 *$", legend, re.MULTILINE)
    heads = " ".join(table.partition("\n")[0] for table in tables)
    assert re.findall(r"\b[A-Z]{1,2}\b", heads) == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA"]
    assert "people=" not in "".join(tables)
    text = plain_text(markdown(found, code))
    assert "AA means.team.community-manager.people=27" in text


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("code", languages())
def test_scenarios_stand_side_by_side_with_the_plan_as_it_is(code: str, width: int) -> None:
    found = scenarios(code)
    say = Language(code)
    shown = seen(found, code, width)
    assert flat(shown).count(say("plan_view.scenarios.bottleneck").split()[0]) >= 1
    for figures in found.figures.values():
        assert words(code).day(figures.end) in shown
    assert say("plan_view.scenarios.as_is").split()[0] in shown
    text = plain_text(markdown(found, code))
    for name in found.made:
        assert name in text


def test_scenarios_count_the_days_that_they_gain() -> None:
    found = scenarios("en")
    said = json.loads(written(found, "json", Language("en")))
    assert said["schema"] == "rse-plan/plan-scenarios/1"
    assert [one["set"] for one in said["scenarios"]] == [*found.made]
    base, *others = found.figures.values()
    for one, figures in zip(said["scenarios"][1:], others, strict=True):
        assert one["gained_days"]["end"] == (base.end - figures.end).days
        network = found.made[one["set"]].plan.ambassadors
        assert network
        assert one["ambassadors"] == network.target
        assert one["gates"].keys() == {gate.id for gate in made(LARGE, "en").plan.gates}
    listed = rows(written(found, "csv", Language("en")))
    assert [int(one["end_gained"]) for one in listed] == [
        (base.end - figures.end).days for figures in found.figures.values()
    ]


def test_a_scenario_without_a_gate_or_forecast_has_an_empty_cell() -> None:
    found = scenarios("en")
    first, second, _ = found.made
    whole = found.made[second]
    phases = tuple(phase.model_copy(update={"gate": None}) for phase in whole.plan.phases)
    other = replace(whole, plan=whole.plan.changed(phases=phases, forecast=None))
    without = Scenarios({first: found.made[first], second: other})
    assert "–" in seen(without, "en")
    said = json.loads(written(without, "json", Language("en")))
    assert said["scenarios"][1]["forecast"] is None
    alone = Scenarios({first: found.made[first]})
    assert "As is" in seen(alone, "en")


def test_lines_of_a_report_are_titled_with_their_site() -> None:
    found, say = report(LARGE, "en"), words("en")
    at_site: Line = next(line for line in found.lines if line.site)
    assert say.title(at_site) == f"{at_site.title} ({at_site.site})" == say.name(at_site.id)
