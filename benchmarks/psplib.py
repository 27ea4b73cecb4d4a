"""Measure how good plans are on instances of PSPLIB, whose least makespans can be proven.

Run it with ``python benchmarks/psplib.py [folder]``; without a folder it takes the instances of the
tests. Files are in the standard format, ``.sm``. It prints the makespan by generation, by annealing
and by the solver (which needs OR-Tools), a proven lower bound, and the CPU time of each.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rse_plan.scheduling import (
    Activity,
    Link,
    Problem,
    Resource,
    bound,
    generate,
    improve,
    makespan,
    objective,
    solve_windows,
)

INSTANCES = Path(__file__).parents[1] / "tests" / "psplib"
END = objective(("end",))
EVALUATIONS = 1500
EFFORT = 30.0
SEED = 1


def main() -> None:
    """Print one line for each instance, and the mean gaps to the bound."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else INSTANCES
    print(f"{'instance':12}{'generated':>16}{'annealed':>16}{'solved':>16}{'bound':>8}{'gap':>8}")
    gaps: list[list[float]] = []
    for path in sorted(folder.glob("*.sm")):
        problem = read(path.read_text(encoding="ascii"))
        least = bound(problem, "end")
        plans = list(timed_plans(problem))
        gaps.append([end / least - 1 for end, _ in plans])
        shown = "".join(f"{end:7d} ({taken:5.2f} s)" for end, taken in plans)
        print(f"{path.stem:12}{shown}{least:8.0f}{gaps[-1][-1]:8.1%}")
    if gaps:
        means = [sum(column) / len(gaps) for column in zip(*gaps, strict=True)]
        print(f"{'mean gap':12}" + "".join(f"{mean:16.2%}" for mean in means))


def timed_plans(problem: Problem) -> Iterator[tuple[int, float]]:
    """Yield the makespan of each better plan, and the CPU seconds that were taken for it."""
    start = time.process_time()
    plan = generate(problem, END)
    yield makespan(problem, plan), time.process_time() - start
    start = time.process_time()
    plan = improve(problem, plan, END, EVALUATIONS, SEED)
    yield makespan(problem, plan), time.process_time() - start
    start = time.process_time()
    plan = solve_windows(problem, plan, END, SEED, EFFORT)
    yield makespan(problem, plan), time.process_time() - start


def read(text: str) -> Problem:
    """Read an instance with one mode in the format of PSPLIB."""
    successors = _rows(text, "PRECEDENCE RELATIONS:", 1)
    requests = _rows(text, "REQUESTS/DURATIONS:", 2)
    (units,) = _rows(text, "RESOURCEAVAILABILITIES:", 1)
    before: dict[int, list[Link]] = {row[0]: [] for row in successors}
    for job, _, _, *following in successors:
        for after in following:
            before[after].append(Link(job - 1))
    activities = tuple(
        Activity(
            str(job),
            duration,
            demands=tuple((resource, held) for resource, held in enumerate(demands) if held),
            links=tuple(before[job]),
        )
        for job, _, duration, *demands in requests
    )
    return Problem(activities, tuple(Resource(f"R{r + 1}", held) for r, held in enumerate(units)))


def _rows(text: str, title: str, headings: int) -> list[list[int]]:
    """Return the numbers under a title, line by line, up to the next row of stars."""
    lines = text.partition(title)[2].splitlines()[1 + headings :]
    rows = []
    for line in lines:
        if line.startswith("*"):
            break
        rows.append([int(number) for number in line.split()])
    return rows


if __name__ == "__main__":
    main()
