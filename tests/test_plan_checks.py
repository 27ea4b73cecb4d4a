"""What the checks of a plan find, what they leave alone, and that the judge agrees with them."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from judge import violations
from planning import EXAMPLES, START, example, planned
from test_plan_random import organisations

from rse_plan.checks.plan import check_plan, obstacles, plan_findings
from rse_plan.documents.reports import Report, write
from rse_plan.files import Diagnostic, Document, InvalidFileError, lines_of, load, read_text
from rse_plan.language import Language, languages
from rse_plan.plan.model import Plan
from rse_plan.plan.record import plain, read_record
from rse_plan.plan.text import plan_text
from rse_plan.plan.timetable import Chosen, timetable
from rse_plan.scheduling import UnschedulableError

Data = dict[str, Any]

# What only its readers can add to a new plan.
TO_FILL_IN = {"measure-without-source", "measure-without-target", "share-without-denominator"}


def findings(document: Document) -> list[Diagnostic]:
    return plan_findings(document, load(Plan, document))


def codes(data: Data) -> set[str]:
    return {one.code for one in findings(read_text(json.dumps(data), "plan.json"))}


@cache
def _small() -> Data:
    """Plan an organisation of three sites, small enough to be drawn from many times."""
    said = example("invented-28-sites")
    said["sites"] = [one | {"headcount": 300} for one in said["sites"][:3]]
    said["headcount"] = 900
    said["roadmap"]["waves"] = [
        {"id": f"wave-{one['id']}", "name": one["name"], "sites": [one["id"]]}
        for one in said["sites"]
    ]
    return plain(planned(said).plan)


def small() -> Data:
    return deepcopy(_small())


# ── Plans that nobody has edited ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["headquarters-first", "zones"])
@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/org.yaml")))
def test_a_new_plan_of_an_example_has_nothing_to_mend(name: str, order: str) -> None:
    made = planned(example(name), order=order)
    text = plan_text(plain(made.plan), "plan.schema.json", Language("en"))
    assert {one.code for one in findings(read_text(text, "plan.yaml"))} <= TO_FILL_IN


@given(organisations(), st.integers(0, 400), st.sampled_from(["headquarters-first", "zones"]))
@settings(max_examples=20)
def test_a_new_plan_of_any_organisation_has_no_error(data: Data, days: int, order: str) -> None:
    for site in data["sites"]:
        site.pop("latest_launch", None)
    for member in data["means"]["team"]:
        member["absences"] = []
    try:
        made = planned(data, start=START + timedelta(days=days - 100), order=order)
    except UnschedulableError:
        assume(False)
    document = read_text(json.dumps(plain(made.plan)), "plan.json")
    assert [one for one in findings(document) if one.severity == "error"] == []


def test_a_plan_without_anything_in_it_has_nothing_to_mend() -> None:
    data = small()
    bare = {key: data[key] for key in ("kind", "organisation", "language", "made_from", "settings")}
    assert codes(bare) == set()


# ── What is left alone ────────────────────────────────────────────────────────────────────────────

HEAD: Data = {
    "kind": "plan",
    "organisation": "Tested",
    "language": "en",
    "made_from": {
        "organisation_as_of": "2026-10-12",
        "organisation_digest": "0",
        "playbook": "core",
        "playbook_version": "1.0.0",
        "generation": "0",
    },
    "settings": {
        "start": "2026-11-02",
        "ambassador_share": 0.1,
        "spread": {"least": 1, "likely": 1, "most": 1},
    },
}
WEEKEND = {"weekend": ["saturday", "sunday"]}


def task(name: str, start: str, end: str, **said: Any) -> Data:
    return {"id": name, "title": name, "role": "sponsor", "start": start, "end": end, **said}


def gate(**said: Any) -> Data:
    return {"id": "gate", "name": "Gate", "role": "sponsor", **said}


def plan(*tasks: Data, roles: Sequence[Data] = (), gate: Data | None = None, **more: Any) -> Data:
    """Write a plan of one phase with some tasks."""
    phase = {"id": "only", "name": "Only", "tasks": list(tasks)} | ({"gate": gate} if gate else {})
    return {
        **HEAD,
        "phases": [phase],
        "roles": [{"id": "sponsor", "name": "Sponsor"}, *roles],
        **more,
    }


def site(name: str, *tasks: Data, **said: Any) -> Data:
    return {"id": name, "name": name, "calendar": "fr", "tasks": list(tasks), **said}


def criterion(**said: Any) -> Data:
    return {"id": "one", "text": "One.", **said}


MONDAY, TUESDAY, FRIDAY = "2026-11-09", "2026-11-10", "2026-11-13"
DONE = {"status": "done", "actual_start": MONDAY, "actual_end": TUESDAY}
TRAINER = {"id": "trainer", "name": "Trainer", "people": 1}
HALF = {"role": "trainer", "effort_days": 1, "duration_days": 2}

QUIET: dict[str, Data] = {
    "what waits for a milestone may start on its day": plan(
        task("first", MONDAY, MONDAY),
        task("second", MONDAY, TUESDAY, duration_days=2, after=["first", "gate"]),
        gate=gate(date=MONDAY),
    ),
    "a cancelled task binds nobody": plan(
        task("first", FRIDAY, MONDAY, status="cancelled", after=["third"]),
        task("second", MONDAY, TUESDAY, duration_days=2, after=["first"]),
        task("third", MONDAY, TUESDAY, duration_days=2, after=["first"]),
    )
    | {"phases": []},
    "what is done may have been done on any day": plan(
        task("first", MONDAY, TUESDAY, status="done", duration_days=9)
        | {"actual_start": "2026-10-31", "actual_end": "2026-11-01"},
    ),
    "what has begun may have begun before what it waits for had ended": plan(
        task("first", MONDAY, FRIDAY, **DONE | {"actual_end": FRIDAY}),
        task("second", TUESDAY, FRIDAY, status="started", actual_start=TUESDAY, after=["first"]),
    ),
    "two halves of a person make one": plan(
        task("first", MONDAY, TUESDAY, **HALF),
        task("second", MONDAY, TUESDAY, **HALF),
        task("sponsoring", MONDAY, MONDAY),
        roles=[TRAINER],
    ),
    "one may begin on the day after the other": plan(
        task("first", MONDAY, TUESDAY, **HALF | {"effort_days": 2}),
        task("second", "2026-11-11", "2026-11-12", **HALF | {"effort_days": 2}),
        task("sponsoring", MONDAY, MONDAY),
        roles=[TRAINER],
    ),
    "who is away may be away while nothing is to do": plan(
        task("first", MONDAY, TUESDAY, **HALF | {"effort_days": 2}),
        task("sponsoring", MONDAY, MONDAY),
        roles=[{**TRAINER, "absences": [{"start": "2026-11-11", "end": FRIDAY, "people": 1}]}],
    ),
    "work that went on already cannot be moved": plan(
        task("first", MONDAY, FRIDAY, status="started", actual_start=MONDAY, role="trainer")
        | {"effort_days": 5, "duration_days": 5},
        task("second", MONDAY, FRIDAY, status="started", actual_start=MONDAY, role="trainer")
        | {"effort_days": 5, "duration_days": 5},
        task("sponsoring", MONDAY, MONDAY),
        roles=[TRAINER],
    ),
    "somebody whose days are not counted may do much at once": plan(
        *(task(f"t{number}", MONDAY, TUESDAY, effort_days=2) for number in range(9)),
    ),
    "a gate may be decided on the day of its evidence and of the last task": plan(
        task("first", MONDAY, TUESDAY, **DONE),
        gate=gate(
            after=["first"],
            decision="go",
            decided_on=TUESDAY,
            criteria=[criterion(met=True, evidence="seen", evidence_date=TUESDAY)],
        ),
    ),
    "a gate may say yes with a reserve, or no, when a criterion is not met": plan(
        task("first", MONDAY, TUESDAY, **DONE),
        gate=gate(
            after=["first"],
            decision="conditional-go",
            decided_on=FRIDAY,
            criteria=[criterion(met=False, evidence="seen")],
        ),
    ),
    "a site may work when the headquarters do not": plan(
        task("sponsoring", MONDAY, MONDAY),
        sites=[
            site("paris", headquarters=True),
            site(
                "cairo",
                task("cairo.meet", "2026-11-15", "2026-11-16", duration_days=2),
                calendar="eg",
            ),
        ],
        calendars=[{"id": "fr", **WEEKEND}, {"id": "eg", "weekend": ["friday", "saturday"]}],
    ),
    "days of a weekend may be worked": plan(
        task("first", "2026-11-14", "2026-11-14", duration_days=1),
        sites=[site("paris")],
        calendars=[{"id": "fr", **WEEKEND, "days_worked": ["2026-11-14"]}],
    ),
    "calendar days pass for everybody": plan(
        task("first", "2026-11-14", "2026-11-15", elapsed_days=2),
    ),
    "a wave of unknown staff has no sum": plan(
        task("sponsoring", MONDAY, MONDAY),
        waves=[{"id": "one", "name": "One", "sites": ["paris", "lyon"], "headcount": 9}],
        sites=[site("paris", headcount=5), site("lyon")],
        calendars=[{"id": "fr", **WEEKEND}],
    ),
    "a legal step may be done, or not be due": plan(
        task("first", MONDAY, TUESDAY),
        legal_steps=[
            {"id": "one", "title": "One", "role": "sponsor", "why": "Law."} | said
            for said in ({"evidence": "minutes"}, {"not_applicable": "no staff"}, {"task": "first"})
        ][-1:],
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_what_may_be_right_is_not_reported(name: str) -> None:
    assert codes(QUIET[name]) == set()


# ── Each fault where it is ────────────────────────────────────────────────────────────────────────


def one(data: Data, code: str) -> Diagnostic:
    (found,) = (
        one for one in findings(read_text(json.dumps(data), "plan.json")) if one.code == code
    )
    return found


def test_a_circle_is_shown_whole() -> None:
    tasks = (
        task("a", MONDAY, MONDAY, after=["c"]),
        task("b", MONDAY, MONDAY, after=["a"]),
        task("c", MONDAY, MONDAY, after=["b"]),
    )
    found = one(plan(*tasks), "cycle")
    assert found.values["ids"] == "a → c → b → a"
    assert [other.field for other in found.related] == [
        "phases.0.tasks.2.after.0", "phases.0.tasks.1.after.0",
    ]  # fmt: skip


def test_one_wait_too_many_is_one_circle_the_shortest() -> None:
    middle = [task(f"m{number}", MONDAY, MONDAY, after=["first"]) for number in range(9)]
    data = plan(
        task("first", MONDAY, MONDAY, after=["last"]),
        *middle,
        task("long", MONDAY, MONDAY, after=["m0"]),
        task("last", MONDAY, MONDAY, after=["long", *(one["id"] for one in middle)]),
        # Another circle is another finding.
        task("a", MONDAY, MONDAY, after=["b"]),
        task("b", MONDAY, MONDAY, after=["a"]),
    )
    document = read_text(json.dumps(data), "plan.json")
    circles = [one.values["ids"] for one in findings(document) if one.code == "cycle"]
    assert circles == ["first → last → m0 → first", "a → b → a"]


def test_what_a_circle_goes_through_is_no_contradiction() -> None:
    data = plan(
        task("a", MONDAY, MONDAY, after=["b"]),
        task("b", MONDAY, MONDAY, after=["a"]),
    )
    text = json.dumps(data, indent=1)
    found = [one for one in findings(read_text(text, "plan.json")) if one.code == "cycle"]
    report = Report(found, (), Language("fr"), lambda _: lines_of(text))
    assert "passe par phases.0.tasks.1.after.0" in write(report, "text")
    assert "passe par phases.0.tasks.1.after.0" in write(report, "sarif")


def test_an_overload_says_from_when_to_when_by_how_much_and_of_what() -> None:
    full = {"role": "trainer", "effort_days": 5, "duration_days": 5}
    data = plan(
        task("first", MONDAY, FRIDAY, **full),
        task("second", "2026-11-12", "2026-11-18", **full),
        task("sponsoring", MONDAY, MONDAY),
        roles=[TRAINER],
    )
    found = one(data, "role-overbooked")
    assert found.values["start"] == date(2026, 11, 12)
    assert found.values["end"] == date(2026, 11, 13)
    assert (found.values["found"], found.values["limit"]) == ("2", "1")
    assert found.values["ids"] == "first, second"
    assert [other.field for other in found.related] == ["roles.1.people", "phases.0.tasks.0.start"]


def test_two_overloads_of_one_role_are_two() -> None:
    data = plan(
        *(task(f"t{number}", MONDAY, MONDAY, **HALF | {"duration_days": 1}) for number in "ab"),
        *(task(f"t{number}", FRIDAY, FRIDAY, **HALF | {"duration_days": 1}) for number in "cd"),
        task("sponsoring", MONDAY, MONDAY),
        roles=[TRAINER],
    )
    document = read_text(json.dumps(data), "plan.json")
    ids = [one.values["ids"] for one in findings(document) if one.code == "role-overbooked"]
    assert ids == ["ta, tb", "tc, td"]


def test_a_day_off_shows_the_calendar_the_closure_or_the_blackout() -> None:
    day = "2026-11-11"
    closure = {"start": day, "end": day}
    calendar = {"id": "fr", **WEEKEND, "days_off": [MONDAY, day]}
    first = task("lyon.meet", day, day, role="trainer", duration_days=1)
    sites = [site("paris", headquarters=True), site("lyon", first, calendar="it")]
    plain_calendars = [{"id": "it", **WEEKEND}, {"id": "fr", **WEEKEND}]

    def shown(code: str, **said: Any) -> list[str]:
        said = {"sites": sites, "calendars": plain_calendars, "roles": [TRAINER]} | said
        data = plan(task("sponsoring", TUESDAY, TUESDAY), **said)
        return [other.field for other in one(data, code).related]

    # The team's own days count for the work of a team at a site.
    assert shown("on-day-off", calendars=[plain_calendars[0], calendar]) == [
        "calendars.1.days_off.1"
    ]
    assert shown("while-closed", closures=[closure]) == ["closures.0"]
    blackout = [sites[0], {**sites[1], "blackouts": [closure]}]
    assert shown("while-closed", sites=blackout) == ["sites.1.blackouts.0"]


def test_a_name_that_was_nearly_right_is_suggested() -> None:
    data = plan(task("write-note", MONDAY, MONDAY), task("b", MONDAY, MONDAY, after=["write-not"]))
    assert one(data, "unknown-reference").suggestion == "write-note"


def test_a_name_is_looked_for_in_the_same_site_where_there_are_very_many() -> None:
    many = [task(f"task-{number}", MONDAY, MONDAY) for number in range(1100)]
    own = [
        task("lyon.train", MONDAY, MONDAY),
        task("lyon.launch", MONDAY, MONDAY, after=["lyon.trian"]),
    ]
    data = plan(*many, sites=[site("lyon", *own)], calendars=[{"id": "fr", **WEEKEND}])
    assert one(data, "unknown-reference").suggestion == "lyon.train"


def test_what_is_ignored_with_a_reason_is_not_listed() -> None:
    said = plan(task("first", "2026-11-14", "2026-11-14", note="n " * 60))
    text = plan_text(said, "plan.schema.json", Language("en"))
    start = "start: 2026-11-14"
    assert [one.code for one in findings(read_text(text, "plan.yaml"))] == ["on-day-off"]
    ignored = text.replace(start, f"{start}  # rse-plan: ignore[on-day-off] there is a fair")
    assert findings(read_text(ignored, "plan.yaml")) == []


def test_only_what_cannot_be_scheduled_is_in_the_way_of_an_update() -> None:
    moved = task("first", "2026-11-14", "2026-11-20", duration_days=2)
    lost = task("second", MONDAY, TUESDAY, after=["third"], duration_days=5)
    document = read_text(json.dumps(plan(moved, lost)), "plan.json")
    read = load(Plan, document)
    assert {one.code for one in plan_findings(document, read)} == {
        "on-day-off", "unknown-reference", "duration-differs",
    }  # fmt: skip
    assert [one.code for one in obstacles(document, read)] == ["unknown-reference"]


# ── Work that goes on ─────────────────────────────────────────────────────────────────────────────

BEGUN = {"status": "started", "actual_start": MONDAY}
WEEK: Data = {**BEGUN, "duration_days": 5}


@pytest.mark.parametrize(
    ("said", "today", "chosen", "end"),
    [
        (WEEK, None, None, None),
        (WEEK, "2026-11-13", None, None),
        (WEEK, "2026-11-14", None, "2026-11-16"),
        (WEEK, "2026-11-18", None, "2026-11-18"),
        (WEEK, "2026-11-18", "2026-11-17", "2026-11-18"),
        (WEEK, "2026-11-18", "2026-11-18", "2026-11-18"),
        (WEEK, "2026-11-18", "2026-11-27", "2026-11-27"),
        (WEEK, "2026-11-02", "2026-11-17", "2026-11-17"),
        (WEEK | {"actual_end": FRIDAY}, "2026-11-18", None, FRIDAY),
        (BEGUN | {"elapsed_days": 5}, "2026-11-13", None, None),
        (BEGUN | {"elapsed_days": 5}, "2026-11-14", None, "2026-11-14"),
        (BEGUN, "2026-11-18", None, "2026-11-18"),
        ({"status": "started", "start": "2026-10-26"}, "2026-11-18", None, "2026-11-18"),
        (BEGUN, "2099-12-31", None, "2099-12-31"),
    ],
)
def test_work_that_goes_on_does_not_end_before_the_status_date(
    said: Data, today: str | None, chosen: str | None, end: str | None
) -> None:
    data = plan(task("first", MONDAY, FRIDAY) | said)
    data["settings"] = HEAD["settings"] | ({"status_date": today} if today else {})
    kept = {"first": Chosen(end=date.fromisoformat(chosen))} if chosen else {}
    table = timetable(Plan.model_validate(data), kept)
    last = table.problem.activities[0].fixed_end
    assert (last if last is None else table.day(last - 1).isoformat()) == end


def test_what_ends_with_the_status_date_takes_as_long_as_it_takes() -> None:
    data = plan(task("first", MONDAY, "2026-11-18") | WEEK)
    data["settings"] = HEAD["settings"] | {"status_date": "2026-11-18"}
    assert codes(data) == {"should-have-ended"}
    data["phases"][0]["tasks"][0]["end"] = "2026-11-26"
    assert codes(data) == set()
    data["settings"] = HEAD["settings"]
    assert codes(data) == {"duration-differs"}


# ── The judge ─────────────────────────────────────────────────────────────────────────────────────

# What the judge, which goes by dates and sums only, does not look at; nor how early a day due is.
UNJUDGED = TO_FILL_IN | {
    "too-late", "legal-step-too-late",
}  # fmt: skip


def shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def all_tasks(data: Data) -> list[Data]:
    groups = (*data["phases"], *data["sites"])
    return [one for group in groups for one in group.get("tasks", ())]


def move(data: Data, draw: Callable[[Any], Any]) -> None:
    said = draw(st.sampled_from(all_tasks(data)))
    days = draw(st.integers(-20, 20))
    for key in draw(st.sampled_from([("start",), ("end",), ("start", "end")])):
        said[key] = shifted(said[key], days)


def move_gate(data: Data, draw: Callable[[Any], Any]) -> None:
    gates = [phase["gate"] for phase in data["phases"] if "gate" in phase]
    said = draw(st.sampled_from(gates))
    said["date"] = shifted(said["date"], draw(st.integers(-20, 20)))


def stretch(data: Data, draw: Callable[[Any], Any]) -> None:
    said = draw(st.sampled_from([one for one in all_tasks(data) if "duration_days" in one]))
    said["duration_days"] = max(1, said["duration_days"] + draw(st.integers(-2, 2)))


def dismiss(data: Data, draw: Callable[[Any], Any]) -> None:
    said = draw(st.sampled_from([one for one in data["roles"] if "people" in one]))
    said["people"] = draw(st.sampled_from([0.5, 0.75, 1, 1.5, 2, 4]))


def close(data: Data, draw: Callable[[Any], Any]) -> None:
    day = draw(st.sampled_from(all_tasks(data)))["start"]
    period = {"start": day, "end": shifted(day, draw(st.integers(0, 3)))}
    where = draw(st.sampled_from([data, *data["sites"]]))
    where.setdefault("closures" if where is data else "blackouts", []).append(period)


def take_off(data: Data, draw: Callable[[Any], Any]) -> None:
    calendar = draw(st.sampled_from(data["calendars"]))
    day = draw(st.sampled_from(all_tasks(data)))["start"]
    kind = draw(st.sampled_from(["days_off", "days_worked"]))
    if day not in (*calendar.get("days_off", ()), *calendar.get("days_worked", ())):
        calendar.setdefault(kind, []).append(day)


def wait(data: Data, draw: Callable[[Any], Any]) -> None:
    said = draw(st.sampled_from([one for one in all_tasks(data) if one.get("after")]))
    name = draw(st.sampled_from(said["after"]))
    said["lags"] = [{"id": name, "least_days": draw(st.integers(0, 30))}]


EDITS = (move, move, move_gate, stretch, dismiss, close, take_off, wait)


@given(st.data())
def test_the_judge_and_the_checks_find_fault_with_the_same_plans(drawn: st.DataObject) -> None:
    data = small()
    for edit in drawn.draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=2)):
        edit(data, drawn.draw)
    assume(all(one["start"] <= one["end"] for one in all_tasks(data)))
    found = {
        said.code
        for said in findings(read_text(json.dumps(data), "plan.json"))
        if said.code not in UNJUDGED and said.values.get("key") != "due"
    }
    assert bool(found) is bool(violations(data)), (found, violations(data))


# ── Anything at all ───────────────────────────────────────────────────────────────────────────────

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None, True, False, 0, 1, -1, 2.5, 1e15, "", "end", "a", "a.b", "site-1", "done",
        "cancelled", "started", "planned", "go", "no-go", "zones", "sponsor", "trainer",
        "0001-01-01", "9999-12-31", "2026-10-19", "2027-08-15", [], {}, ["a"], ["saturday"],
        [{"start": "9999-12-30", "end": "9999-12-31"}],
        [{"start": "0001-01-01", "end": "0001-01-02"}],
    ]
)  # fmt: skip


def places(data: Any) -> list[tuple[Any, Any]]:
    """List everything that stands in some data, as what holds it and its key there."""
    pairs = list(data.items()) if isinstance(data, dict) else list(enumerate(data))
    inside = [(data, key) for key, _ in pairs]
    nested = (said for _, said in pairs if isinstance(said, dict | list))
    return inside + [place for said in nested for place in places(said)]


@given(st.data())
def test_no_edit_makes_the_checks_fail(drawn: st.DataObject) -> None:
    data = small()
    ids = [one["id"] for one in all_tasks(data)]
    for _ in range(drawn.draw(st.integers(1, 4))):
        held, key = drawn.draw(st.sampled_from(places(data)))
        change = drawn.draw(st.sampled_from(["odd", "odd", "id", "leave out", "again"]))
        if change == "leave out":
            del held[key]
        elif change == "again" and isinstance(held, list):
            held.append(deepcopy(held[key]))
        else:
            held[key] = drawn.draw(st.sampled_from(ids) if change == "id" else ODD)
    document = read_text(json.dumps(data), "plan.json")
    try:
        read = load(Plan, document)
    except InvalidFileError:
        return
    for found in check_plan(read, document):
        assert found.span.line == 1
        assert found.span.column > 1 or found.values["field"] == "kind"


# ── The record beside a plan ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["[]", "{}", '{"generations": {}, "baseline": {"a": ["1"]}}'])
def test_a_record_that_was_edited_is_said_to_be_broken(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.record.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFileError) as refused:
        read_record(path)
    (found,) = refused.value.diagnostics
    assert found.code == "record-broken"
    for language in languages():
        assert Language(language).message(found)
        assert Language(language).hint(found)
