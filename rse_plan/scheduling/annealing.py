"""Better orders by simulated annealing, with a budget of evaluations instead of seconds."""

from math import exp, inf
from random import Random
from typing import Any

from rse_plan.scheduling.generation import improved_by_justification
from rse_plan.scheduling.justification import justified
from rse_plan.scheduling.model import Problem, Progress, Schedule, UnschedulableError, unwatched
from rse_plan.scheduling.network import Network, network
from rse_plan.scheduling.objective import Objective
from rse_plan.scheduling.orders import group_orders, group_sequence, groups, sequence_by_starts
from rse_plan.scheduling.serial import generate_serially

_HOTTEST, _COLDEST = 0.0002, 0.000002
_NEAR = 0.08
# A plan is generated, and justified to the right and back.
_COST = 3
_WISH = 100.0

# Groups, None among them for the programme that none of them waits for; or activities.
Candidate = list[Any]


def improve(
    problem: Problem,
    schedule: Schedule,
    objective: Objective,
    evaluations: int,
    seed: int,
    progress: Progress = unwatched,
) -> Schedule:
    """Anneal the order of groups, or of activities when there are no groups.

    An evaluation is one serial generation. The plan returned is the one given unless another has a
    better rank: fewer days of missed wishes, then the objective.
    """
    ready = network(problem)
    search = _GroupSearch(ready, schedule) if groups(ready) else _ActivitySearch(ready, schedule)
    random = Random(seed)  # noqa: S311 - a search, not a secret
    best, best_rank = schedule, objective.rank(problem, schedule)
    scale = max(best_rank[1], 1.0)
    order, energy = search.beginnings[0], inf
    for step in range(evaluations // _COST):
        progress(step * _COST / evaluations)
        begun = step >= len(search.beginnings)
        moved = search.moved(order, random) if begun else search.beginnings[step]
        try:
            plan = search.plan(moved)
        except UnschedulableError:
            continue
        rank = objective.rank(problem, plan)
        found = _energy(rank)
        heat = scale * _HOTTEST * (_COLDEST / _HOTTEST) ** (step * _COST / evaluations)
        if found <= energy or (begun and random.random() < exp((energy - found) / heat)):
            order, energy = moved, found
        if rank < best_rank:
            best, best_rank = plan, rank
    return improved_by_justification(ready, best, objective)


def _energy(rank: tuple[float, float]) -> float:
    """Return a rank as one number, in which wishes count much."""
    wishes, cost = rank
    return wishes * _WISH + cost


class _GroupSearch:
    """Orders of groups: one of them moves to another place, most often a near one."""

    def __init__(self, network: Network, schedule: Schedule) -> None:
        self.network = network
        first: dict[int, tuple[float, int]] = {}
        for index, activity in enumerate(network.problem.activities):
            if activity.group is not None:
                opening = (-activity.weight, schedule.starts[index])
                first[activity.group] = min(first.get(activity.group, opening), opening)
        begun = sorted(groups(network), key=lambda group: first[group][1])
        orders = (begun, *group_orders(network))
        self.beginnings = [[*order, *last] for last in ([], [None]) for order in orders]

    def moved(self, order: Candidate, random: Random) -> Candidate:
        """Return an order with one group at another place."""
        order = list(order)
        at = random.randrange(len(order))
        group = order.pop(at)
        steps = 1 + int(random.expovariate(1.0 / (1.0 + _NEAR * len(order))))
        to = at + random.choice((-steps, steps))
        order.insert(min(max(to, 0), len(order)), group)
        return order

    def plan(self, order: Candidate) -> Schedule:
        """Generate the plan of an order, justified to the right and back."""
        plan = generate_serially(self.network, group_sequence(self.network, order))
        return justified(self.network, plan)


class _ActivitySearch:
    """Sequences of activities: one moves between its predecessors and what waits for it."""

    def __init__(self, network: Network, schedule: Schedule) -> None:
        self.network = network
        self.beginnings = [sequence_by_starts(network, schedule)]

    def moved(self, order: Candidate, random: Random) -> Candidate:
        """Return a sequence with one activity at another place that respects precedence."""
        at = random.randrange(len(order))
        activity = order[at]
        places = {other: place for place, other in enumerate(order)}
        low = max((places[e.activity] + 1 for e in self.network.before[activity]), default=0)
        high = min((places[e.activity] for e in self.network.after[activity]), default=len(order))
        order = order[:at] + order[at + 1 :]
        order.insert(random.randrange(low, high), activity)
        return order

    def plan(self, order: Candidate) -> Schedule:
        """Generate the plan of a sequence, justified to the right and back."""
        return justified(self.network, generate_serially(self.network, order))
