"""A whole plan from an assessed organisation: drafted, scheduled, dated, its doubts drawn."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rse_plan.plan.dating import RUNS, dated, forecast
from rse_plan.plan.model import Plan, Settings
from rse_plan.plan.timetable import Timetable, timetable
from rse_plan.playbook import Playbook
from rse_plan.scheduling import (
    Objective,
    Problem,
    Progress,
    Schedule,
    generate,
    improve,
    objective,
    solve_windows,
    unwatched,
)


@dataclass(frozen=True)
class Effort:
    """How hard to look for a better schedule than the first good one.

    `evaluations` are the schedules that annealing tries, `windows` the solver's effort; 0 is none.
    `progress` is told how far the search is.
    """

    evaluations: int = 0
    windows: int = 0
    progress: Progress = field(default=unwatched, compare=False)


FIRST = Effort()
BETTER = Effort(evaluations=2000, windows=15)
# The share of the time that annealing takes, roughly.
_ANNEALING = 0.3


@dataclass(frozen=True)
class Generated:
    """A plan with the scheduling problem that its dates answer, and what was put into them."""

    plan: Plan
    table: Timetable
    schedule: Schedule
    effort: Effort

    @cached_property
    def at_once(self) -> Schedule:
        """The schedule that is found at once, which a longer search began with."""
        if self.effort == FIRST:
            return self.schedule
        return best_schedule(self.table.problem, wanted(self.plan), self.plan.settings.seed)


def default_settings(playbook: Playbook, start: date) -> Settings:
    """Return the settings of a new plan; raise LookupError for a playbook without a rollout."""
    defaults = playbook.rollout_defaults
    if defaults is None:
        raise LookupError(playbook.name)
    return Settings(start=start, ambassador_share=defaults.ambassador_share, spread=defaults.spread)


def scheduled(table: Timetable, effort: Effort = FIRST, runs: int = RUNS) -> Generated:
    """Find dates for everything, and how sure they are."""
    schedule = best_schedule(table.problem, wanted(table.plan), table.plan.settings.seed, effort)
    plan = dated(table, schedule)
    # With the calendars as the plan lists them, so that the file alone gives the same forecast.
    again = timetable(plan)
    kept = timetable(plan, table.kept) if table.kept else again
    return Generated(forecast(again, schedule, runs), kept, schedule, effort)


def wanted(plan: Plan) -> Objective:
    """Return what a plan is to be good at."""
    return objective(plan.settings.objective)


def best_schedule(problem: Problem, goal: Objective, seed: int, effort: Effort = FIRST) -> Schedule:
    """Return a good schedule at once, or a better one for more effort."""
    schedule = generate(problem, goal)
    if effort.evaluations:
        schedule = improve(
            problem, schedule, goal, effort.evaluations, seed,
            lambda share: effort.progress(share * _ANNEALING),
        )  # fmt: skip
    if effort.windows:
        schedule = solve_windows(
            problem, schedule, goal, seed, effort.windows,
            lambda share: effort.progress(_ANNEALING + share * (1 - _ANNEALING)),
        )  # fmt: skip
    return schedule
