"""Some activities scheduled exactly by CP-SAT, between others that stay where they are.

Each free activity has a start with the days on which it may start, and a literal for each length
that its span can have, since closed days make some spans longer. What stays is one profile for each
resource. The solver runs alone and under a deterministic time limit: the same seed gives the same
plan. See https://developers.google.com/optimization/cp.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rse_plan.scheduling.model import Schedule, SolverMissingError
from rse_plan.scheduling.network import Network

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Expression = Any  # one of the solver's, which has several kinds, or a number
_WEIGHTS = 1_000_000


@dataclass(frozen=True)
class Solution:
    """The best schedule found, a proven bound of its figure, and the effort it took.

    The bound of "reach" is that of a sum over the free activities, so it means nothing by itself.
    """

    schedule: Schedule
    bound: float
    proven: bool
    effort: float


@dataclass(frozen=True)
class Window:
    """Activities to schedule anew by a day, while the others stay as in a schedule.

    What the schedule breaks, it may break as much again: a latest end, or a maximal lag.
    """

    network: Network
    schedule: Schedule
    free: Collection[int]
    until: int

    def solve(self, names: Sequence[str], effort: float, seed: int) -> Solution:
        """Minimise the last of some figures while the others get no worse.

        `effort` is the most deterministic time, about seconds. Raise SolverMissingError when
        OR-Tools is not installed.
        """
        cp_model = _cp_sat()
        model = _Model(self, cp_model)
        for name in names[:-1]:
            figure, now = model.figure(name)
            model.program.add(figure <= now)
        figure, _ = model.figure(names[-1])
        model.program.minimize(figure)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = effort
        # Probing would take most of the time of a window, for which hints are there already.
        solver.parameters.cp_model_probing_level = 0
        status = solver.solve(model.program)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return Solution(
            model.found(solver) if found else self.schedule,
            solver.best_objective_bound,
            status == cp_model.OPTIMAL,
            solver.response_proto.deterministic_time,
        )


class _Model:
    """The constraint programme of a window."""

    def __init__(self, window: Window, solver: Any) -> None:
        self.network, self.schedule = window.network, window.schedule
        self.solver = solver
        self.program: cp_model.CpModel = solver.CpModel()
        self.free = [
            a for a in self.network.order if a in window.free and a not in self.network.fixed
        ]
        self.until = max([window.until, *(self.schedule.ends[a] for a in self.free)])
        self.taken = self.network.taken.copy()
        for a in set(range(len(self.schedule.starts))).difference(self.free, self.network.fixed):
            self.taken.take(self.network.demands[a], self.schedule.starts[a], self.schedule.ends[a])
        self.starts: dict[int, Expression] = {}
        self.ends: dict[int, Expression] = {}
        self.intervals: dict[int, Any] = {}
        earliest = self._earliest()
        latest = self._latest()
        for a in self.free:
            self._add_activity(a, self._spans(a, earliest[a], latest[a]))
        self._add_links()
        self._add_capacities()

    def gap(self, before: int, after: int, within: int) -> int:
        """Return the most days between two activities: what is allowed, or what there is."""
        return max(within, self.schedule.starts[after] - self.schedule.ends[before])

    def _earliest(self) -> dict[int, int]:
        """Return the first start of each free activity, for the calendars and what stays."""
        network, schedule = self.network, self.schedule
        starts: dict[int, int] = {}
        for a in self.free:
            worked = network.worked[a]
            days = [max(network.problem.activities[a].not_before, 0)]
            for b, lag, _ in network.before[a]:
                free = b in starts
                end = network.worked[b].finish(starts[b], network.durations[b]) if free else 0
                days.append((end if free else schedule.ends[b]) + lag)
            for b, _, within in network.after[a]:
                if within is not None and (b in network.fixed or b not in self.free):
                    end = schedule.starts[b] - self.gap(a, b, within)
                    days.append(worked.start_ending_from(end, network.durations[a]))
            starts[a] = worked.next(max(days))
        return starts

    def _latest(self) -> dict[int, int]:
        """Return the last start of each free activity, for the calendars and what stays."""
        network, schedule = self.network, self.schedule
        starts: dict[int, int] = {}
        for a in reversed(self.free):
            limit = self.until
            wish = network.problem.activities[a].not_after
            if wish is not None:
                limit = min(limit, max(wish, schedule.ends[a]))
            for b, lag, _ in network.after[a]:
                limit = min(limit, starts.get(b, schedule.starts[b]) - lag)
            latest = limit
            for b, _, within in network.before[a]:
                if within is not None and b not in self.free:
                    latest = min(latest, schedule.ends[b] + self.gap(b, a, within))
            span = network.worked[a].last_fit(network.durations[a], latest, limit, 0)
            starts[a] = schedule.starts[a] if span is None else span[0]
        return starts

    def _spans(self, a: int, earliest: int, latest: int) -> dict[int, list[int]]:
        """Return the days on which an activity may start, by the length that its span then has."""
        worked, duration = self.network.worked[a], self.network.durations[a]
        blocked = self.taken.blocked(self.network.demands[a]) if duration else 0
        now = self.schedule.starts[a]
        spans = {self.schedule.ends[a] - now: [now]}
        day = worked.next(earliest)
        while day <= latest:
            end = worked.finish(day, duration)
            if day != now and not (blocked >> day) & ((1 << end - day) - 1):
                spans.setdefault(end - day, []).append(day)
            day = worked.next(day + 1)
        return spans

    def _add_activity(self, a: int, spans: dict[int, list[int]]) -> None:
        program, domain = self.program, self.solver.Domain.from_values
        now, length = self.schedule.starts[a], self.schedule.ends[a] - self.schedule.starts[a]
        start = self._hinted([day for days in spans.values() for day in days], now)
        self.starts[a] = start
        if len(spans) == 1:
            self.ends[a] = start + length
            self.intervals[a] = program.new_fixed_size_interval_var(start, length, "")
            return
        size = self._hinted(list(spans), length)
        end = self._hinted(range(self.until + 1), now + length)
        literals = []
        for size_then, days in spans.items():
            literal = program.new_bool_var("")
            program.add_hint(literal, size_then == length)
            allowed = program.add_linear_expression_in_domain(start, domain(days))
            allowed.only_enforce_if(literal)
            program.add(size == size_then).only_enforce_if(literal)
            literals.append(literal)
        program.add_exactly_one(literals)
        self.ends[a] = end
        self.intervals[a] = program.new_interval_var(start, size, end, "")

    def _hinted(self, values: Sequence[int], now: int) -> Expression:
        """Return a variable with some values, and the one it has now as a hint."""
        domain = self.solver.Domain.from_values(values)
        variable = self.program.new_int_var_from_domain(domain, "")
        self.program.add_hint(variable, now)
        return variable

    def _add_links(self) -> None:
        for a in self.free:
            for b, lag, within in self.network.before[a]:
                if b in self.starts:
                    self.program.add(self.starts[a] >= self.ends[b] + lag)
                    if within is not None:
                        self.program.add(self.starts[a] <= self.ends[b] + self.gap(b, a, within))

    def _add_capacities(self) -> None:
        for resource, levels in enumerate(self.taken.levels):
            held = [
                (self.intervals[a], units)
                for a in self.free
                for wanted, units in self.network.demands[a]
                if wanted == resource
            ]
            if held:
                for first, end, units in _profile(levels[1:], self.until):
                    stays = self.program.new_fixed_size_interval_var(first, end - first, "")
                    held.append((stays, units))
                intervals, demands = zip(*held, strict=True)
                self.program.add_cumulative(intervals, demands, len(levels) - 1)

    def figure(self, name: str) -> tuple[Expression, int]:
        """Return a figure of the objective as an expression, and its value in the schedule."""
        activities = self.network.problem.activities
        starts = [self.starts.get(a, start) for a, start in enumerate(self.schedule.starts)]
        weights = _whole([activity.weight for activity in activities])
        launches = [a for a, weight in enumerate(weights) if weight]
        if name == "reach":
            moved = [a for a in launches if a in self.starts]
            now = sum(weights[a] * self.schedule.starts[a] for a in moved)
            return self.program.new_constant(0) + sum(weights[a] * starts[a] for a in moved), now
        if name == "end":
            last = max(self.schedule.ends)
            figure = self._hinted(range(max(last, self.until) + 1), last)
            for a, end in enumerate(self.schedule.ends):
                self.program.add(figure >= self.ends.get(a, end))
            return figure, last
        found: list[tuple[int, int]] = sorted(
            (self.schedule.starts[a], weights[a]) for a in launches
        )
        now, reached = 0, 0
        for start, weight in found:
            if 2 * reached < sum(weights):
                now, reached = start, reached + weight
        figure = self._hinted(range(-1, max(now, self.until) + 1), now)
        started = []
        for a in launches:
            literal = self.program.new_bool_var("")
            self.program.add_hint(literal, self.schedule.starts[a] <= now)
            self.program.add(figure >= starts[a]).only_enforce_if(literal)
            started.append(weights[a] * literal)
        self.program.add(2 * sum(started) >= sum(weights))
        return figure, now

    def found(self, solver: Any) -> Schedule:
        """Return the schedule that the solver has found."""
        starts, ends = list(self.schedule.starts), list(self.schedule.ends)
        for a in self.free:
            starts[a], ends[a] = solver.value(self.starts[a]), solver.value(self.ends[a])
        return Schedule(tuple(starts), tuple(ends))


def _profile(levels: list[int], until: int) -> list[tuple[int, int, int]]:
    """Return the spans on which the same number of units is taken, before a day."""
    profile: list[tuple[int, int, int]] = []
    for day in range(until):
        units = sum(level >> day & 1 for level in levels)
        if profile and profile[-1][1:] == (day, units):
            profile[-1] = (profile[-1][0], day + 1, units)
        elif units:
            profile.append((day, day + 1, units))
    return profile


def _whole(weights: list[float]) -> list[int]:
    """Return weights as integers in about the same proportions."""
    total = sum(weights)
    if total <= _WEIGHTS and all(float(weight).is_integer() for weight in weights):
        return [int(weight) for weight in weights]
    return [round(weight * _WEIGHTS / total) for weight in weights]


def _cp_sat() -> Any:
    """Import CP-SAT, or say that it is missing."""
    try:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - takes 0.5 s, and is optional
    except ImportError as missing:
        raise SolverMissingError from missing
    return cp_model
