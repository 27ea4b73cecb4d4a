"""A plan without any solver: serial generation in several orders, the best of which is kept."""

from collections.abc import Iterable, Iterator, Sequence

from rse_plan.scheduling.justification import justified
from rse_plan.scheduling.model import Problem, Schedule
from rse_plan.scheduling.network import Network, network
from rse_plan.scheduling.objective import Objective
from rse_plan.scheduling.orders import (
    group_orders,
    group_sequence,
    groups,
    rule_sequences,
)
from rse_plan.scheduling.serial import generate_serially

# The plans that are justified at most, and their activities in all: it takes several times as long
# as placing them, so none of a large problem are.
_BEST, _JUSTIFIED = 3, 2400
_PATIENCE = 1


def generate(
    problem: Problem, objective: Objective, orders: Iterable[Sequence[int]] | None = None
) -> Schedule:
    """Plan by serial generation and keep the best plan of several orders.

    `orders` are orders of groups to try besides those by weight and by weight for work. Missed
    wishes count before the objective. Raise CycleError or UnschedulableError when there is no plan.
    """
    ready = network(problem)

    def rank(plan: Schedule) -> tuple[float, float]:
        return objective.rank(problem, plan)

    plans = [generate_serially(ready, sequence) for sequence in _sequences(ready, orders or ())]
    plans.sort(key=rank)
    first = plans[: min(_BEST, _JUSTIFIED // max(len(problem.activities), 1))]
    better = [improved_by_justification(ready, plan, objective) for plan in first]
    return min([*better, plans[0]], key=rank)


def improved_by_justification(
    network: Network, schedule: Schedule, objective: Objective
) -> Schedule:
    """Justify a schedule to the right and back, as long as that makes it better now and then."""
    best, best_rank = schedule, objective.rank(network.problem, schedule)
    left = _PATIENCE
    while left >= 0:
        schedule = justified(network, schedule)
        rank = objective.rank(network.problem, schedule)
        left -= 1
        if rank < best_rank:
            best, best_rank, left = schedule, rank, _PATIENCE
    return best


def _sequences(network: Network, orders: Iterable[Sequence[int]]) -> Iterator[list[int]]:
    if not groups(network):
        yield from rule_sequences(network)
        return
    known = set()
    is_large = len(network.problem.activities) > _JUSTIFIED
    for order in (*orders, *group_orders(network)):
        for places in (order,) if is_large else (order, (*order, None)):
            sequence = group_sequence(network, places)
            if tuple(sequence) not in known:
                known.add(tuple(sequence))
                yield sequence
