"""Which activity comes first: orders of groups, priority rules, and the sequences they give.

A sequence lists every activity after its predecessors. A group that is placed draws in what it
waits for in other groups, and activities of the programme come as soon as they can.
"""

from collections.abc import Callable, Iterator, Sequence
from math import inf

from rse_plan.scheduling.model import Schedule
from rse_plan.scheduling.network import Network

Order = tuple[int, ...]


def groups(network: Network) -> Order:
    """List the groups as they come in the problem."""
    found = (activity.group for activity in network.problem.activities)
    return tuple(dict.fromkeys(group for group in found if group is not None))


def group_orders(network: Network) -> Iterator[Order]:
    """Order the groups by weight; for work before the weight counts; and for all their work."""
    listed = groups(network)
    activities = network.problem.activities
    weight: dict[int | None, float] = dict.fromkeys(listed, 0.0)
    before: dict[int | None, float] = dict.fromkeys(listed, 0.0)
    total: dict[int | None, float] = dict.fromkeys(listed, 0.0)
    leading = _leading(network)
    for index, activity in enumerate(activities):
        if activity.group is not None and activity.fixed is None:
            work = _work(network, index)
            weight[activity.group] += activity.weight
            total[activity.group] += work
            before[activity.group] += work if leading[index] else 0.0
    yield _by(listed, lambda group: weight[group])
    yield _by(listed, lambda group: weight[group] / (before[group] or 1.0))
    yield _by(listed, lambda group: weight[group] / (total[group] or 1.0))


def group_sequence(network: Network, order: Sequence[int | None]) -> list[int]:
    """List the activities group by group; groups that `order` leaves out come last, as listed.

    None in the order is the part of the programme that no group waits for. Otherwise that comes as
    early as the rest of the programme.
    """
    listed: dict[int | None, None] = dict.fromkeys((*order, *groups(network)))
    ranks = {group: rank for rank, group in enumerate(listed)}
    urgency = [
        inf if activity.group is None else ranks[activity.group]
        for activity in network.problem.activities
    ]
    _draw_in(network, urgency)
    for index in network.order:
        for before, _, within in network.before[index]:
            if within is not None:
                # What has to follow soon is placed while there is still room behind.
                urgency[index] = min(urgency[index], urgency[before])
    _draw_in(network, urgency)
    tails = tail_lengths(network)
    keys = []
    for index, activity in enumerate(network.problem.activities):
        if network.bounded[index]:
            keys.append((-1.0, urgency[index], 0))
        elif activity.group is not None:
            keys.append((1.0, urgency[index], 0))
        elif None in ranks and urgency[index] == inf:
            keys.append((1.0, ranks[None], -tails[index]))
        else:
            keys.append((0.0, 0.0, -tails[index]))
    return network.sequence(keys)


def rule_sequences(network: Network) -> Iterator[list[int]]:
    """Order single activities by the rules that do best on standard instances.

    Latest start, latest finish, most total successors and greatest rank positional weight; see
    Kolisch (1996), Journal of Operations Management 14:179.
    """
    durations, tails = network.durations, tail_lengths(network)
    yield network.sequence([-tail for tail in tails])
    yield network.sequence([d - tail for d, tail in zip(durations, tails, strict=True)])
    followers = _followers(network)
    yield network.sequence([-len(found) for found in followers])
    after = [[edge.activity for edge in edges] for edges in network.after]
    yield network.sequence(
        [-d - sum(durations[a] for a in after[i]) for i, d in enumerate(durations)]
    )


def sequence_by_starts(network: Network, schedule: Schedule) -> list[int]:
    """List the activities by their starts in a schedule."""
    places = {activity: place for place, activity in enumerate(network.order)}
    return network.sequence([(start, places[a]) for a, start in enumerate(schedule.starts)])


def tail_lengths(network: Network) -> list[int]:
    """Return the least days from the start of each activity to the end, without closed days.

    What is fixed starts when it starts, so nothing has to end before it.
    """
    tails = [0] * len(network.durations)
    for index in reversed(network.order):
        waiting = (edge for edge in network.after[index] if edge.activity not in network.fixed)
        rest = max((edge.lag + tails[edge.activity] for edge in waiting), default=0)
        tails[index] = network.durations[index] + max(rest, 0)
    return tails


def _by(listed: Order, worth: Callable[[int], float]) -> Order:
    return tuple(sorted(listed, key=lambda group: -worth(group)))


def _work(network: Network, index: int) -> float:
    """Return the days of an activity times the share it takes of its resources."""
    problem = network.problem
    shares = (
        units / max(problem.resources[resource].units, 1)
        for resource, units in problem.activities[index].demands
    )
    return network.durations[index] * sum(shares)


def _leading(network: Network) -> list[bool]:
    """Tell of each activity whether a weight of its own group waits for it."""
    activities = network.problem.activities
    leading = [activity.weight > 0 for activity in activities]
    for index in reversed(network.order):
        for edge in network.after[index]:
            if activities[edge.activity].group == activities[index].group:
                leading[index] = leading[index] or leading[edge.activity]
    return leading


def _draw_in(network: Network, urgency: list[float]) -> None:
    """Make each activity as urgent as the most urgent one that waits for it."""
    for index in reversed(network.order):
        for edge in network.after[index]:
            urgency[index] = min(urgency[index], urgency[edge.activity])


def _followers(network: Network) -> list[set[int]]:
    """Return everything that waits for each activity, directly or not."""
    followers: list[set[int]] = [set() for _ in network.durations]
    for index in reversed(network.order):
        for edge in network.after[index]:
            followers[index] |= {edge.activity} | followers[edge.activity]
    return followers
