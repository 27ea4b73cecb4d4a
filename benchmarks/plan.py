"""Measure how good plans are and how long they take, as ratios and differences within one run.

Run it with ``python benchmarks/plan.py`` (OR-Tools comes with ``rse-plan[optimise]``). Times are
CPU seconds; days count from the first day of each plan.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from rse_plan import scheduling
from rse_plan.assessment import Assessment, assess
from rse_plan.files import read_file
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan import calendars
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import BETTER, FIRST, best_schedule, default_settings, wanted
from rse_plan.plan.generation import scheduled as dated
from rse_plan.plan.model import Plan
from rse_plan.plan.timetable import Timetable, timetable
from rse_plan.playbook import Playbook, playbook_folder, read_playbook
from rse_plan.scheduling import (
    Activity,
    Calendar,
    Link,
    Problem,
    Resource,
    Schedule,
    critical_mass,
    generate,
    makespan,
    objective,
    reach,
)
from rse_plan.scheduling.network import network
from rse_plan.scheduling.orders import group_sequence
from rse_plan.scheduling.serial import generate_serially

Found = TypeVar("Found")

EXAMPLE = Path(__file__).parents[1] / "examples" / "invented-28-sites" / "org.yaml"
START = date(2026, 10, 19)
AS_OF = date(2026, 10, 12)
GOAL = objective(("reach", "critical-mass", "end"))
ROUNDS = 5
RUNS = 300
# Seconds of the solver, for what there is still to be found.
LONGER = 20
HORIZON = 3000

# Where the sites of organisations made up here are; the first country has the headquarters.
ZONES = {
    "France": ("FR",),
    "Europe": ("BE", "DE", "ES", "IT", "PT", "PL", "NO", "GB", "RO"),
    "Africa and Middle East": ("MA", "EG", "AE", "SA", "SN"),
    "Americas": ("US", "CA", "MX", "BR"),
    "Asia": ("IN", "VN", "CN", "AU"),
}
COUNTRIES = tuple((country, zone) for zone, found in ZONES.items() for country in found)
# For so many sites there are two leads, five community managers and two trainers.
SITES_OF_A_TEAM = 28


def main() -> None:
    """Print the figures and what they are held against."""
    print("Time to generate, CPU (goals 0.1 s for 28 sites, 1 s for 1,000):")
    for name, data in (("invented", invented()), ("made up", organisation(1000))):
        times(name, data)
    print("Order of launches, in days from the start (people-weighted mean, half of staff, end):")
    invented_table = table_of(invented())
    zones = table_of(invented(), order="zones")
    orders("invented organisation", invented_table.problem, zones.problem, waves(invented_table))
    problem, zone_of = synthetic()
    orders("28 sites of 7 tasks", problem, None, zone_of)
    print("More effort (never worse; the gap to what no plan can beat):")
    for name, instance in (("invented", invented_table.problem), ("7 tasks a site", problem)):
        efforts(name, instance)
    print(f"{RUNS} replanned runs, CPU (goal 5 s):")
    for name, instance in (("invented", invented_table.problem), ("7 tasks a site", problem)):
        runs(name, instance)


# ── Instances ─────────────────────────────────────────────────────────────────────────────────────


def invented() -> dict[str, Any]:
    """Read the invented organisation."""
    found = read_file(EXAMPLE).data
    if not isinstance(found, dict):
        raise TypeError(EXAMPLE)
    return found


def organisation(sites: int, seed: int = 1) -> dict[str, Any]:
    """Describe an organisation of so many sites, with a team that grows with them.

    Everybody is away at the end of the year, France in August, and factories some other weeks.
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    return {
        "kind": "organisation",
        "name": f"{sites} sites",
        "as_of": AS_OF.isoformat(),
        "employer": {"type": "private"},
        "sites": [_site(number, draw) for number in range(sites)],
        "means": {
            "team": [
                {"role": role, "people": max(1, round(people * sites / SITES_OF_A_TEAM))}
                | {"days_per_week": days}
                for role, people, days in (
                    ("project-lead", 2, 5),
                    ("community-manager", 5, 5),
                    ("trainer", 2, 5),
                    ("communication", 1, 5),
                    ("it", 1, 5),
                )
            ]
        },
    }


