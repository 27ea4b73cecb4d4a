"""Why each activity does not start a day earlier, and the chain that leads to the end."""

from dataclasses import dataclass
from typing import Literal

from rse_plan.scheduling.calendars import span_days
from rse_plan.scheduling.model import Problem, Schedule
from rse_plan.scheduling.network import Network, network

Kind = Literal["fixed", "not-before", "predecessor", "resource", "calendar", "within", "choice"]


@dataclass(frozen=True)
class Reason:
    """What keeps an activity from starting a day earlier.

    - fixed: its start is given.
    - not-before: it may not.
    - predecessor: `activities` holds the one it waits for.
    - resource: too few units of `resource` are left on `days`, held by `activities` (none when
      they are absent).
    - calendar: `days` before the start are closed; `activities` (and `resource`) are what it waited
      for until then, if anything.
    - within: the follow-up in `activities` could not start in time.
    - choice: nothing does.
    """

    kind: Kind
    activities: tuple[int, ...] = ()
    resource: int | None = None
    days: tuple[int, int] | None = None


def reasons(problem: Problem, schedule: Schedule) -> tuple[Reason, ...]:
    """Return for each activity what keeps it where it is.

    A day earlier is the working day before; where closed days lie between what held it until then
    and its start, these are the reason.
    """
    explained = _Explained(network(problem), schedule)
    return tuple(explained.reason(index) for index in range(len(schedule.starts)))


def critical(problem: Problem, schedule: Schedule, last: int | None = None) -> tuple[int, ...]:
    """Return a chain of activities in order, each waiting for the one before it, up to the `last`.

    Followed backwards, from an activity that ends last unless told, through predecessors and
    through the holders of what it needed, until something else explains a start.
    """
    if not schedule.ends:
        return ()
    explained = _Explained(network(problem), schedule)
    activity = last
    if activity is None:
        activity = max(range(len(schedule.ends)), key=lambda a: (schedule.ends[a], -a))
    chain: list[int] = []
    while activity is not None and activity not in chain:
        chain.append(activity)
        activity = explained.waited_for(activity)
    return tuple(reversed(chain))


class _Explained:
    """A schedule with what is taken on each day."""

    def __init__(self, network: Network, schedule: Schedule) -> None:
        self.network = network
        self.starts, self.ends = schedule.starts, schedule.ends
        self.loads = network.taken.copy()
        self.holders: list[dict[int, list[int]]] = [{} for _ in network.problem.resources]
        for index, (start, end) in enumerate(zip(self.starts, self.ends, strict=True)):
            demands = network.demands[index]
            if index not in network.fixed:
                self.loads.take(demands, start, end)
            for resource, _ in demands:
                for day in range(start, end):
                    self.holders[resource].setdefault(day, []).append(index)

    def reason(self, index: int) -> Reason:
        """Return what keeps an activity from starting on the working day before."""
        if index in self.network.fixed:
            return Reason("fixed")
        before = self.network.worked[index].previous(self.starts[index])
        return (
            self._waiting(index, -1 if before is None else before)
            or self._lacking(index, before or 0)
            or self._held_back(index, before or 0)
            or Reason("choice")
        )

    def waited_for(self, index: int) -> int | None:
        """Return the activity whose end would have to move for this one to start earlier."""
        reason = self.reason(index)
        if reason.kind == "within":
            follower = self.reason(reason.activities[0])
            return self._last(follower.activities, self.starts[reason.activities[0]], index)
        return self._last(reason.activities, self.starts[index], index)

    def _last(self, activities: tuple[int, ...], start: int, but: int) -> int | None:
        """Return the one of some activities that ended last before a start."""
        ended = [a for a in activities if self.ends[a] <= start and a != but]
        return max(ended, key=lambda a: (self.ends[a], -a), default=None)

    def _waiting(self, index: int, day: int) -> Reason | None:
        """Tell what has to end, or which day has to come, after the day before."""
        start, reason = self.starts[index], Reason("not-before")
        ready = max(self.network.problem.activities[index].not_before, 0)
        for before, lag, _ in self.network.before[index]:
            if day < self.ends[before] + lag >= ready:
                ready = self.ends[before] + lag
                reason = Reason("predecessor", (before,))
        if ready <= day:
            return None
        return self._closed(reason, ready, start)

    def _lacking(self, index: int, day: int) -> Reason | None:
        """Tell which resource is short when starting on the day before, and who holds it."""
        start, network = self.starts[index], self.network
        end = min(start, network.worked[index].finish(day, network.durations[index]))
        for demand in network.demands[index]:
            short = self.loads.blocked((demand,)) & span_days(day, end)
            if short:
                first = (short & -short).bit_length() - 1
                last = short.bit_length() - 1
                holders = tuple(self.holders[demand[0]].get(last, ()))
                reason = Reason("resource", holders, demand[0], (first, last + 1))
                return self._closed(reason, last + 1, start)
        return None

    def _held_back(self, index: int, day: int) -> Reason | None:
        """Tell which follow-ups would start too late after an earlier end."""
        end = self.network.worked[index].finish(day, self.network.durations[index])
        late = tuple(
            edge.activity
            for edge in self.network.after[index]
            if edge.within is not None and self.starts[edge.activity] > end + edge.within
        )
        return Reason("within", late) if late else None

    def _closed(self, reason: Reason, ready: int, start: int) -> Reason:
        """Give closed days as the reason where nothing else holds on the last days before."""
        if ready >= start:
            return reason
        return Reason("calendar", reason.activities, reason.resource, (ready, start))
