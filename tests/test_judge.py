"""The judge of plans, tried on a small plan dated by hand that is broken in one way at a time."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest
import yaml
from judge import Item, missed, quarters_held, violations

from rse_plan.plan.model import Plan

Data = dict[str, Any]
Change = Callable[[Data], object]

# 4 January 2027 is a Monday.
TEXT = """
kind: plan
organisation: Three sites
language: en
made_from: {organisation_as_of: 2027-01-01, organisation_digest: x, playbook: core,
  playbook_version: 1.0.0, generation: x}
settings: {start: 2027-01-04, order: zones, ambassador_share: 0.1,
  spread: {least: 0.9, likely: 1, most: 1.5}}
decisions:
- {id: decide-note, question: q, role: sponsor, before: note, due: 2027-01-03, why: w}
- {id: decide-all, question: q, role: sponsor, why: w}
wishes:
- {id: wish.law, text: t, about: law, wanted: 2027-01-10, planned: 2027-01-09}
- {id: wish.w2, text: t, about: w2, wanted: 2027-02-01, planned: 2027-02-04}
phases:
- id: framing
  name: Framing
  start: 2027-01-04
  end: 2027-01-19
  tasks:
  # Without 6 January.
  - {id: note, title: t, role: lead, start: 2027-01-04, end: 2027-01-11, effort_days: 5,
     duration_days: 5}
  - {id: law, title: t, role: legal, start: 2027-01-09, end: 2027-01-18, effort_days: 1,
     elapsed_days: 10, not_before: 2027-01-09}
  gate: {id: go, name: Go, role: sponsor, date: 2027-01-19, after: [note, law]}
- id: deployment
  name: Deployment
  start: 2027-01-19
  end: 2027-02-05
  by_site: true
  tasks:
  # Without 25 January.
  - {id: review, title: t, role: sponsor, start: 2027-01-22, end: 2027-01-26, duration_days: 2,
     after: [go], lags: [{id: go, least_days: 3}]}
waves:
- {id: w1, name: One, sites: [hq], headcount: 100, start: 2027-01-27, end: 2027-01-27}
- {id: w2, name: Two, sites: [cairo], headcount: 55, start: 2027-02-04, end: 2027-02-04}
- {id: w3, name: Three, sites: [lyon], headcount: 45, start: 2027-02-05, end: 2027-02-05}
sites:
- id: hq
  name: Headquarters
  calendar: fr
  headquarters: true
  headcount: 100
  ambassadors: {target: 10}
  blackouts: [{start: 2027-02-08, end: 2027-02-09}]
  tasks:
  - {id: hq.train, title: t, role: trainer, start: 2027-01-19, end: 2027-01-26, effort_days: 2,
     duration_days: 5, after: [go]}
  - {id: hq.launch, title: t, role: lead, start: 2027-01-27, end: 2027-01-27, effort_days: 1,
     duration_days: 1, after: [hq.train], launches: true}
  - {id: hq.follow, title: t, role: lead, start: 2027-01-28, end: 2027-02-03, effort_days: 2.5,
     duration_days: 5, after: [hq.launch], lags: [{id: hq.launch, most_days: 10}]}
- id: cairo
  name: Cairo
  calendar: eg
  headcount: 55
  ambassadors: {target: 6}
  tasks:
  # From a Friday that is worked to a Sunday: nobody of the team is needed.
  - {id: cairo.meet, title: t, role: sponsor, start: 2027-01-22, end: 2027-01-24,
     duration_days: 2, after: [go]}
  # From Monday to Thursday, when both the place and the headquarters work.
  - {id: cairo.train, title: t, role: trainer, start: 2027-01-27, end: 2027-02-03, effort_days: 4,
     duration_days: 5, after: [go]}
  - {id: cairo.launch, title: t, role: lead, start: 2027-02-04, end: 2027-02-04, effort_days: 1,
     duration_days: 1, after: [cairo.train], launches: true}
- id: lyon
  name: Lyon
  calendar: fr
  headcount: 45
  ambassadors: {target: 4, connected: 3, field: 1}
  tasks:
  - {id: lyon.train, title: t, role: trainer, start: 2027-01-19, end: 2027-01-26, effort_days: 1,
     duration_days: 5, after: [go]}
  - {id: lyon.meet, title: t, role: sponsor, start: 2027-01-27, end: 2027-01-28, duration_days: 2,
     after: [go]}
  - {id: lyon.launch, title: t, role: lead, start: 2027-02-05, end: 2027-02-05, effort_days: 1,
     duration_days: 1, after: [lyon.train], launches: true}
