"""What documents ask of a plan, and the words they find for what is half known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from kits import dossier

from rse_plan.documents.kit.rendering import rendered, wanted
from rse_plan.language import NO_BREAK
from rse_plan.organisation import UNKNOWN, Fact

DAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("code", "fact", "said"),
    [
        ("fr", Fact(0.125), f"12{NO_BREAK}%"),
        ("fr", Fact(at_least=0.129), f"au moins 12{NO_BREAK}%"),
        ("fr", Fact(at_most=0.121), f"au plus 13{NO_BREAK}%"),
        ("en", Fact(at_least=0.1, at_most=0.2), "at least 10%, at most 20%"),
        ("en", Fact(not_applicable="one site"), "not applicable"),
    ],
)
def test_bounds_are_said_in_words_and_stay_true(code: str, fact: Fact[float], said: str) -> None:
    assert dossier(code).share(fact) == said


@pytest.mark.parametrize(("code", "said"), [("fr", "au moins 1"), ("en", "at least 1,001")])
def test_a_bound_of_an_organisation_is_in_its_documents(code: str, said: str) -> None:
    found = dossier(code, "neovia")
    texts = {one.template.id: rendered(one, found) for one in wanted(found)}
    assert said in texts["pilot-review"]
    assert said in texts["works-council-file"]


@pytest.mark.parametrize("code", ["fr", "en"])
def test_what_is_unknown_is_a_blank_for_who_fills_it(code: str) -> None:
    found = dossier(code)
    writers: list[Callable[[Fact[object]], object]] = [
        lambda fact: found.number(fact, role="dpo"),
        lambda fact: found.yes_no(fact, "dpo"),
        lambda fact: found.measured(fact, "share", "dpo"),
        lambda fact: found.count("people", fact, "dpo"),
        lambda fact: found.choices("Function", fact, "dpo"),
    ]
    assert {write(UNKNOWN) for write in writers} == {found.blank("dpo")}


@pytest.mark.parametrize(("code", "said"), [("fr", f"1,5{NO_BREAK}€"), ("en", "€1.5")])
def test_amounts_have_the_sign_of_the_language(code: str, said: str) -> None:
    assert dossier(code).money(1.5, decimals=2) == said
    assert dossier(code).money(None, "sponsor") == dossier(code).blank("sponsor")


def test_nouns_agree_as_in_the_language() -> None:
    assert [dossier("fr").noun(n, "jour", "jours") for n in (0, 1.5, 2)] == ["jour"] * 2 + ["jours"]
    assert [dossier("en").noun(n, "day", "days") for n in (1, 1.5)] == ["day", "days"]
    assert dossier("fr").noun(UNKNOWN, "jour", "jours") == "jours"


def test_rows_and_decisions_come_in_the_order_of_their_days() -> None:
    found = dossier("fr")
    rows: list[dict[str, date | None]] = [{"day": date.max}, {"day": date.min}, {"day": None}]
    decisions = found.open_decisions()
    days = [row["day"] for row in found.in_order(rows, decisions=decisions)]
    assert days == [date.min, *(one.due for one in decisions if one.due), date.max]


def test_rows_without_a_day_come_last() -> None:
    rows: list[dict[str, date | None]] = [{"day": None}, {"day": DAY}, {"day": date.min}]
    assert [row["day"] for row in dossier("fr").by_day(rows)] == [date.min, DAY, None]


def test_the_next_tasks_come_in_the_order_of_their_ends() -> None:
    found = dossier("fr")
    following = found.next_to_do(6)
    ends = [found.due(one.task.id) for one in following]
    assert ends == sorted(end for end in ends if end)
    assert {one.task.id for one in following} == {one.task.id for one in found.to_do[:6]}


def test_a_legal_step_ends_with_its_task_and_is_due_no_earlier() -> None:
    found = dossier("fr")
    steps = found.open_legal_steps
    assert any(one.task is None for one in steps)
    for one in steps:
        end = found.ends(one)
        assert end
        assert one.due
        assert end <= one.due
        assert one.task is None or end == found.due(one.task)


@pytest.mark.parametrize(("code", "said"), [("fr", "Maroc"), ("en", "Morocco")])
def test_countries_of_an_assumption_are_named(code: str, said: str) -> None:
    found = dossier(code)
    lunar = next(one for one in found.plan.assumptions if one.id == "lunar")
    assert said in lunar.text
    assert "MA" not in lunar.text
    assert found.say.country("XX") == "XX"


def test_sources_are_numbered_by_their_places_in_a_list() -> None:
    assert dossier("fr").numbers(("c", "a"), ["a", "b", "c"]) == [1, 3]


def test_risks_are_ranked_by_probability_times_impact() -> None:
    found = dossier("fr")
    ranked = [(one.probability, one.impact) for one in found.ranked_risks]
    grades = {"low": 1, "medium": 2, "high": 3}
    weights = [grades[likely] * grades[grave] for likely, grave in ranked]
    assert weights == sorted(weights, reverse=True)
    assert found.ranked_risks[: len(found.worst_risks)] == found.worst_risks


def test_evidence_from_before_the_pilot_does_not_prove_it() -> None:
    found = dossier("fr")
    gate, opening = found.gates["pilot-go"], found.begins("run-pilot")
    assert opening
    for days, held in ((-1, None), (0, True)):
        shown = {"met": True, "evidence_date": opening + timedelta(days=days)}
        criterion = gate.criteria[0].model_copy(update=shown)
        pending = gate.model_copy(update={"criteria": (criterion,)})
        assert found.held(pending, criterion) is held
        assert found.tally(pending).met == int(bool(held))
        assert found.held(pending.model_copy(update={"decision": "go"}), criterion) is True
    assert found.tally(None) == (0, 0, 0)


def test_a_budget_with_a_hole_has_no_total() -> None:
    found = dossier("fr")
    lines = [*found.spending, *found.own_time]
    assert found.plan.budget
    assert sorted(one.id for one in lines) == sorted(one.id for one in found.plan.budget.lines)
    priced = [one.model_copy(update={"quantity": 2.0, "unit_cost": 3.0}) for one in lines]
    assert found.cost(*priced) == 6 * len(lines)
    assert found.cost(priced[0], priced[1].model_copy(update={"quantity": None})) is None


def test_every_site_is_told_of_with_its_wave_and_opens_in_it() -> None:
    found = dossier("fr")
    assert sum(len(found.sites_of(wave)) for wave in found.plan.waves) == len(found.plan.sites)
    for wave, notice in zip(found.plan.waves, found.notices(2), strict=True):
        first, last = found.sites_of(wave)[0], found.sites_of(wave)[-1]
        assert (found.launch(first), found.launch(last)) == (wave.start, wave.end)
        assert notice["day"] == found.weeks_after(wave.start, -2)


def test_names_of_tasks_gates_and_waves_are_found() -> None:
    found = dossier("fr")
    assert found.titled("run-pilot") == found.placed["run-pilot"].task.title
    assert found.titled("pilot-go") == found.gates["pilot-go"].name
    assert found.titled(found.plan.waves[0].id) == found.plan.waves[0].name
    assert found.titled("nothing") is None


def test_a_plan_without_sites_or_assessment_has_nothing_to_say_of_them() -> None:
    bare = dossier("fr", described=False)
    bare = replace(bare, plan=bare.plan.model_copy(update={"sites": (), "waves": ()}))
    assert (bare.first_opening, bare.last_opening, bare.headcount) == (None, None, None)
    assert (bare.executives(), bare.missing_functions, bare.doubtful([])) == ([], [], [])
    assert bare.days_between(None, DAY) == 0
