"""An independent judge of plans, which shares no code with what made them.

It reads a ``plan.yaml`` as raw data and goes by what its model says, walking from day to day. An
end is a day on which something still goes on, so what waits for a task starts on a later day; a
gate takes no time, so what waits for it may start on its date.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Data = Mapping[str, Any]
DAY = timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
USUAL_WEEKEND = ("saturday", "sunday")
# Nothing lasts longer; whoever never works would be waited for without end.
LONGEST = 10_000
CLOSE = 1e-6
# What a wish about the last day of all is about.
END = "end"


def violations(plan: Data, chosen: Collection[str] = ()) -> list[str]:
    """Say what a plan breaks; `chosen` are tasks and gates whose dates somebody insisted on."""
    return list(Judge(plan, chosen).found())


def missed(plan: Data) -> list[str]:
    """Name what comes later than somebody wants it: tasks, gates, waves, and `END` itself."""
    judge = Judge(plan, ())
    late = [wish["about"] for wish in plan.get("wishes", ()) if _is_late(wish)]
    for item in judge.items:
        latest = day(item.said.get("not_after"))
        if latest and item.last and item.last > latest:
            late.append(item.name)
    deadline, end = day(plan["settings"].get("deadline")), judge.end
    if deadline and end and end > deadline:
        late.append(END)
    return list(dict.fromkeys(late))


def day(said: Any) -> date | None:
    """Read a date, which YAML has read already and JSON has not."""
    return date.fromisoformat(said) if isinstance(said, str) else said


@dataclass(frozen=True)
class Item:
    """A task or a gate, where it belongs, and from when to when it goes on."""

    name: str
    said: Data
    phase: str | None
    site: Data | None
    is_gate: bool
    first: date | None
    last: date | None

    @property
    def status(self) -> str:
        """Whether it is still to do."""
        if self.is_gate:
            return "done" if self.said.get("decided_on") else "planned"
        return str(self.said.get("status", "planned"))

    @property
    def working_days(self) -> int:
        """The days of work from its first to its last."""
        return self.said.get("duration_days") or 0

    @property
    def elapsed_days(self) -> int:
        """The calendar days from its first to its last, when it is those that count."""
        return self.said.get("elapsed_days") or 0

    @property
    def takes_no_time(self) -> bool:
        """Whether what waits for it may start on the same day."""
        return not self.working_days and not self.elapsed_days


class Judge:
    """One plan, and all that there is to say against it."""

    def __init__(self, plan: Data, chosen: Collection[str]) -> None:
        self.plan = plan
        self.settings: Data = plan["settings"]
        self.sites: list[Data] = list(plan.get("sites", ()))
        self.calendars = {one["id"]: one for one in plan.get("calendars", ())}
        self.team = {
            role["id"]: role for role in plan.get("roles", ()) if role.get("people") is not None
        }
        self.cancelled: set[str] = set()
        self.items = list(self._items())
        self.by_name = {item.name: item for item in self.items}
        self.free = {
            item.name for item in self.items if item.status == "planned" and item.name not in chosen
        }
        self.headquarters = self._headquarters()

    @property
    def end(self) -> date | None:
        """The last day of all."""
        return max((item.last for item in self.items if item.last), default=None)

    def found(self) -> Iterator[str]:
        """Go through everything that is wrong."""
        if len(self.by_name) < len(self.items):
            yield "two tasks or gates have one id"
        for item in self.items:
            yield from self._dates(item)
        for item in self.items:
            if item.first is not None and item.last is not None:
                yield from self._days(item, item.first, item.last)
                yield from self._waits(item, item.first)
        for role in self.team.values():
            yield from self._capacity(role)
        yield from self._launches()
        yield from self._legal_steps()
        yield from self._decisions()
        yield from self._phases()
        yield from self._waves()
        yield from self._ambassadors()
        yield from self._wishes()

    # ── What there is ─────────────────────────────────────────────────────────────────────────────

    def _items(self) -> Iterator[Item]:
        by_site = None
        for phase in self.plan.get("phases", ()):
            if phase.get("by_site"):
                by_site = phase["id"]
        for phase in self.plan.get("phases", ()):
            for task in phase.get("tasks", ()):
                yield from self._task(task, task.get("phase") or phase["id"], None)
            if gate := phase.get("gate"):
                on = day(gate.get("decided_on")) or day(gate.get("date"))
                yield Item(gate["id"], gate, phase["id"], None, is_gate=True, first=on, last=on)
        for site in self.sites:
            for task in site.get("tasks", ()):
                yield from self._task(task, task.get("phase") or by_site, site)

    def _task(self, task: Data, phase: str | None, site: Data | None) -> Iterator[Item]:
        if task.get("status") == "cancelled":
            self.cancelled.add(task["id"])
            return
        first = day(task.get("actual_start")) or day(task.get("start"))
        last = day(task.get("actual_end")) or day(task.get("end"))
        yield Item(task["id"], task, phase, site, is_gate=False, first=first, last=last)

    def _headquarters(self) -> Data | None:
        for site in self.sites:
            if site.get("headquarters"):
                return site
        return self.sites[0] if self.sites else None

    # ── Days ──────────────────────────────────────────────────────────────────────────────────────

    def is_worked(self, site: Data | None, on: date) -> bool:
        """Say whether people work in a place on a day."""
        closed = list(self.plan.get("closures", ()))
        calendar: Data = {"weekend": USUAL_WEEKEND}
        if site is not None:
            closed += site.get("blackouts", ())
            calendar = self.calendars.get(site["calendar"], calendar)
        for period in closed:
            if _is_in(period, on):
                return False
        if any(day(other) == on for other in calendar.get("days_worked", ())):
            return True
        if any(day(other) == on for other in calendar.get("days_off", ())):
            return False
        return WEEKDAYS[on.weekday()] not in calendar.get("weekend", ())

    def is_worked_for(self, item: Item, on: date) -> bool:
        """Say whether a task can go on: where it is done, and where its team is."""
        if item.elapsed_days:
            return True
        if item.site is None:
            return self.is_worked(self.headquarters, on)
        if item.said.get("role") in self.team and not self.is_worked(self.headquarters, on):
            return False
        return self.is_worked(item.site, on)

    def end_of(self, item: Item, first: date) -> date | None:
        """Return the last day of something that starts on a day; None when it never ends."""
        if item.takes_no_time:
            return first
        left = item.elapsed_days or item.working_days
        on = first
        for _ in range(LONGEST):
            if self.is_worked_for(item, on):
                left -= 1
            if left == 0:
                return on
            on += DAY
        return None

    def _dates(self, item: Item) -> Iterator[str]:
        if item.status == "done":
            return
        if item.first is None or item.last is None:
            yield f"{item.name} has no dates"
        elif item.first > item.last:
            yield f"{item.name} ends before it starts"

    def _days(self, item: Item, first: date, last: date) -> Iterator[str]:
        if item.name in self.free:
            if not self.is_worked_for(item, first):
                yield f"{item.name} starts on {first}, a day off"
            for key in ("start", "status_date"):
                earliest = day(self.settings.get(key))
                if earliest and first < earliest:
                    yield f"{item.name} starts before {key}"
            earliest = day(item.said.get("not_before"))
            if earliest and first < earliest:
                yield f"{item.name} starts before not_before"
        if item.name in self.free or (item.status == "started" and not item.said.get("actual_end")):
            right = self.end_of(item, first)
            if first <= last and right != last and not self._goes_on(item, right, last):
                yield f"{item.name} ends on {last} instead of {right}"

    def _goes_on(self, item: Item, right: date | None, last: date) -> bool:
        """Say whether work that should have ended before the status date ends no earlier."""
        today = day(self.settings.get("status_date"))
        return bool(item.status == "started" and right and today and right < today <= last)

    def _waits(self, item: Item, first: date) -> Iterator[str]:
        """Judge what an item waits for, and for how long."""
        lags = {lag["id"]: lag for lag in item.said.get("lags", ())}
        for name in item.said.get("after", ()):
            before = self.by_name.get(name)
            if before is None and name not in self.cancelled:
                yield f"{item.name} waits for {name}, which is not there"
            if before is None or before.last is None or item.name not in self.free:
                continue
            between = (first - before.last).days - (0 if before.takes_no_time else 1)
            lag = lags.get(name, {})
            least, most = lag.get("least_days", 0), lag.get("most_days")
            if between < 0:
                yield f"{item.name} starts before {name} has ended"
            elif between < least:
                yield f"{item.name} starts {between} days after {name}, not {least}"
            if most is not None and between > most:
                yield f"{item.name} starts {between} days after {name}, beyond {most}"

    # ── People ────────────────────────────────────────────────────────────────────────────────────

    def _capacity(self, role: Data) -> Iterator[str]:
        """Add up who is held on each day; what went on already is not judged."""
        held: dict[date, int] = {}
        judged: set[date] = set()
        for item in self.items:
            quarters = quarters_held(item, role)
            if not quarters or item.first is None or item.last is None or item.status == "done":
                continue
            on = item.first
            while on <= item.last:
                held[on] = held.get(on, 0) + quarters
                if item.name in self.free:
                    judged.add(on)
                on += DAY
        for on in sorted(judged):
            there = float(role["people"])
            for absence in role.get("absences", ()):
                if _is_in(absence, on):
                    there -= float(absence.get("people", 1))
            if held[on] / 4 > there + CLOSE:
                yield f"{role['id']}: {held[on] / 4} held on {on} out of {there}"

    # ── Order ─────────────────────────────────────────────────────────────────────────────────────

    def _launches(self) -> Iterator[str]:
        """Judge that the headquarters open first, and zone after zone when that is asked for."""
        launches = {
            item.site["id"]: item for item in self.items if item.site and item.said.get("launches")
        }
        first = launches.get(self.headquarters["id"]) if self.headquarters else None
        for launch in launches.values():
            if first and launch is not first and self._overtakes(launch, first):
                yield f"{launch.name} starts before the headquarters have opened"
        if self.settings.get("order") != "zones":
            return
        earlier: list[Item] = []
        for wave in self.plan.get("waves", ()):
            opened = [launches[name] for name in wave.get("sites", ()) if name in launches]
            for launch in opened:
                late = any(self._overtakes(launch, before) for before in earlier)
                if late and launch is not first:
                    yield f"{launch.name} starts before the wave before {wave['id']} has opened"
            earlier = opened or earlier

    def _overtakes(self, item: Item, before: Item) -> bool:
        if item.name not in self.free or item.first is None or before.last is None:
            return False
        return item.first <= before.last

    def _legal_steps(self) -> Iterator[str]:
        for step in self.plan.get("legal_steps", ()):
            name, due = step.get("task"), day(step.get("due"))
            item = self.by_name.get(name)
            if name is None or name in self.cancelled:
                continue
            if item is None:
                yield f"{step['id']} names {name}, which is not there"
            elif due is None:
                yield f"{step['id']} has no due date"
            elif item.status != "done" and item.last and item.last > due:
                yield f"{step['id']} is due before it ends"
            for waiting in self.items:
                late = waiting.first and due and waiting.first <= due
                if name in waiting.said.get("after", ()) and waiting.name in self.free and late:
                    yield f"{step['id']} is due after {waiting.name} has started"

    def _decisions(self) -> Iterator[str]:
        for decision in self.plan.get("decisions", ()):
            name, due = decision.get("before"), day(decision.get("due"))
            item = self.by_name.get(name)
            if name is None or name in self.cancelled:
                continue
            if item is None:
                yield f"{decision['id']} names {name}, which is not there"
            elif item.first and (due is None or due >= item.first):
                yield f"{decision['id']} is due too late for {name}"

    # ── What follows from the tasks ───────────────────────────────────────────────────────────────

    def _phases(self) -> Iterator[str]:
        for phase in self.plan.get("phases", ()):
            inside = [item for item in self.items if item.phase == phase["id"]]
            yield from _around(phase, inside)

    def _waves(self) -> Iterator[str]:
        sites = {site["id"]: site for site in self.sites}
        for wave in self.plan.get("waves", ()):
            names = wave.get("sites", ())
            inside = [
                item
                for item in self.items
                if item.site and item.site["id"] in names and item.said.get("launches")
            ]
            yield from _around(wave, inside)
            staff: list[Any] = [sites[name].get("headcount") for name in names if name in sites]
            if len(staff) < len(names):
                yield f"{wave['id']} has sites that are not there"
            right = None if None in staff else sum(staff)
            if wave.get("headcount") != right:
                yield f"{wave['id']} has {right} people, not {wave.get('headcount')}"

    def _ambassadors(self) -> Iterator[str]:
        network = self.plan.get("ambassadors")
        targets = {
            site["id"]: (site["ambassadors"], site.get("headcount") or 0)
            for site in self.sites
            if site.get("ambassadors")
        }
        staff = sum(count for _, count in targets.values())
        if network is None or not staff:
            return
        exact = Fraction(str(network["share"])) * staff
        right = -(-exact.numerator // exact.denominator)
        if network["target"] != right:
            yield f"ambassadors: {network['target']} wanted instead of {right}"
        if sum(said.get("target", 0) for said, _ in targets.values()) != network["target"]:
            yield "ambassadors: those of the sites do not add up"
        for name, (said, count) in targets.items():
            target = said.get("target", 0)
            if abs(target - Fraction(network["target"] * count, staff)) >= 1:
                yield f"{name}: {target} ambassadors are not its part"
            if "connected" in said and said["connected"] + said.get("field", 0) != target:
                yield f"{name}: the profiles of ambassadors do not add up"

    def _wishes(self) -> Iterator[str]:
        waves = {wave["id"]: day(wave.get("start")) for wave in self.plan.get("waves", ())}
        for wish in self.plan.get("wishes", ()):
            item = self.by_name.get(wish["about"])
            right = item.first if item else waves.get(wish["about"])
            if wish["about"] == END:
                right = self.end
            if day(wish.get("planned")) != right:
                yield f"{wish['id']} is planned for {right}, not {wish.get('planned')}"


def quarters_held(item: Item, role: Data) -> int:
    """Return the quarters of people whom a task holds: the least in which they have its days."""
    effort = item.said.get("effort_days") or 0
    if item.is_gate or item.said.get("role") != role["id"] or not effort:
        return 0
    days = item.working_days or round(item.elapsed_days * 5 / 7)
    a_week = min(5.0, float(role.get("days_per_week") or 5))
    there = 0.0
    for number in range(days):
        # The days of a week go to the project first; the last of them may be a part of one.
        there += min(1.0, max(0.0, a_week - number % 5))
    if not there:
        return 4
    quarters = 1
    while quarters * there / 4 < effort - CLOSE * there / 4:
        quarters += 1
    return quarters


def _is_in(period: Data, on: date) -> bool:
    first, last = day(period["start"]), day(period["end"])
    return first is not None and last is not None and first <= on <= last


def _is_late(wish: Data) -> bool:
    planned, wanted = day(wish.get("planned")), day(wish["wanted"])
    return planned is not None and wanted is not None and planned > wanted


def _around(group: Data, inside: list[Item]) -> Iterator[str]:
    """Judge that a group lasts from the first day of what is in it to the last."""
    firsts = [item.first for item in inside if item.first and item.last]
    lasts = [item.last for item in inside if item.first and item.last]
    start, end = (min(firsts), max(lasts)) if firsts else (None, None)
    if day(group.get("start")) != start:
        yield f"{group['id']} starts on {start}, not {group.get('start')}"
    if day(group.get("end")) != end:
        yield f"{group['id']} ends on {end}, not {group.get('end')}"
