"""Facts and the ranges they have to lie in, with room for figures that were rounded or cut."""

from typing import Any

from rse_plan.organisation import Fact

# A month, and a percentage point on either side.
ROUNDED_MONTHS = 1.0
ROUNDED_SHARES = 0.02


def apart(fact: Fact[Any], low: float, high: float, slack: float = 0) -> tuple[float, float] | None:
    """Return the nearest ends of a fact and of a range; None when the two may meet."""
    if fact.low is not None and fact.low > high + slack:
        return fact.low, high
    if fact.high is not None and fact.high < low - slack:
        return fact.high, low
    return None
