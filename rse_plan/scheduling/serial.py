"""Serial schedule generation: place activities one by one, each as early as it fits.

See Kolisch and Hartmann (1999), Heuristic algorithms for the resource-constrained project
scheduling problem. Added here: calendars, and maximal lags, for which an activity that is placed
already may be taken out again and placed later.
"""

from collections.abc import Sequence

from rse_plan.scheduling.model import Schedule, UnschedulableError
from rse_plan.scheduling.network import Edge, Network

_MENDINGS = 32
_NOWHERE = -1


def generate_serially(network: Network, sequence: Sequence[int]) -> Schedule:
    """Place the activities of a sequence that has predecessors first, each as early as it fits.

    A maximal lag that cannot be kept, after trying later and later predecessors, is left broken.
    What finds no room before people leave for good is placed first. Raise UnschedulableError when
    there is no room for it even then.
    """
    first: list[int] = []
    while True:
        try:
            return _placed(network, sequence)
        except UnschedulableError as lacking:
            if lacking.activity in first:
                raise
            first.append(lacking.activity)
            sequence = _with_first(network, sequence, first)


def _placed(network: Network, sequence: Sequence[int]) -> Schedule:
    placing = _Placing(network)
    at = 0
    while at < len(sequence):
        activity = sequence[at]
        at += 1
        if not placing.placed[activity]:
            placing.place(activity)
            if network.bounded[activity] and placing.mend(activity):
                sequence = _with_early(network, sequence, at - 1)
                left = (i for i, other in enumerate(sequence) if not placing.placed[other])
                at = next(left, len(sequence))
    return Schedule(tuple(placing.starts), tuple(placing.ends))


def _with_early(network: Network, sequence: Sequence[int], at: int) -> Sequence[int]:
    """Put an activity right behind the last of its predecessors, before others take its place."""
    before = {edge.activity for edge in network.before[sequence[at]]}
    last = next(place for place in range(at - 1, -1, -1) if sequence[place] in before)
    if last == at - 1:
        return sequence
    return [*sequence[: last + 1], sequence[at], *sequence[last + 1 : at], *sequence[at + 1 :]]


def _with_first(network: Network, sequence: Sequence[int], first: Sequence[int]) -> list[int]:
    """Put some activities, and all that they wait for, before the others."""
    needed = set(first)
    for activity in reversed(network.order):
        if any(edge.activity in needed for edge in network.after[activity]):
            needed.add(activity)
    return sorted(sequence, key=lambda activity: activity not in needed)


class _Placing:
    """A plan that grows, and the floors under the activities that had to be placed again."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.loads = network.taken.copy()
        self.earliest = [max(a.not_before, 0) for a in network.problem.activities]
        self.starts = [_NOWHERE] * len(self.earliest)
        self.ends = [_NOWHERE] * len(self.earliest)
        self.placed = [False] * len(self.earliest)
        for activity, (start, end) in network.fixed.items():
            self.starts[activity], self.ends[activity] = start, end
            self.placed[activity] = True
        self.mendings: dict[int, int] = {}
        self.saved: dict[int, _Saved] = {}

    def place(self, activity: int) -> None:
        """Place an activity as early as its predecessors, its calendar and its resources allow."""
        network, ends = self.network, self.ends
        earliest = self.earliest[activity]
        for before, lag, _ in network.before[activity]:
            day = ends[before] + lag
            if day > earliest:  # noqa: PLR1730 - max() would take a tenth of generation
                earliest = day
        demands = network.demands[activity]
        span = network.worked[activity].first_fit(
            network.durations[activity], earliest, self.loads.blocked(demands)
        )
        if span is None:
            scarce = next(r for r, k in demands if self.loads.blocked(((r, k),)) < 0)
            raise UnschedulableError(network.problem, activity, scarce)
        self.starts[activity], ends[activity] = span
        self.placed[activity] = True
        self.loads.take(demands, *span)

    def mend(self, activity: int) -> bool:
        """Take out a predecessor that ended too long ago, to be placed later.

        When that was tried too often, put everything back as it was. Tell whether anything was
        taken out or put back.
        """
        broken = self._broken(activity)
        tried = self.mendings.get(activity, 0)
        if broken is None or tried > _MENDINGS:
            self.saved.pop(activity, None)
            return False
        if activity not in self.saved:
            self.saved[activity] = _Saved(self)
        self.mendings[activity] = tried + 1
        if tried == _MENDINGS:
            self.saved.pop(activity).restore(self)
            return True
        end = self.starts[activity] - (broken.within or 0)
        if tried == _MENDINGS - 1:
            end = max(self.ends) + 1
        before = broken.activity
        worked, duration = self.network.worked[before], self.network.durations[before]
        self._take_out(before)
        self.earliest[before] = worked.start_ending_from(end, duration)
        return True

    def _broken(self, activity: int) -> Edge | None:
        """Return a movable predecessor that ended too long before an activity."""
        start = self.starts[activity]
        for edge in self.network.before[activity]:
            late = edge.within is not None and start > self.ends[edge.activity] + edge.within
            if late and edge.activity not in self.network.fixed:
                return edge
        return None

    def _take_out(self, activity: int) -> None:
        """Take out an activity and those that were placed after it because of it."""
        leaving = [activity]
        while leaving:
            out = leaving.pop()
            if self.placed[out] and out not in self.network.fixed:
                self.placed[out] = False
                self.loads.give_back(self.network.demands[out], self.starts[out], self.ends[out])
                leaving.extend(edge.activity for edge in self.network.after[out])


class _Saved:
    """What a plan was like at some time."""

    def __init__(self, placing: _Placing) -> None:
        self.loads = placing.loads.copy()
        self.earliest = list(placing.earliest)
        self.spans = (list(placing.starts), list(placing.ends))
        self.placed = list(placing.placed)

    def restore(self, placing: _Placing) -> None:
        """Put everything back."""
        placing.loads, placing.earliest, placing.placed = self.loads, self.earliest, self.placed
        placing.starts, placing.ends = self.spans
