"""A whole plan from an assessed organisation: drafted, scheduled, dated, its doubts drawn."""

from dataclasses import dataclass
from datetime import date

from rse_plan.assessment.standing import Standing
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.dating import RUNS, dated, forecast
from rse_plan.plan.draft import draft
from rse_plan.plan.model import Plan, Settings
from rse_plan.plan.timetable import Timetable, timetable
from rse_plan.playbook import Playbook
from rse_plan.scheduling import (
    Objective,
    Problem,
    Schedule,
    generate,
    improve,
    objective,
    solve_windows,
)


@dataclass(frozen=True)
class Effort:
    """How hard to look for a better schedule than the first good one.

    `evaluations` are the schedules that annealing tries, `windows` the solver's effort; 0 is none.
    """

    evaluations: int = 0
    windows: int = 0


FIRST = Effort()
BETTER = Effort(evaluations=2000, windows=15)


@dataclass(frozen=True)
class Generated:
    """A plan with the scheduling problem that its dates answer."""

    plan: Plan
    table: Timetable
    schedule: Schedule


def default_settings(playbook: Playbook, start: date) -> Settings:
    """Return the settings of a new plan; raise LookupError for a playbook without a rollout."""
    defaults = playbook.rollout_defaults
    if defaults is None:
        raise LookupError(playbook.name)
    return Settings(start=start, ambassador_share=defaults.ambassador_share, spread=defaults.spread)


def generated(
    organisation: Organisation,
    standing: Standing,
    settings: Settings,
    language: Language,
    as_of: date,
    effort: Effort = FIRST,
) -> Generated:
    """Make a plan that nobody has edited yet."""
    plan = draft(organisation, standing, settings, language, as_of)
    return scheduled(timetable(plan), effort)


def scheduled(table: Timetable, effort: Effort = FIRST, runs: int = RUNS) -> Generated:
    """Find dates for everything, and how sure they are."""
    schedule = best_schedule(table.problem, wanted(table.plan), table.plan.settings.seed, effort)
    plan = dated(table, schedule)
    # With the calendars as the plan lists them, so that the file alone gives the same forecast.
    again = timetable(plan)
    kept = timetable(plan, table.kept) if table.kept else again
    return Generated(forecast(again, schedule, runs), kept, schedule)


def wanted(plan: Plan) -> Objective:
    """Return what a plan is to be good at."""
    return objective(plan.settings.objective)


def best_schedule(problem: Problem, goal: Objective, seed: int, effort: Effort) -> Schedule:
    """Return a good schedule at once, or a better one for more effort."""
    schedule = generate(problem, goal)
    if effort.evaluations:
        schedule = improve(problem, schedule, goal, effort.evaluations, seed)
    if effort.windows:
        schedule = solve_windows(problem, schedule, goal, seed, effort.windows)
    return schedule
