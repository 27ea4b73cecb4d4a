"""What is scheduled: activities, the resources they hold, the days that are worked, and the plan.

Days are integers and spans half-open: an activity of two working days that starts on day 3 of a
calendar without closed days ends on day 5. Activities, resources and calendars are named by their
index in the problem.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Self

FOREVER = 1_000_000
# Told again and again what share of a search is done.
Progress = Callable[[float], None]


class SchedulingError(Exception):
    """A problem that no plan can answer, or a plan that cannot be sought."""


class UnschedulableError(SchedulingError):
    """An activity holds more of a resource than there ever is."""

    def __init__(self, problem: "Problem", activity: int, resource: int) -> None:
        self.problem = problem
        self.activity = activity
        self.resource = resource
        wanted, held = problem.activities[activity].name, problem.resources[resource].name
        super().__init__(f"{wanted} holds more of {held} than there ever is")


class CycleError(SchedulingError):
    """Activities that wait for each other in a circle: each for the one before it in `cycle`."""

    def __init__(self, problem: "Problem", cycle: tuple[int, ...]) -> None:
        self.problem = problem
        self.cycle = cycle
        names = [problem.activities[a].name for a in (*cycle, cycle[0])]
        super().__init__(f"activities wait for each other: {' -> '.join(names)}")


class SolverMissingError(SchedulingError):
    """OR-Tools is not installed."""

    def __init__(self) -> None:
        super().__init__("OR-Tools is not installed: pip install ortools")


def unwatched(_: float) -> None:
    """Let a search go on without telling anybody."""


@dataclass(frozen=True)
class Calendar:
    """The working days of one place: bit d of `working` is set when day d is worked.

    From day `horizon` on (or after the last bit, when that is later) every day counts as worked,
    so that a plan always exists.
    """

    working: int = 0
    horizon: int = 0

    @classmethod
    def of(cls, worked: Iterable[int], horizon: int = 0) -> Self:
        """Build a calendar from the days that are worked."""
        working = 0
        for day in worked:
            working |= 1 << day
        return cls(working, horizon)


@dataclass(frozen=True)
class Link:
    """A finish-to-start precedence: `lag` to `within` calendar days after the end of `activity`."""

    activity: int
    lag: int = 0
    within: int | None = None


@dataclass(frozen=True)
class Activity:
    """Work of `duration` working days, or a milestone when that is 0.

    `demands` are (resource, units) held on every day from start to end, closed days included.
    `not_after` is the latest end and a wish. `fixed` is a start that nothing moves, and `fixed_end`
    its actual end where that is not what the duration gives. `weight` counts the people reached
    when it starts. Activities of one `group` are ordered together; None is the programme.
    """

    name: str
    duration: int
    calendar: int = 0
    demands: tuple[tuple[int, int], ...] = ()
    links: tuple[Link, ...] = ()
    not_before: int = 0
    not_after: int | None = None
    fixed: int | None = None
    fixed_end: int | None = None
    weight: float = 0.0
    group: int | None = None


@dataclass(frozen=True)
class Absence:
    """Units of a resource that are missing from `start` until `end`, which may be `FOREVER`."""

    start: int
    end: int
    units: int


@dataclass(frozen=True)
class Resource:
    """Interchangeable units: people, or parts of people, of one role."""

    name: str
    units: int
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Activities to schedule with the resources and calendars that they name by index."""

    activities: tuple[Activity, ...]
    resources: tuple[Resource, ...] = ()
    calendars: tuple[Calendar, ...] = field(default=(Calendar(),))


@dataclass(frozen=True)
class Schedule:
    """The first day of each activity, and the day after its last."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]


def staffed(problem: Problem, resource: int, extra_units: int) -> Problem:
    """Return the problem with more units of one resource, or fewer."""
    resources = list(problem.resources)
    changed = resources[resource]
    resources[resource] = replace(changed, units=changed.units + extra_units)
    return replace(problem, resources=tuple(resources))
