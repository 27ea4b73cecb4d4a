"""Circles among things that wait for one another."""

from collections.abc import Iterator, Mapping, Sequence


def circles(waits: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Find circles, each name waiting for the one behind it and the last for the first.

    Every name that is waited for has to be among those that wait.
    """
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
