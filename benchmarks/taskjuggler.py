"""Compare plans with those of TaskJuggler 3 on the same problems, both judged by the same checker.

Run it with ``python benchmarks/taskjuggler.py`` (``apt install tj3``); a number limits the sites.

The scheduling problem of an organisation is written as a ``.tjp``. A day is one slot of work, after
one in which gates are passed. A role is as many resources as its units divided by the greatest
common divisor of what tasks hold of it; a task that holds several allocates as many, each mandatory
and persistent, with all others as alternatives. The days of a place are shifts, each day off a
shift of its own that is closed (``leaves`` in the shift of a task are ignored without
a word). Greatest lags cannot be said. Sites have priorities by the rules that our own generation
goes by, and some more; the best plan counts.

TaskJuggler splits tasks, and cannot be told not to: the ``atomic`` of its source has no keyword in
3.7.1. Where it may not, a task that was found split is given the first day from which some people
have time for it in one piece beside what else is planned, those people alone, and priority over all
others; and everything is scheduled again, until nothing is split. Times are CPU seconds.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import gcd
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from plan import GOAL, START, Figures, invented, organisation, table_of, timed

from rse_plan.plan.generation import BETTER, best_schedule
from rse_plan.scheduling import Activity, Problem, Schedule, generate

# The plans of TaskJuggler may take so much longer than ours.
ROOM = 2
PINNINGS = 60
# The priorities whose plans are also made whole; in large problems few are tried at all.
WHOLE = 2
MANY = 500
FEW = ("people", "people for all work")
MOST_PRIORITY = 999
PROGRAMME = 1000
WEEK = 7
# A day of work is one slot, and before it comes another for what takes no time.
WORK_BEGINS = 9
GATES, WORK = "8:00 - 9:00", "9:00 - 10:00"
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def main() -> None:
    """Print both plans of the invented organisation, and of one with 100 sites."""
    if not shutil.which("tj3"):
        raise SystemExit("tj3 is not installed: apt install tj3")
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    compare("invented organisation", table_of(invented()).problem)
    for sites in (28, 100):
        if sites <= most:
            compare(f"{sites} sites", table_of(organisation(sites)).problem)


# ── The judge ─────────────────────────────────────────────────────────────────────────────────────


def faults(problem: Problem, schedule: Schedule) -> Counter[str]:
    """Count what a schedule breaks, day by day."""
    found: Counter[str] = Counter()
    starts, ends = schedule.starts, schedule.ends
    for number, activity in enumerate(problem.activities):
        start = starts[number]
        if not is_worked(problem, number, start):
            found["starts on a day off"] += 1
        if ends[number] != finish(problem, number, start):
            found["split"] += 1
        if start < activity.not_before:
            found["too early"] += 1
        for link in activity.links:
            if start < ends[link.activity] + link.lag:
                found["before what it waits for"] += 1
            if link.within is not None and start > ends[link.activity] + link.within:
                found["too long after"] += 1
    found.update("days with too few people" for _ in overloads(problem, schedule))
    return found


def overloads(problem: Problem, schedule: Schedule) -> Iterator[tuple[int, int]]:
    """Find the resources and days on which more is held than there is."""
    for number, resource in enumerate(problem.resources):
        held: Counter[int] = Counter()
        for index, activity in enumerate(problem.activities):
            for wanted, units in activity.demands:
                if wanted == number:
                    span = range(schedule.starts[index], schedule.ends[index])
                    held.update(dict.fromkeys(span, units))
        for day, units in held.items():
            absent = sum(one.units for one in resource.absences if one.start <= day < one.end)
            if units > resource.units - absent:
                yield number, day


def is_worked(problem: Problem, activity: int, day: int) -> bool:
    """Say whether an activity can go on on a day."""
    calendar = problem.calendars[problem.activities[activity].calendar]
    beyond = day >= max(calendar.horizon, calendar.working.bit_length())
    return beyond or bool(calendar.working >> day & 1)


def finish(problem: Problem, activity: int, start: int) -> int:
    """Return the day after the last working day of an activity."""
    left, day = problem.activities[activity].duration, start
    while left:
        left -= is_worked(problem, activity, day)
        day += 1
    return day


# ── What TaskJuggler reads ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Pin:
    """The first day that a task is given, and the resources."""

    day: int
    units: tuple[str, ...]


@dataclass(frozen=True)
class Project:
    """A problem as a ``.tjp``, with priorities, and days before which some activities wait."""

    problem: Problem
    days: int

    def text(self, priorities: Mapping[int, int], pinned: Mapping[int, Pin]) -> str:
        """Write it down."""
        parts = [self._head(), *self._shifts(), *self._resources()]
        early = {
            number: max(activity.not_before, pinned[number].day if number in pinned else 0)
            for number, activity in enumerate(self.problem.activities)
        }
        parts += [
            f'task on{day} "on {day}" {{ start {self.at(day)} }}'
            for day in sorted(set(early.values()) - {0})
        ]
        tasks: dict[str, list[str]] = {}
        for number, activity in enumerate(self.problem.activities):
            priority = PROGRAMME if number in pinned else priorities.get(number, PROGRAMME)
            said = self._task(number, priority, early[number], pinned.get(number))
            tasks.setdefault(_days(activity), []).append(said)
        for name, inside in tasks.items():
            listed = "\n".join(inside)
            parts.append(f'task {name} "{name}" {{\n${{{name}}}\n{listed}\n}}')
        parts.append(
            'taskreport out "out" {\n  formats csv\n  columns id, start, end, resources\n'
            '  timeformat "%Y-%m-%d %H:%M"\n  loadunit days\n}\n'
        )
        return "\n".join(parts)

    def at(self, day: int) -> str:
        """Return a day as a date."""
        return (START + timedelta(days=day)).isoformat()

    def _head(self) -> str:
        return (
            f'project rollout "rollout" {self.at(0)} - {self.at(self.days)} {{\n'
            f"  timingresolution 60min\n  dailyworkinghours 1\n  yearlyworkingdays 365\n"
            f"  workinghours mon - sun {WORK}\n}}"
        )

    def _shifts(self) -> Iterator[str]:
        """Define the weeks that places have, and for each calendar when it goes by them."""
        yield 'shift off "off" { workinghours mon - sun off }'
        yield f'shift on "on" {{ workinghours mon - sun {WORK} }}'
        yield f'shift gates "gates" {{ workinghours mon - sun {GATES} }}'
        weeks: dict[tuple[tuple[bool, ...], str], str] = {}
        used = {(one.calendar, bool(one.duration)) for one in self.problem.activities}
        for number, is_work in sorted(used):
            calendar = self.problem.calendars[number]
            worked = [bool(calendar.working >> day & 1) for day in range(self.days)]
            week, hours = self._week(worked), WORK if is_work else GATES
            if (week, hours) not in weeks:
                weeks[week, hours] = name = f"week{len(weeks)}"
                said = "\n".join(
                    f"  workinghours {day} {hours if is_on else 'off'}"
                    for day, is_on in zip(NAMES, week, strict=True)
                )
                yield f'shift {name} "{name}" {{\n{said}\n}}'
            open_ = "on" if is_work else "gates"
            kinds = [
                weeks[week, hours]
                if is_on == week[(START.weekday() + day) % WEEK]
                else (open_ if is_on else "off")
                for day, is_on in enumerate(worked)
            ]
            name = f"{'work' if is_work else 'gates'}{number}"
            yield f"macro {name} [ shifts {', '.join(self._runs(kinds))} ]"

    def _week(self, worked: list[bool]) -> tuple[bool, ...]:
        """Return which days of the week are mostly worked, from Monday on."""
        days = [worked[(day - START.weekday()) % WEEK :: WEEK] for day in range(WEEK)]
        return tuple(2 * sum(found) > len(found) for found in days)

    def _runs(self, kinds: list[str]) -> Iterator[str]:
        first = 0
        for day in range(1, len(kinds) + 1):
            if day == len(kinds) or kinds[day] != kinds[first]:
                yield f"{kinds[first]} {self.at(first)} - {self.at(day)}"
                first = day

    def _resources(self) -> Iterator[str]:
        for number, resource in enumerate(self.problem.resources):
            away: dict[int, list[str]] = {}
            last = 0
            for absence in resource.absences:
                for _ in range(-(-absence.units // self.grain(number))):
                    until = self.at(min(absence.end, self.days))
                    away.setdefault(last % self.count(number), []).append(
                        f"leaves annual {self.at(absence.start)} - {until}"
                    )
                    last += 1
            units = "\n".join(
                f'  resource {name} "{name}" {{ {" ".join(away.get(unit, ()))} }}'
                for unit, name in enumerate(self.units(number))
            )
            if units:
                yield f'resource r{number} "{resource.name}" {{\n{units}\n}}'

    def grain(self, resource: int) -> int:
        """Return the size of which every demand on a resource is a multiple."""
        demands = [
            units
            for activity in self.problem.activities
            for wanted, units in activity.demands
            if wanted == resource
        ]
        return gcd(*demands) or 1

    def count(self, resource: int) -> int:
        """Return how many of that size there are."""
        return self.problem.resources[resource].units // self.grain(resource)

    def units(self, resource: int) -> list[str]:
        """Name them."""
        return [f"r{resource}u{unit}" for unit in range(self.count(resource))]

    def _task(self, number: int, priority: int, early: int, pin: Pin | None) -> str:
        activity = self.problem.activities[number]
        lines = [f"priority {priority}", *self._work(activity, pin)]
        waits = [
            self._id(link.activity) + (f" {{ gapduration {link.lag}d }}" if link.lag else "")
            for link in activity.links
        ]
        waits += [f"on{early}"] if early else []
        lines.append(f"depends {', '.join(waits)}" if waits else f"start {self.at(0)}")
        body = "\n  ".join(lines)
        return f'task t{number} "{activity.name}" {{\n  {body}\n}}'

    def _id(self, number: int) -> str:
        return f"{_days(self.problem.activities[number])}.t{number}"

    def _work(self, activity: Activity, pin: Pin | None) -> list[str]:
        """Say how long an activity takes, on which days, and whom it holds."""
        demands = [(resource, units) for resource, units in activity.demands if units]
        if activity.fixed is not None or len(demands) > 1:
            raise ValueError(activity.name)
        if not activity.duration:
            return ["length 1d"]
        if not demands:
            return [f"length {activity.duration}d"]
        resource, units = demands[0]
        held = units // self.grain(resource)
        effort = f"effort {held * activity.duration}d"
        if pin:
            return [effort, *(f"allocate {unit} {{ mandatory }}" for unit in pin.units)]
        first, *others = self.units(resource)
        alternatives = f"alternative {', '.join(others)} " if others else ""
        allocate = f"allocate {first} {{ {alternatives}persistent mandatory }}"
        return [effort, *[allocate] * held]


def _days(activity: Activity) -> str:
    """Name the days of an activity, and the task that holds all those of the same days."""
    return f"{'work' if activity.duration else 'gates'}{activity.calendar}"


@dataclass(frozen=True)
class Ran:
    """A plan, the CPU seconds that it took, and who does what in one of TaskJuggler's."""

    schedule: Schedule
    seconds: float
    units: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def ran(project: Project, priorities: Mapping[int, int], pinned: Mapping[int, Pin]) -> Ran:
    """Have TaskJuggler schedule a project, and read its dates."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rollout.tjp")
        path.write_text(project.text(priorities, pinned), encoding="utf-8")
        before = _children()
        done = subprocess.run(
            ["tj3", "--silent", "--no-color", "--output-dir", folder, str(path)],  # noqa: S607
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds = _children() - before
        report = Path(folder, "out.csv")
        if not report.exists():
            raise SystemExit(done.stderr[-3000:])
        lines = report.read_text(encoding="utf-8").splitlines()
    problem = project.problem
    starts, ends = [0] * len(problem.activities), [0] * len(problem.activities)
    units = {}
    for line in lines:
        name, first, last, people = (said.strip('"') for said in line.split(";", 3))
        if (found := re.search(r"\.t(\d+)$", name)) is not None:
            number = int(found[1])
            starts[number], ends[number] = _day(first), _day(last)
            units[number] = tuple(sorted(set(re.findall(r"r\d+u\d+", people))))
    for number in range(len(problem.activities)):
        # What waits from Friday evening on is not split before it begins on Monday.
        while not is_worked(problem, number, starts[number]):
            starts[number] += 1
    return Ran(Schedule(tuple(starts), tuple(ends)), seconds, units)


def _children() -> float:
    """Return the CPU seconds of all commands so far."""
    spent = getrusage(RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _day(said: str) -> int:
    """Return the first day that has not been worked yet: a slot of ten o'clock is the next one."""
    at = datetime.strptime(said, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - days without a zone
    return (at.date() - START).days + (at.hour > WORK_BEGINS)


# ── Priorities, and tasks in one piece ────────────────────────────────────────────────────────────


def schemes(problem: Problem) -> Iterator[tuple[str, dict[int, int]]]:
    """Give priorities to the activities of sites: what people weigh, alone or for the work."""
    yield "none", dict.fromkeys(range(len(problem.activities)), 500)
    sites: dict[int, list[int]] = {}
    for number, activity in enumerate(problem.activities):
        if activity.group is not None:
            sites.setdefault(activity.group, []).append(number)
    weight = {
        site: sum(problem.activities[n].weight for n in inside) for site, inside in sites.items()
    }
    launch = {
        site: next((n for n in inside if problem.activities[n].weight), None)
        for site, inside in sites.items()
    }
    work = {site: sum(_work(problem, n) for n in inside) for site, inside in sites.items()}
    rules = {
        "people": weight,
        "people for work before": {
            site: weight[site]
            / (sum(_work(problem, n) for n in inside if n <= (launch[site] or n)) or 1)
            for site, inside in sites.items()
        },
        "people for all work": {site: weight[site] / (work[site] or 1) for site in sites},
    }
    for name, worth in rules.items():
        listed = sorted(sites, key=lambda site: -worth[site])
        ranks = {site: _scaled(rank, len(listed)) for rank, site in enumerate(listed)}
        yield name, {n: ranks[site] for site, inside in sites.items() for n in inside}
    # What comes after a launch has to wait for other sites' launches.
    yield (
        "people, launches first",
        {
            n: _scaled(rank, len(sites)) // 2
            + (MOST_PRIORITY // 2 if n <= (launch[site] or n) else 0)
            for rank, site in enumerate(sorted(sites, key=lambda site: -weight[site]))
            for n in sites[site]
        },
    )


def _work(problem: Problem, activity: int) -> float:
    found = problem.activities[activity]
    return found.duration * sum(
        units / max(1, problem.resources[resource].units) for resource, units in found.demands
    )


def _scaled(rank: int, count: int) -> int:
    return MOST_PRIORITY - 1 - rank * (MOST_PRIORITY - 2) // max(1, count)


def in_one_piece(project: Project, priorities: Mapping[int, int], first: Ran) -> tuple[Ran, int]:
    """Schedule again, with people and later starts for what was split, until nothing is."""
    pinned: dict[int, Pin] = {}
    found = first
    for again in range(PINNINGS):
        split = _split(project.problem, found.schedule)
        if not split:
            return found, again
        pinned |= _pins(project, found, split)
        found = ran(project, priorities, pinned)
    return found, PINNINGS


def _split(problem: Problem, schedule: Schedule) -> list[int]:
    return [
        number
        for number, activity in enumerate(problem.activities)
        if activity.duration
        and schedule.ends[number] != finish(problem, number, schedule.starts[number])
    ]


def _pins(project: Project, found: Ran, split: list[int]) -> dict[int, Pin]:
    """Find for each split activity the first day from which some people do it in one piece."""
    problem, schedule = project.problem, found.schedule
    busy: dict[str, set[int]] = {}
    for number, units in found.units.items():
        if number not in split:
            for unit in units:
                days = range(schedule.starts[number], schedule.ends[number])
                busy.setdefault(unit, set()).update(days)
    pins = {}
    for number in sorted(split, key=lambda number: schedule.starts[number]):
        resource, wanted = problem.activities[number].demands[0]
        held = wanted // project.grain(resource)
        day = schedule.starts[number]
        while True:
            days = range(day, finish(problem, number, day))
            free = [
                unit for unit in project.units(resource) if busy.get(unit, set()).isdisjoint(days)
            ]
            if is_worked(problem, number, day) and len(free) >= held:
                break
            day += 1
        pins[number] = Pin(day, tuple(free[:held]))
        for unit in free[:held]:
            busy.setdefault(unit, set()).update(days)
    return pins


# ── Both side by side ─────────────────────────────────────────────────────────────────────────────


def compare(name: str, problem: Problem) -> None:
    """Print our plan and the best of TaskJuggler's, split and not."""
    print(f"{name}: {len(problem.activities)} activities, from {START.isoformat()}")
    print("                                          reach  half   end  seconds")
    ours, seconds = timed(lambda: generate(problem, GOAL))
    mine = Figures.of(problem, ours)
    show("rse-plan", problem, Ran(ours, seconds))
    if len(problem.activities) <= MANY:
        better, longer = timed(lambda: best_schedule(problem, GOAL, 1, BETTER), rounds=1)
        show("rse-plan --optimise", problem, Ran(better, longer))
    project = Project(problem, round(ROOM * mine.end))
    plans = []
    tried = FEW if len(problem.activities) > MANY else None
    for scheme, priorities in schemes(problem):
        if tried is None or scheme in tried:
            found = ran(project, priorities, {})
            show(f"TaskJuggler, {scheme}", problem, found)
            plans.append((worth(problem, found), scheme, priorities, found))
    plans.sort(key=lambda plan: plan[0])
    verdict("split, its best", problem, mine, seconds, plans[0][3])
    whole = []
    for _, scheme, priorities, found in plans[: 1 if tried else WHOLE]:
        mended, times = in_one_piece(project, priorities, found)
        show(f"  {scheme}, whole after {times} more", problem, mended)
        whole.append(mended)
    best = min(whole, key=lambda found: worth(problem, found))
    verdict("in one piece, its best", problem, mine, seconds, best)


def worth(problem: Problem, found: Ran) -> tuple[int, float]:
    """Say how good a plan is: whether it keeps greatest lags, then how early it reaches people.

    Who may begin follow-up months later can launch earlier, which is no plan for the same problem.
    """
    late = faults(problem, found.schedule)["too long after"]
    return late, Figures.of(problem, found.schedule).reach


def show(name: str, problem: Problem, found: Ran) -> None:
    """Print the figures of one plan, and what it breaks."""
    figures = Figures.of(problem, found.schedule)
    broken = faults(problem, found.schedule)
    listed = ", ".join(f"{count} {what}" for what, count in sorted(broken.items())) or "nothing"
    print(f"  {name:36} {figures} {found.seconds:8.3f}  breaks: {listed}", flush=True)


def verdict(name: str, problem: Problem, mine: Figures, seconds: float, found: Ran) -> None:
    """Print how our plan compares with one of TaskJuggler's."""
    theirs = Figures.of(problem, found.schedule)
    print(
        f"  against {name}: people reached {mine.reach / theirs.reach - 1:+.2%},"
        f" end {mine.end - theirs.end:+d} days, {found.seconds / seconds:,.0f} times as fast"
    )


if __name__ == "__main__":
    main()
