"""Circles among things that wait for one another."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence


def circles(waits: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Find circles, each name waiting for the one behind it and the last for the first.

    One wait too many may close many circles: of those that share a wait, a short one is told. Every
    name that is waited for has to be among those that wait.
    """
    told = set[tuple[str, str]]()
    for circle in _all_circles(waits):
        if told.isdisjoint(_waits(circle)):
            shortest = _shortest(circle, waits)
            told |= {*_waits(shortest)}
            yield shortest


def _waits(circle: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Go through what waits for what in a circle."""
    return zip(circle, (*circle[1:], circle[0]), strict=True)


def _shortest(circle: Sequence[str], waits: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Find the shortest circle in which the last of a circle waits for its first."""
    first, last = circle[0], circle[-1]
    after = {first: first}
    next_ones = deque([first])
    while last not in after:
        name = next_ones.popleft()
        for before in waits[name]:
            if before not in after:
                after[before] = name
                next_ones.append(before)
    found = [last]
    while found[-1] != first:
        found.append(after[found[-1]])
    return tuple(reversed(found))


def _all_circles(waits: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Find a circle for each wait that closes one, as a walk from name to name comes to it."""
    left = {name: iter(after) for name, after in waits.items()}
    for root in waits:
        path = dict.fromkeys([root] if root in left else [])
        while path:
            name = next(reversed(path))
            before = next(left[name], None)
            if before is None:
                del path[name], left[name]
            elif before in path:
                names = tuple(path)
                yield names[names.index(before) :]
            elif before in left:
                path[before] = None