ambassadors: {share: 0.1, target: 20, documented_low: 20, documented_high: 40, why: w}
legal_steps:
- {id: law, title: t, role: legal, task: law, due: 2027-01-18, why: w}
- {id: other, title: t, role: legal, not_applicable: nobody, why: w}
roles:
- {id: lead, name: Lead, people: 1, days_per_week: 5}
- {id: trainer, name: Trainer, people: 2, days_per_week: 2}
- {id: sponsor, name: Sponsor}
closures: [{start: 2027-01-25, end: 2027-01-25}]
calendars:
- {id: eg, weekend: [friday, saturday], days_worked: [2027-01-22]}
- {id: fr, weekend: [saturday, sunday], days_off: [2027-01-06]}
"""


def plan() -> Data:
    found = yaml.safe_load(TEXT)
    assert isinstance(found, dict)
    return found


def entry(data: Data, name: str) -> Data:
    """Find whatever has an id."""
    groups = [*data["phases"], *data["sites"]]
    tasks = [task for group in groups for task in group.get("tasks", ())]
    gates = [phase["gate"] for phase in data["phases"] if "gate" in phase]
    lists = ("waves", "wishes", "decisions", "legal_steps", "roles", "calendars")
    others = [one for key in lists for one in data[key]]
    found = [one for one in (*tasks, *gates, *groups, *others) if one["id"] == name]
    return dict_of(found[0])


def dict_of(found: Any) -> Data:
    assert isinstance(found, dict)
    return found


def says(name: str, **values: Any) -> Change:
    """Change an entry; None takes a key away."""

    def change(data: Data) -> None:
        said = data["settings"] if name == "settings" else entry(data, name)
        for key, value in values.items():
            said[key] = value
            if value is None:
                del said[key]

    return change


def step(**values: Any) -> Change:
    """Change the legal step, whose id is also that of a task."""
    return lambda data: data["legal_steps"][0].update(values)


def all_of(*changes: Change) -> Change:
    return lambda data: [change(data) for change in changes]


def closed(*days: str) -> Data:
    return {"blackouts": [{"start": f"2027-01-{on}", "end": f"2027-01-{on}"} for on in days]}


def at(name: str, first: str, last: str | None = None, **more: Any) -> Change:
    return says(name, start=f"2027-{first}", end=f"2027-{last or first}", **more)


def away(on: str, **people: float) -> Change:
    absence = {"start": f"2027-{on}", "end": f"2027-{on}", **people}
    return says("trainer", absences=[absence])


# A launch of Lyon on another day, with nothing left of what it waits for and nobody held.
def lyon_opens(on: str, last: str = "02-04") -> Change:
    return all_of(
        at("lyon.launch", on, after=None, effort_days=None),
        at("w3", on),
        says("deployment", end=f"2027-{last}"),
    )


BROKEN: Mapping[str, tuple[Change, str]] = {
    "no start": (says("review", start=None), "review has no dates"),
    "no end": (says("review", end=None), "review has no dates"),
    "no date of a gate": (
        all_of(says("go", date=None), says("framing", end="2027-01-18")),
        "go has no dates",
    ),
    "backwards": (says("review", end="2027-01-21"), "review ends before it starts"),
    "weekend": (at("review", "01-23", "01-27"), "review starts on 2027-01-23, a day off"),
    "closure": (at("review", "01-25", "01-27"), "review starts on 2027-01-25, a day off"),
    "holiday": (
        all_of(
            at("note", "01-06", "01-13"),
            says("framing", start="2027-01-06"),
        ),
        "note starts on 2027-01-06, a day off",
    ),
    "blackout": (
        all_of(says("lyon", **closed("27")), says("lyon.meet", end="2027-01-29")),
        "lyon.meet starts on 2027-01-27, a day off",
    ),
    "weekend elsewhere": (
        all_of(says("eg", days_worked=[]), says("cairo.meet", end="2027-01-26")),
        "cairo.meet starts on 2027-01-22, a day off",
    ),
    "headquarters off": (
        all_of(
            at("cairo.train", "01-31", "02-10"),
            says("cairo.launch", after=None),
            says("deployment", end="2027-02-10"),
        ),
        "cairo.train starts on 2027-01-31, a day off",
    ),
    "gate on a day off": (
        all_of(
            says("go", date="2027-01-25", after=["note", "law"]),
            says("framing", end="2027-01-25"),
            step(due="2027-01-24"),
            *(
                says(name, after=None, lags=None)
                for name in ("review", "hq.train", "cairo.meet", "cairo.train")
            ),
            *(says(name, after=None) for name in ("lyon.train", "lyon.meet")),
        ),
        "go starts on 2027-01-25, a day off",
    ),
    "a holiday in between": (
        says("eg", days_off=["2027-01-24"]),
        "cairo.meet ends on 2027-01-24 instead of 2027-01-26",
    ),
    "a blackout in between": (
        says("lyon", **closed("28")),
        "lyon.meet ends on 2027-01-28 instead of 2027-01-29",
    ),
    "too short": (
        says("review", end="2027-01-22"),
        "review ends on 2027-01-22 instead of 2027-01-26",
    ),
    "too long": (
        says("lyon.meet", end="2027-01-29"),
        "lyon.meet ends on 2027-01-29 instead of 2027-01-28",
    ),
    "calendar days": (
        says("law", end="2027-01-17"),
        "law ends on 2027-01-17 instead of 2027-01-18",
    ),
    "never": (
        says("lyon.meet", duration_days=20_000),
        "lyon.meet ends on 2027-01-28 instead of None",
    ),
    "started, and too short": (
        says("lyon.meet", status="started", end="2027-01-29"),
        "lyon.meet ends on 2027-01-29 instead of 2027-01-28",
    ),
    "before the start": (says("settings", start="2027-01-05"), "note starts before start"),
    "in the past": (
        says("settings", status_date="2027-01-05"),
        "note starts before status_date",
    ),
    "not before": (says("law", not_before="2027-01-10"), "law starts before not_before"),
    "predecessor": (
        says("review", after=["go", "hq.train"]),
        "review starts before hq.train has ended",
    ),
    "predecessor on the same day": (
        says("hq.follow", after=["hq.launch", "lyon.meet"]),
        "hq.follow starts before lyon.meet has ended",
    ),
    "gate too early": (
        says("go", after=["note", "law", "review"]),
        "go starts before review has ended",
    ),
    "before a gate": (says("note", after=["go"]), "note starts before go has ended"),
    "least lag after a gate": (
        says("review", lags=[{"id": "go", "least_days": 4}]),
        "review starts 3 days after go, not 4",
    ),
    "least lag after a task": (
        says("hq.follow", lags=[{"id": "hq.launch", "least_days": 1}]),
        "hq.follow starts 0 days after hq.launch, not 1",
    ),
    "greatest lag": (
        says("review", lags=[{"id": "go", "most_days": 2}]),
        "review starts 3 days after go, beyond 2",
    ),
    "unknown predecessor": (
        says("review", after=["gone"]),
        "review waits for gone, which is not there",
    ),
    "people absent": (away("01-26", people=0.75), "trainer: 1.5 held on 2027-01-26 out of 1.25"),
    "one absent": (away("01-26"), "trainer: 1.5 held on 2027-01-26 out of 1.0"),
    "absent on a Sunday": (away("01-31"), "trainer: 2.0 held on 2027-01-31 out of 1.0"),
    "too much effort": (
        all_of(says("lyon.train", effort_days=1.1), away("01-20", people=0.3)),
        "trainer: 1.75 held on 2027-01-20 out of 1.7",
    ),
    "headquarters opened later": (
        all_of(says("settings", order=None), lyon_opens("01-26")),
        "lyon.launch starts before the headquarters have opened",
    ),
    "headquarters opened on the same day": (
        all_of(says("settings", order=None), lyon_opens("01-27")),
        "lyon.launch starts before the headquarters have opened",
    ),
    "zone opened on the same day": (
        lyon_opens("02-04"),
        "lyon.launch starts before the wave before w3 has opened",
    ),
    "zone opened later": (
        lyon_opens("02-03"),
        "lyon.launch starts before the wave before w3 has opened",
    ),
    "law due too early": (step(due="2027-01-17"), "law is due before it ends"),
    "law due too late": (step(due="2027-01-19"), "law is due after go has started"),
    "law not due": (step(due=None), "law has no due date"),
    "law gone": (step(task="gone"), "law names gone, which is not there"),
    "decided too late": (
        says("decide-note", due="2027-01-04"),
        "decide-note is due too late for note",
    ),
    "never decided": (says("decide-note", due=None), "decide-note is due too late for note"),
    "nothing to decide": (
        says("decide-note", before="gone"),
        "decide-note names gone, which is not there",
    ),
    "phase too early": (
        says("framing", start="2027-01-03"),
        "framing starts on 2027-01-04, not 2027-01-03",
    ),
    "phase without its gate": (
        says("framing", end="2027-01-18"),
        "framing ends on 2027-01-19, not 2027-01-18",
    ),
    "phase without its sites": (
        says("deployment", end="2027-01-26"),
        "deployment ends on 2027-02-05, not 2027-01-26",
    ),
    "a task in another phase": (
        says("lyon.meet", phase="framing"),
        "framing ends on 2027-01-28, not 2027-01-19",
    ),
    "wave too early": (
        says("w3", start="2027-02-04"),
        "w3 starts on 2027-02-05, not 2027-02-04",
    ),
    "wave too late": (says("w3", end="2027-02-08"), "w3 ends on 2027-02-05, not 2027-02-08"),
    "staff of a wave": (says("w3", headcount=46), "w3 has 45 people, not 46"),
    "staff nobody knows": (says("w3", headcount=None), "w3 has 45 people, not None"),
    "too many ambassadors": (
        lambda data: data["ambassadors"].update(share=0.091),
        "ambassadors: 20 wanted instead of 19",
    ),
    "ambassadors that do not add up": (
        says("cairo", ambassadors={"target": 5}),
        "ambassadors: those of the sites do not add up",
    ),
    "ambassadors elsewhere": (
        all_of(
            says("hq", ambassadors={"target": 9}),
            says("lyon", ambassadors={"target": 5}),
        ),
        "hq: 9 ambassadors are not its part",
    ),
    "profiles that do not add up": (
        says("lyon", ambassadors={"target": 4, "connected": 3, "field": 2}),
        "lyon: the profiles of ambassadors do not add up",
    ),
    "wish of a task": (
        lambda data: data["wishes"][0].update(planned="2027-01-10"),
        "wish.law is planned for 2027-01-09, not 2027-01-10",
    ),
    "wish of a wave": (
        says("wish.w2", planned="2027-02-01"),
        "wish.w2 is planned for 2027-02-04, not 2027-02-01",
    ),
    "wish of the end": (
        says("wish.w2", about="end", planned="2027-02-04"),
        "wish.w2 is planned for 2027-02-05, not 2027-02-04",
    ),
    "a site that is not there": (
        says("w3", sites=["lyon", "gone"]),
        "w3 has sites that are not there",
    ),
    "one id twice": (
        lambda data: data["sites"][2]["tasks"].append(
            {
                "id": "review",
                "title": "t",
                "start": "2027-01-26",
                "end": "2027-01-26",
                "duration_days": 1,
            }
        ),
        "two tasks or gates have one id",
    ),
}

FINE: Mapping[str, Change] = {
    "as it is": lambda _: None,
    "a predecessor is cancelled": says("lyon.train", status="cancelled", start=None, end=None),
    "what is cancelled holds nobody": all_of(says("hq.train", status="cancelled"), away("01-20")),
    "what is done holds nobody": all_of(
        says("cairo.train", status="done"), says("trainer", people=1.5)
    ),
    "what has started may hold too many": all_of(
        says("cairo.train", status="started"), says("trainer", people=1.5)
    ),
    "what has started may have begun on any day": says(
        "lyon.meet", status="started", start="2027-01-23", end="2027-01-27"
    ),
    "what has started and ended took as long as it took": says(
        "lyon.meet", status="started", actual_start="2027-01-20", actual_end="2027-02-02"
    ),
    "a step of the law that was done was done": all_of(
        says("law", status="done"),
        step(due="2027-01-10"),
    ),
    "what is cancelled is neither due nor decided": all_of(
        says("law", status="cancelled"),
        says("note", status="cancelled"),
        says("framing", start="2027-01-19"),
        says("wish.law", planned=None),
        says("decide-note", due=None),
        step(due=None),
    ),
    "nobody counts ambassadors": lambda data: data.pop("ambassadors"),
    "all ambassadors are connected": says("lyon", ambassadors={"target": 4, "connected": 4}),
    "what is done makes room": all_of(says("hq.train", status="done"), away("01-20")),
    "a lag that is just kept": says("review", lags=[{"id": "go", "most_days": 3}]),
    "the headquarters never open": all_of(
        says("hq.launch", status="cancelled"),
        says("w1", start=None, end=None),
    ),
    "what was done was done": says(
        "lyon.meet", status="done", end="2027-02-03", after=["lyon.launch"]
    ),
    "a gate that was passed was passed": all_of(
        says("go", decided_on="2027-01-17"),
        says("framing", end="2027-01-18"),
        says("review", lags=[{"id": "go", "least_days": 5}]),
    ),
    "the headquarters open first in whatever wave": all_of(
        says("w2", sites=["hq"], headcount=100, start="2027-01-27", end="2027-01-27"),
        says("w1", sites=["cairo"], headcount=55, start="2027-02-04", end="2027-02-04"),
        says("wish.w2", planned="2027-01-27"),
    ),
    "the order of zones was not asked for": all_of(
        says("settings", order="headquarters-first"), lyon_opens("02-03")
    ),
    "staff nobody knows": all_of(
        says("lyon", headcount=None, ambassadors=None),
        says("w3", headcount=None),
        says("hq", ambassadors={"target": 10}),
        lambda data: data["ambassadors"].update(target=16),
    ),
}


def changed(change: Change) -> Data:
    data = deepcopy(plan())
    change(data)
    return data


def test_the_plan_says_what_a_plan_says() -> None:
    Plan.model_validate(plan())


@pytest.mark.parametrize("case", FINE)
def test_nothing_is_found_where_nothing_is_wrong(case: str) -> None:
    assert violations(changed(FINE[case])) == []


@pytest.mark.parametrize("case", BROKEN)
def test_a_plan_broken_in_one_way_breaks_just_that(case: str) -> None:
    change, expected = BROKEN[case]
    assert violations(changed(change)) == [expected]


def test_dates_that_somebody_chose_are_not_judged() -> None:
    moved = changed(at("review", "01-23", "01-24"))
    assert violations(moved) != []
    assert violations(moved, ["review"]) == []


def test_what_goes_on_holds_people_that_others_want() -> None:
    scarce = changed(all_of(says("hq.train", status="started"), away("01-20")))
    assert violations(scarce) == ["trainer: 1.5 held on 2027-01-20 out of 1.0"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda _: None, ["w2"]),
        (says("wish.w2", wanted="2027-02-04"), []),
        (says("law", not_after="2027-01-18"), ["w2"]),
        (says("law", not_after="2027-01-17"), ["w2", "law"]),
        (lambda data: data["wishes"][0].update(wanted="2027-01-08"), ["law", "w2"]),
        (
            all_of(
                lambda data: data["wishes"][0].update(wanted="2027-01-08"),
                says("law", not_after="2027-01-17"),
            ),
            ["law", "w2"],
        ),
        (says("settings", deadline="2027-02-05"), ["w2"]),
        (says("settings", deadline="2027-02-04"), ["w2", "end"]),
    ],
)
def test_what_is_missed_is_named_and_breaks_nothing(change: Change, expected: list[str]) -> None:
    data = changed(change)
    assert missed(data) == expected
    assert violations(data) == []


@pytest.mark.parametrize(
    ("effort", "working", "elapsed", "a_week", "quarters"),
    [
        (5, 5, 0, 5, 4),
        (2.5, 5, 0, 5, 2),
        (2.4, 5, 0, 5, 2),
        (2.6, 5, 0, 5, 3),
        (0.1, 60, 0, 5, 1),
        (4, 5, 0, 2, 8),
        # Seven working days of somebody who has three a week for the project: five.
        (5, 7, 0, 3, 4),
        (5, 9, 0, 3, 4),
        # Two and a half a week: the third day is half a day.
        (2.5, 3, 0, 2.5, 4),
        (2, 2, 0, 2.5, 4),
        (20, 0, 120, 3, 2),
        # Fourteen calendar days are ten of work.
        (10, 0, 14, 5, 4),
        (7.6, 0, 14, 5, 4),
        (5, 5, 0, 7, 4),
        (1, 0, 1, 5, 4),
        (1, 0, 0, 5, 4),
        (0, 5, 0, 5, 0),
    ],
)
def test_a_task_holds_the_least_quarters_that_do_it(
    effort: float, working: int, elapsed: int, a_week: float, quarters: int
) -> None:
    said = {
        "id": "task",
        "role": "role",
        "effort_days": effort,
        "duration_days": working,
        "elapsed_days": elapsed,
    }
    item = Item("task", said, None, None, is_gate=False, first=None, last=None)
    assert quarters_held(item, {"id": "role", "people": 1, "days_per_week": a_week}) == quarters
    if a_week == 5:
        assert quarters_held(item, {"id": "role", "people": 1}) == quarters
    assert quarters_held(item, {"id": "other", "people": 1, "days_per_week": a_week}) == 0
