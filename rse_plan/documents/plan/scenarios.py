"""Scenarios in words: a row for each figure, a column for each scenario."""

from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from rse_plan.documents.plan.record import ambassadors, missed
from rse_plan.documents.plan.selection import bottleneck
from rse_plan.documents.plan.wording import PlanWording
from rse_plan.language import Language
from rse_plan.plan.report import Scenarios

_FIGURES = ("reach", "critical-mass", "end")
_ROWS = (
    "reach", "gain_reach", "critical-mass", "end", "gain_end", "p80", "ambassadors", "missed",
    "bottleneck",
)  # fmt: skip


class ScenarioWording:
    """Say in one language what scenarios come to, beside the first of them."""

    def __init__(self, scenarios: Scenarios, language: Language) -> None:
        """Speak of some scenarios."""
        self.say = language
        self.scenarios = scenarios
        self.base = next(iter(scenarios.made))

    @property
    def organisation(self) -> str:
        """The name of the organisation."""
        return self.scenarios.made[self.base].plan.organisation

    def head(self, name: str) -> str:
        """Return the letter of a scenario; the first changes nothing."""
        if name == self.base:
            return self.say("plan_view.scenarios.as_is")
        return _letter([*self.scenarios.made].index(name))

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The letter of each scenario, and what it changes."""
        return [(self.head(name), name) for name in self.scenarios.made if name != self.base]

    def rows(self, names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
        """Write every figure of some scenarios, then when each gate is passed."""
        columns = [self._figures(name) for name in names]
        words = [PlanWording(self.scenarios.made[name], self.say) for name in names]
        for row in _ROWS:
            if row in _FIGURES:
                title = words[0].figure(row)
            else:
                title = self.say(f"plan_view.scenarios.{row}")
            yield title, [column[row] for column in columns]
        for name in dict.fromkeys(gate for one in words for gate in one.gates):
            title = next(one.gates[name].name for one in words if name in one.gates)
            days = [one.gates[name].date if name in one.gates else None for one in words]
            yield (
                self.say("plan_view.gate", name=title),
                [one.day(day) for one, day in zip(words, days, strict=True)],
            )

    def _figures(self, name: str) -> dict[str, str]:
        made = self.scenarios.made[name]
        words = PlanWording(made, self.say)
        found, first = self.scenarios.figures[name], self.scenarios.figures[self.base]
        late = len(missed(made.plan))
        most = bottleneck(self.scenarios.staffing[name])
        nobody = self.say("plan_view.scenarios.no_bottleneck")
        is_first = name == self.base
        return {
            "reach": words.day(found.reach),
            "critical-mass": words.day(found.critical_mass),
            "end": words.day(found.end),
            "gain_reach": "" if is_first else words.shift((first.reach - found.reach).days),
            "gain_end": "" if is_first else words.shift((first.end - found.end).days),
            "p80": words.day(made.plan.forecast.p80 if made.plan.forecast else None),
            "ambassadors": words.number(ambassadors(made.plan)),
            "missed": f"{self.say.number(late)} / {self.say.number(len(made.plan.wishes))}",
            "bottleneck": words.role(most.role) if most else nobody,
        }


def _letter(number: int) -> str:
    """Count from 1 in letters: A to Z, then AA."""
    rest, last = divmod(number - 1, len(ascii_uppercase))
    return (_letter(rest) if rest else "") + ascii_uppercase[last]
