"""Better plans by solving windows of some groups exactly while the others stay."""

from random import Random

from rse_plan.scheduling.exact import Window
from rse_plan.scheduling.generation import improved_by_justification
from rse_plan.scheduling.model import Problem, Progress, Schedule, unwatched
from rse_plan.scheduling.network import Network, network
from rse_plan.scheduling.objective import Objective

_WHOLE, _WHOLE_FOR_END, _WHOLE_SHARE = 80, 600, 0.5
# Windows of four groups are proven nearly always, and most gains are there; larger ones come when
# these find nothing more.
_SIZES = (4, 6, 8, 10, 12)
_ALONE = 5
_EACH, _LEAST = 1.5, 0.02
_FIRST_SHARE = 0.7
_LONGER = 1.1


def solve_windows(
    problem: Problem,
    schedule: Schedule,
    objective: Objective,
    seed: int,
    effort: float,
    progress: Progress = unwatched,
) -> Schedule:
    """Free some groups that start close together, solve them exactly, keep what is better; again.

    Small problems are solved whole, larger ones too when their end counts most. `effort` is
    deterministic time in all, about seconds. The plan returned is the one given unless another has
    a better rank: fewer days of missed wishes, then the objective. Raise SolverMissingError when
    OR-Tools is not installed.
    """
    search = _Search(
        network(problem), schedule, objective, seed, lambda spent: progress(spent / effort)
    )
    free = len(problem.activities) - len(search.network.fixed)
    small = _WHOLE_FOR_END if objective.names[0] == "end" else _WHOLE
    if free <= small and search.solve_whole(effort * _WHOLE_SHARE):
        return search.best
    places = len(objective.names)
    for place in range(places):
        share = _FIRST_SHARE + (1 - _FIRST_SHARE) * place / max(places - 1, 1)
        search.solve_windows(place, effort * share)
    return improved_by_justification(search.network, search.best, objective)


class _Search:
    """The best plan so far, and the effort that was spent on it."""

    def __init__(
        self,
        network: Network,
        schedule: Schedule,
        objective: Objective,
        seed: int,
        progress: Progress,
    ) -> None:
        self.network, self.problem, self.progress = network, network.problem, progress
        self.objective, self.seed = objective, seed
        self.random = Random(seed)  # noqa: S311 - a search, not a secret
        self.best, self.rank = schedule, objective.rank(self.problem, schedule)
        self.spent = 0.0
        self.blocks: dict[tuple[bool, int], list[int]] = {}
        for index, activity in enumerate(self.problem.activities):
            if index not in network.fixed:
                alone = activity.group is None
                block = (alone, index if activity.group is None else activity.group)
                self.blocks.setdefault(block, []).append(index)
        grouped = any(not alone for alone, _ in self.blocks)
        self.per_group = 1 if grouped else _ALONE

    def solve_whole(self, effort: float) -> bool:
        """Solve everything for each figure in turn; tell whether the plan is proven to be best."""
        free = {index for block in self.blocks.values() for index in block}
        places = range(len(self.objective.names))
        return all(self._solve(free, place, effort - self.spent)[1] for place in places)

    def solve_windows(self, place: int, effort: float) -> None:
        """Improve one figure of the objective, without making those before it worse."""
        for size in _SIZES:
            while self.spent < effort and self._sweep(place, size * self.per_group, effort):
                pass

    def _sweep(self, place: int, size: int, effort: float) -> bool:
        """Solve windows from the first starts to the last ones; tell whether any got better."""
        improved = False
        order = self._order()
        step = max(size // 2, 1)
        for at in range(-self.random.randrange(step), len(order), step):
            if self.spent >= effort:
                break
            window = order[max(at, 0) : at + size]
            free = {index for block in window for index in self.blocks[block]}
            improved |= self._solve(free, place, min(_EACH, effort - self.spent))[0]
        return improved

    def _order(self) -> list[tuple[bool, int]]:
        """List groups, and activities of the programme, by the start of what weighs most."""
        activities = self.problem.activities

        def opening(block: tuple[bool, int]) -> tuple[float, int]:
            leading = max(self.blocks[block], key=lambda a: (activities[a].weight, -a))
            return self.best.starts[leading], leading

        return sorted(self.blocks, key=opening)

    def _solve(self, free: set[int], place: int, effort: float) -> tuple[bool, bool]:
        """Solve a window; tell whether the plan got better, and whether nothing better exists."""
        until = max(self.best.ends)
        if "end" not in self.objective.names[: place + 1]:
            until = round(until * _LONGER)
        window = Window(self.network, self.best, free, until)
        solution = window.solve(self.objective.names[: place + 1], max(effort, _LEAST), self.seed)
        self.spent += max(solution.effort, _LEAST)
        self.progress(self.spent)
        rank = self.objective.rank(self.problem, solution.schedule)
        better = rank < self.rank
        if better:
            self.best, self.rank = solution.schedule, rank
        return better, solution.proven
