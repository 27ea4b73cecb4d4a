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


def generate(
    problem: Problem, objective: Objective, orders: Iterable[Sequence[int]] | None = None
) -> Schedule:
    """Plan by serial generation and keep the best plan of several orders.

    `orders` are orders of groups to try besides those by weight and by weight for work. Missed
    wishes count before the objective. Raise CycleError or UnschedulableError when there is no plan.
    """
    ready = network(problem)
    plans = (generate_serially(ready, sequence) for sequence in _sequences(ready, orders or ()))
    if not groups(ready):
        plans = (improved_by_justification(ready, plan, objective) for plan in plans)
    best = min(plans, key=lambda plan: objective.rank(problem, plan))
    return improved_by_justification(ready, best, objective)


def improved_by_justification(
    network: Network, schedule: Schedule, objective: Objective
) -> Schedule:
    """Justify a schedule to the right and back while that makes it better."""
    best, best_rank = schedule, objective.rank(network.problem, schedule)
    while True:
        plan = justified(network, best)
        rank = objective.rank(network.problem, plan)
        if rank >= best_rank:
            return best
        best, best_rank = plan, rank


def _sequences(network: Network, orders: Iterable[Sequence[int]]) -> Iterator[list[int]]:
    if not groups(network):
        yield from rule_sequences(network)
        return
    known = set()
    for order in (*orders, *group_orders(network)):
        for places in (order, (*order, None)):
            sequence = group_sequence(network, places)
            if tuple(sequence) not in known:
                known.add(tuple(sequence))
                yield sequence
