"""What makes one plan better than another: figures in days, weighed in the order that is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rse_plan.scheduling.model import Problem, Schedule

_HALF = 0.5
_ROUNDING = 1e-9
_NEXT = 0.2


def reach(problem: Problem, schedule: Schedule) -> float:
    """Return the mean start of the weighted activities, by weight; 0 when none has a weight."""
    total = met = 0.0
    for activity, start in zip(problem.activities, schedule.starts, strict=True):
        if activity.weight:
            total += activity.weight
            met += activity.weight * start
    return met / total if total else 0.0


def critical_mass(problem: Problem, schedule: Schedule) -> int:
    """Return the first day by which activities of half the weight have started; 0 without any."""
    launches = sorted(
        (start, activity.weight)
        for activity, start in zip(problem.activities, schedule.starts, strict=True)
        if activity.weight
    )
    half = sum(weight for _, weight in launches) * (_HALF - _ROUNDING)
    reached = 0.0
    for start, weight in launches:
        reached += weight
        if reached >= half:
            return start
    return 0


def makespan(_: Problem, schedule: Schedule) -> int:
    """Return the end of the last activity; 0 without any."""
    return max(schedule.ends, default=0)


def lateness(problem: Problem, schedule: Schedule) -> int:
    """Return the days by which latest ends and maximal lags are missed, added up."""
    late = 0
    for activity, start, end in zip(
        problem.activities, schedule.starts, schedule.ends, strict=True
    ):
        if activity.not_after is not None:
            late += max(0, end - activity.not_after)
        for link in activity.links:
            if link.within is not None:
                late += max(0, start - schedule.ends[link.activity] - link.within)
    return late


FIGURES: dict[str, Callable[[Problem, Schedule], float]] = {
    "reach": reach,
    "critical-mass": critical_mass,
    "end": makespan,
}


@dataclass(frozen=True)
class Objective:
    """The names of figures, the one that counts most first; see `objective`."""

    names: tuple[str, ...]

    def __call__(self, problem: Problem, schedule: Schedule) -> tuple[float, ...]:
        """Return the figures of a schedule, in days."""
        return tuple(FIGURES[name](problem, schedule) for name in self.names)

    def rank(self, problem: Problem, schedule: Schedule) -> tuple[float, float]:
        """Return the days by which wishes are missed, which count before all, and the cost.

        In the cost a day of each figure counts for a fifth of a day of the one before it: strictly
        in their order, hours of the first would outweigh months of the last.
        """
        figures = self(problem, schedule)
        cost = sum(figure * _NEXT**place for place, figure in enumerate(figures))
        return lateness(problem, schedule), cost


def objective(names: Sequence[str]) -> Objective:
    """Return the objective that weighs "reach", "critical-mass" and "end" in the order given.

    Raise ValueError when a name is unknown or comes twice, or when there is none.
    """
    if not names or len(set(names)) < len(names) or not set(names) <= FIGURES.keys():
        raise ValueError(f"not an order of {', '.join(FIGURES)}: {', '.join(names)}")
    return Objective(tuple(names))
