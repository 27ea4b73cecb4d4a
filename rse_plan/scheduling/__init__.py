"""Resource-constrained project scheduling with calendars, on integer days.

`model` says what is scheduled. `network` makes a problem ready, with `calendars` and `loads`.
`serial` places activities in a sequence of `orders`, `generation` keeps the best such plan under an
`objective`, and `justification` moves plans to the right and back, which gives slack too.
`annealing` seeks better orders; `windows` has parts of a plan solved by `exact`, with OR-Tools.
`bounds` prove how far any plan is from the best, by the `energy` that `launches` need.
`explanation` tells why each activity starts when it does, `wishes` what a plan misses, and
`simulation` what becomes of it when durations change. Only what uses OR-Tools imports it, late.
"""

from rse_plan.scheduling.annealing import improve
from rse_plan.scheduling.bounds import bound
from rse_plan.scheduling.explanation import Reason, critical, reasons
from rse_plan.scheduling.generation import generate
from rse_plan.scheduling.justification import slack
from rse_plan.scheduling.model import (
    FOREVER,
    Absence,
    Activity,
    Calendar,
    CycleError,
    Link,
    Problem,
    Progress,
    Resource,
    Schedule,
    SchedulingError,
    SolverMissingError,
    UnschedulableError,
    staffed,
    unwatched,
)
from rse_plan.scheduling.objective import Objective, critical_mass, makespan, objective, reach
from rse_plan.scheduling.simulation import simulate
from rse_plan.scheduling.windows import solve_windows
from rse_plan.scheduling.wishes import Unmet, unmet

__all__ = [
    "FOREVER",
    "Absence",
    "Activity",
    "Calendar",
    "CycleError",
    "Link",
    "Objective",
    "Problem",
    "Progress",
    "Reason",
    "Resource",
    "Schedule",
    "SchedulingError",
    "SolverMissingError",
    "Unmet",
    "UnschedulableError",
    "bound",
    "critical",
    "critical_mass",
    "generate",
    "improve",
    "makespan",
    "objective",
    "reach",
    "reasons",
    "simulate",
    "slack",
    "solve_windows",
    "staffed",
    "unmet",
    "unwatched",
]
