"""What becomes of a plan when work takes longer, or shorter, than thought."""

from random import Random

from rse_plan.scheduling.model import Problem, Schedule
from rse_plan.scheduling.network import Network, network
from rse_plan.scheduling.orders import sequence_by_starts
from rse_plan.scheduling.serial import generate_serially


def simulate(  # noqa: PLR0913, PLR0917 - a triangular law has three parameters
    problem: Problem,
    schedule: Schedule,
    runs: int,
    seed: int,
    least: float,
    likely: float,
    most: float,
    *,
    today: int = 0,
) -> list[Schedule]:
    """Plan again `runs` times with durations multiplied by triangular draws.

    Activities keep the priority that their starts in the schedule give them. Those that have an
    actual end, or are fixed and ended by `today`, are finished and keep their durations. Others
    last whole days, the nearest number and at least one, milestones excepted.
    """
    ready = network(problem)
    sequence = sequence_by_starts(ready, schedule)
    finished = {
        index
        for index, (_, end) in ready.fixed.items()
        if problem.activities[index].fixed_end is not None or end <= today
    }
    random = Random(seed)  # noqa: S311 - a simulation, not a secret
    plans = []
    for _ in range(runs):
        # What is finished has a draw as well, so that finishing changes no other one.
        factors = [random.triangular(least, most, likely) for _ in ready.durations]
        durations = _multiplied(ready, factors, finished)
        plans.append(generate_serially(ready.lasting(durations), sequence))
    return plans


def _multiplied(network: Network, factors: list[float], finished: set[int]) -> list[int]:
    """Return the durations times their factors, in whole days."""
    return [
        duration if not duration or index in finished else max(1, int(duration * factor + 0.5))
        for index, (duration, factor) in enumerate(zip(network.durations, factors, strict=True))
    ]
