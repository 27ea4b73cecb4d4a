"""What is shown of scenarios: the plan as it is, and what each of the others gains."""

import json
import re
from dataclasses import replace

import pytest
from shown import LARGE, changes, flat, made, markdown, plain_text, rows, scenarios, seen, words

from rse_plan.documents.plan import written
from rse_plan.language import Language, languages
from rse_plan.plan.report import (
    Scenarios,
)


def test_an_update_counts_delays_and_scenarios_count_gains() -> None:
    shown, listed = seen(changes("fr"), "fr", 200), seen(scenarios("fr"), "fr", 200)
    assert "Retard" in shown
    assert "Écart  " not in shown
    assert re.search("tâches? (et|ou) jalons? plus tard, de [0-9]+ jours au plus", shown)
    assert "Gain sur la fin" in listed
    assert "+ est un gain, − une perte" in listed


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("code", languages())
def test_scenarios_have_letters_of_which_a_legend_speaks(code: str, width: int) -> None:
    one = made(LARGE, code)
    names = [f"means.team.community-manager.people={number}" for number in range(1, 28)]
    found = Scenarios(dict.fromkeys(["", *names], one))
    shown = seen(found, code, width)
    as_is = Language(code)("plan_view.scenarios.as_is")
    legend, *tables = re.split(rf"(?m)(?=^ .*{as_is})", shown)
    assert re.search(r"^A +means.team.community-manager.people=1 *$", legend, re.MULTILINE)
    assert re.search(r"^Z +means.team.community-manager.people=26 *$", legend, re.MULTILINE)
    assert re.search(r"^AA +means.team.community-manager.people=27 *$", legend, re.MULTILINE)
    heads = " ".join(table.partition("\n")[0] for table in tables)
    assert re.findall(r"\b[A-Z]{1,2}\b", heads) == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA"]
    assert "people=" not in "".join(tables)
    text = plain_text(markdown(found, code))
    assert "AA means.team.community-manager.people=27" in text


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("code", languages())
def test_scenarios_stand_side_by_side_with_the_plan_as_it_is(code: str, width: int) -> None:
    found = scenarios(code)
    say = Language(code)
    shown = seen(found, code, width)
    assert flat(shown).count(say("plan_view.scenarios.bottleneck").split()[0]) >= 1
    for figures in found.figures.values():
        assert words(code).day(figures.end) in shown
    assert say("plan_view.scenarios.as_is").split()[0] in shown
    text = plain_text(markdown(found, code))
    for name in found.made:
        assert name in text


def test_scenarios_count_the_days_that_they_gain() -> None:
    found = scenarios("en")
    said = json.loads(written(found, "json", Language("en")))
    assert said["schema"] == "rse-plan/plan-scenarios/1"
    assert [one["set"] for one in said["scenarios"]] == [*found.made]
    base, *others = found.figures.values()
    for one, figures in zip(said["scenarios"][1:], others, strict=True):
        assert one["gained_days"]["end"] == (base.end - figures.end).days
        network = found.made[one["set"]].plan.ambassadors
        assert network
        assert one["ambassadors"] == network.target
        assert one["gates"].keys() == {gate.id for gate in made(LARGE, "en").plan.gates}
    listed = rows(written(found, "csv", Language("en")))
    assert [int(one["end_gained"]) for one in listed] == [
        (base.end - figures.end).days for figures in found.figures.values()
    ]


def test_a_scenario_without_a_gate_or_forecast_has_an_empty_cell() -> None:
    found = scenarios("en")
    first, second, _ = found.made
    whole = found.made[second]
    phases = tuple(phase.model_copy(update={"gate": None}) for phase in whole.plan.phases)
    other = replace(whole, plan=whole.plan.changed(phases=phases, forecast=None))
    without = Scenarios({first: found.made[first], second: other})
    assert "–" in seen(without, "en")
    said = json.loads(written(without, "json", Language("en")))
    assert said["scenarios"][1]["forecast"] is None
    alone = Scenarios({first: found.made[first]})
    assert "As is" in seen(alone, "en")