def _site(number: int, draw: random.Random) -> dict[str, Any]:
    country, zone = COUNTRIES[number % len(COUNTRIES)]
    return {
        "id": f"site-{number + 1}",
        "name": f"Site {number + 1}",
        "country": country,
        "zone": zone,
        "headquarters": number == 0,
        "headcount": 1150
        if number == 0
        else min(900, max(20, round(draw.lognormvariate(5.3, 0.8)))),
        "connected_share": round(draw.uniform(0.3, 1), 2),
        "blackouts": [
            {"start": start.isoformat(), "end": end.isoformat()} for start, end in _closed(country)
        ],
    }


def _closed(country: str) -> Iterator[tuple[date, date]]:
    for year in range(START.year, START.year + 8):
        yield date(year, 12, 24), date(year + 1, 1, 1)
        if country == "FR":
            yield date(year + 1, 8, 1), date(year + 1, 8, 22)


def synthetic(sites: int = 28, seed: int = 1) -> tuple[Problem, dict[int, str]]:
    """Return a problem like the largest real case, and the zone of each of its sites.

    28 sites in 23 countries, 198 tasks: a frame and a pilot, then at each site a meeting, a
    diagnosis, ambassadors, preparing, training, the launch, and follow-up within 10 days. Two
    leads, five community managers and two trainers are held whole.
    """
    said = organisation(sites, seed)["sites"]
    working = _calendars(said)
    lead, manager, trainer = ((number, 1) for number in range(3))
    activities = [
        Activity("frame", 20, 0, (lead,)),
        Activity("pilot", 60, 0, (manager,), (Link(0),)),
    ]
    for number, site in enumerate(said):
        here, people = len(activities), site["headcount"]
        chain = (
            ("meet", 5, lead, 0),
            ("diagnose", 5, lead, here),
            ("ambassadors", 10, manager, here + 1),
            ("prepare", 10, manager, here + 2),
            ("train", max(3, min(10, -(-people // 100))), trainer, here + 3),
            ("launch", 1, manager, here + 4),
            ("follow-up", 20, manager, here + 5),
        )
        for name, days, role, before in chain:
            links = [Link(before, 0, 10 if name == "follow-up" else None)]
            if name == "launch":
                links.append(Link(1))
                links += [Link(2 + 5)] if number else []
            activities.append(
                Activity(
                    f"{site['id']}.{name}", days, number, (role,), tuple(links),
                    weight=float(people) if name == "launch" else 0.0, group=number,
                )
            )  # fmt: skip
    team = (Resource("lead", 2), Resource("manager", 5), Resource("trainer", 2))
    zones = {number: site["zone"] for number, site in enumerate(said)}
    return Problem(tuple(activities), team, tuple(working)), zones


def _calendars(sites: list[dict[str, Any]]) -> list[Calendar]:
    """Return the days on which each site works and the headquarters, the first site, do too."""
    said = Organisation.model_validate({"kind": "organisation", "name": "x", "sites": sites})
    last = START + timedelta(days=HORIZON)
    found = {
        one.id: calendars.worked_days(one, START, HORIZON)
        for one in calendars.calendars([site["country"] for site in sites], said, START, last)
    }
    own = [
        found[calendars.calendar_id(site["country"])]
        & ~calendars.closed_days(described.blackouts, START)
        for site, described in zip(sites, said.sites.low or (), strict=True)
    ]
    return [Calendar(days & own[0], HORIZON) for days in own]


# ── The product's own pipeline ────────────────────────────────────────────────────────────────────


def book() -> Playbook:
    """Read the playbook that is shipped."""
    return read_playbook(playbook_folder("core"), "en")


def assessed(data: dict[str, Any], playbook: Playbook) -> Assessment:
    """Assess an organisation."""
    found = Organisation.model_validate(data)
    return assess(found, playbook, found.as_of or AS_OF)


def drafted(assessment: Assessment, **wishes: Any) -> Plan:
    """Write down what an assessed organisation has to do."""
    settings = default_settings(assessment.standing.playbook, START).model_copy(update=wishes)
    return draft(
        assessment.organisation, assessment.standing, settings, Language("en"), assessment.as_of
    )


def table_of(data: dict[str, Any], **wishes: Any) -> Timetable:
    """Return the scheduling problem of an organisation."""
    return timetable(drafted(assessed(data, book()), **wishes))


def waves(table: Timetable) -> dict[int, str]:
    """Return the wave of each site, by its number."""
    return {
        number: next((wave.id for wave in table.plan.waves if site.id in wave.sites), "")
        for number, site in enumerate(table.plan.sites)
    }


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Figures:
    """The people-weighted mean launch, the launch of half of the staff, the end."""

    reach: float
    half: int
    end: int

    @classmethod
    def of(cls, problem: Problem, schedule: Schedule) -> "Figures":
        """Take them of a schedule."""
        return cls(
            reach(problem, schedule), critical_mass(problem, schedule), makespan(problem, schedule)
        )

    def __str__(self) -> str:
        """Write them in columns."""
        return f"{self.reach:7.1f} {self.half:5d} {self.end:5d}"


def times(name: str, data: dict[str, Any]) -> None:
    """Time each step from an organisation to dates."""
    playbook = book()
    assessment, reading = timed(lambda: assessed(data, playbook))
    plan, drafting = timed(lambda: drafted(assessment))
    table, laying = timed(lambda: timetable(plan))
    _, generating = timed(lambda: generate(table.problem, wanted(plan)))
    _, rest = timed(lambda: dated(table, FIRST, runs=0))
    tasks = len(table.problem.activities)
    print(
        f"  {name}, {len(plan.sites)} sites, {tasks} activities: schedule {generating:.3f} s;"
        f" assess {reading:.3f}, draft {drafting:.3f}, problem {laying:.3f},"
        f" schedule and dates {rest:.3f}"
    )


def orders(name: str, problem: Problem, in_zones: Problem | None, zone_of: dict[int, str]) -> None:
    """Compare the plan with launches zone by zone."""
    baseline = Figures.of(problem, zone_by_zone(problem, zone_of))
    plan = Figures.of(problem, generate(problem, GOAL))
    print(f"  {name}")
    print(f"    as planned              {plan}")
    print(f"    zone by zone, in order  {baseline}{against(plan.reach, baseline.reach)}")
    if in_zones is not None:
        held = Figures.of(in_zones, generate(in_zones, GOAL))
        print(f"    --order zones           {held}{against(plan.reach, held.reach)}")


def against(ours: float, other: float) -> str:
    """Say by how much the plan reaches people earlier than another one."""
    return f"  (the plan reaches people {1 - ours / other:.1%} earlier)"


def zone_by_zone(problem: Problem, zone_of: dict[int, str]) -> Schedule:
    """Generate serially in the order of the zones, and of their sites as they are listed."""
    ready = network(problem)
    zones = list(dict.fromkeys(zone_of.values()))
    order = sorted(zone_of, key=lambda site: (zones.index(zone_of[site]), site))
    return generate_serially(ready, group_sequence(ready, order))


def efforts(name: str, problem: Problem) -> None:
    """Compare the first good plan with what more effort finds, and all with the bound."""
    try:
        least = scheduling.bound(problem, "reach")
    except scheduling.SolverMissingError as error:
        raise SystemExit(str(error)) from None
    print(f"  {name}: no plan reaches people before {least:.1f}")
    before: tuple[float, ...] | None = None
    for kind, effort in (
        ("at once", FIRST),
        ("annealed", replace(BETTER, windows=0)),
        ("--optimise", BETTER),
        (f"{LONGER} s of windows", replace(BETTER, windows=LONGER)),
    ):
        schedule, spent = timed(lambda: best_schedule(problem, GOAL, 1, effort), rounds=1)  # noqa: B023 - called at once
        rank, figures = GOAL.rank(problem, schedule), Figures.of(problem, schedule)
        worse = "  WORSE" if before is not None and rank > before else ""
        before = rank
        gap = figures.reach / least - 1
        print(f"    {kind:16} {figures}  within {gap:.1%}; {spent:.2f} s{worse}", flush=True)


def runs(name: str, problem: Problem) -> None:
    """Time the draws of uncertain durations."""
    schedule = generate(problem, GOAL)
    drawn, spent = timed(
        lambda: scheduling.simulate(problem, schedule, RUNS, 1, 0.9, 1.0, 1.75), rounds=1
    )
    ends = sorted(makespan(problem, run) for run in drawn)
    print(
        f"  {name}: {spent:.2f} s; end planned for day {makespan(problem, schedule)},"
        f" P50 {ends[len(ends) // 2 - 1]}, P80 {ends[len(ends) * 4 // 5 - 1]}"
    )


def timed(work: Callable[[], Found], rounds: int = ROUNDS) -> tuple[Found, float]:
    """Return what some work gives, and the least CPU seconds that it took."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        found = work()
        spent.append(time.process_time() - start)
    return found, min(spent)


if __name__ == "__main__":
    main()
