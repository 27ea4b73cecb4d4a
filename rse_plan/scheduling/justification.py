"""Move activities as late, then as early as they fit: forward-backward improvement, and slack.

See Tormos and Lova (2001) and Valls et al. (2005), Justification and RCPSP. Activities are moved
from the last end to the first, so that those moved already never stand in the way of where the
next one was: nothing ever has to move to the left.
"""

from rse_plan.scheduling.model import Problem, Schedule
from rse_plan.scheduling.network import Network, network
from rse_plan.scheduling.orders import sequence_by_starts
from rse_plan.scheduling.serial import generate_serially

_ROUNDS = 20


def slack(problem: Problem, schedule: Schedule) -> tuple[int, ...]:
    """Return by how many days each activity can start later without moving the schedule's end.

    The others may have to move later too. 0 is critical, or fixed.
    """
    late = justified_right(network(problem), schedule)
    return tuple(b - a for a, b in zip(schedule.starts, late.starts, strict=True))


def justified(network: Network, schedule: Schedule) -> Schedule:
    """Move everything as late, then as early as it fits, which often ends sooner."""
    late = justified_right(network, schedule)
    return generate_serially(network, sequence_by_starts(network, late))


def justified_right(network: Network, schedule: Schedule) -> Schedule:
    """Move each activity as late as it fits before the schedule's end, the last ones first.

    Whatever the schedule keeps to is kept, maximal lags included: where a predecessor could not
    follow, the activity behind it is held back and everything is moved again.
    """
    ceilings: dict[int, int] = {}
    bounded = [
        (a, edge.activity, edge.within)
        for a, edges in enumerate(network.before)
        for edge in edges
        if edge.within is not None
        and schedule.starts[a] <= schedule.ends[edge.activity] + edge.within
    ]
    rounds = 0
    while True:
        late = _moved_right(network, schedule, ceilings)
        broken = [
            (a, late.ends[before] + within)
            for a, before, within in bounded
            if late.starts[a] > late.ends[before] + within
        ]
        if not broken:
            return late
        for a, latest in broken:
            # Each later round holds one more for good: where it was, it is never too late.
            held = latest if rounds < _ROUNDS else schedule.starts[a]
            ceilings[a] = min(held, ceilings.get(a, held))
        rounds += 1


def _moved_right(network: Network, schedule: Schedule, ceilings: dict[int, int]) -> Schedule:
    starts, ends = list(schedule.starts), list(schedule.ends)
    end_of_all = max(ends, default=0)
    loads = network.taken.copy()
    places = {activity: place for place, activity in enumerate(network.order)}
    for a in sorted(range(len(starts)), key=lambda a: (ends[a], places[a]), reverse=True):
        if a in network.fixed:
            continue
        limit = min(
            (starts[edge.activity] - edge.lag for edge in network.after[a]), default=end_of_all
        )
        demands = network.demands[a]
        span = network.worked[a].last_fit(
            network.durations[a],
            ceilings.get(a, end_of_all),
            min(limit, end_of_all),
            loads.blocked(demands),
        )
        if span is not None and span[0] > starts[a]:
            starts[a], ends[a] = span
        loads.take(demands, starts[a], ends[a])
    return Schedule(tuple(starts), tuple(ends))
