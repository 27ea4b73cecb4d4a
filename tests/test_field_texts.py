"""The texts of the fields of our files: one for each field, whole, in every language."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest

from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation
from rse_plan.organisation import model as facts
from rse_plan.organisation.fact import Evidence
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import blocks
from rse_plan.plan import model as plan
from rse_plan.plan.model import Plan
from rse_plan.playbook import model, rollout
from rse_plan.playbook.measures import Measure
from rse_plan.playbook.values import Linear, ValueFunction


def within(block: type[Block]) -> Iterator[type[Block]]:
    block.model_rebuild()  # until then, a model that is named before it is written is only a name
    yield block
    for field in block.model_fields.values():
        for inner in blocks(field.annotation):
            yield from within(inner)


def allowed(kind: Any) -> tuple[str, ...]:
    """List what a field may hold when its values are listed, as the keys of a file are written."""
    inside = (listed for argument in get_args(kind) if (listed := allowed(argument)))
    listed = get_args(kind) if get_origin(kind) is Literal else next(inside, ())
    return tuple(str(value) for value in listed)


def field(block: type[Block], name: str) -> tuple[str, ...]:
    return allowed(block.model_fields[name].annotation)


def tags(union: Any) -> tuple[str, ...]:
    return tuple(tag for block in blocks(union) for tag in field(block, "type"))


# What each file of texts describes, and the choices that its labels are for.
FILES: dict[str, tuple[type[Block], ...]] = {
    "organisation": (Organisation,),
    "plan": (Plan,),
    "playbook": (
        model.PlaybookFile, model.Factor, rollout.RolloutFile, rollout.Phase, model.SourcesFile,
        model.VectorsFile, model.FactorTexts, model.PlaybookTexts, rollout.RolloutTexts,
        rollout.PhaseTexts,
    ),
}  # fmt: skip
CHOICES = {
    "organisation": {
        "EmployerType": allowed(facts.EmployerType),
        "SponsorLevel": allowed(facts.SponsorLevel),
        "Function": allowed(facts.Function),
        "Recognition": allowed(facts.Recognition),
        "TeamMember.role": field(facts.TeamMember, "role"),
        "Weekday": allowed(facts.Weekday),
        "evidence": allowed(Evidence),
    },
    "plan": {
        "Order": allowed(plan.Order),
        "Goal": allowed(plan.Goal),
        "Status": allowed(plan.Status),
        "Doubt": allowed(plan.Doubt),
        "Gate.decision": field(plan.Gate, "decision"),
        "Basis": allowed(model.Basis),
        "Frequency": allowed(rollout.Frequency),
        "Grade": allowed(rollout.Grade),
        "Quantity": allowed(rollout.Quantity),
        "Weekday": allowed(facts.Weekday),
    },
    "playbook": {
        "Basis": allowed(model.Basis),
        "Unit": allowed(model.Unit),
        "Measure": tags(Measure),
        "ValueFunction": tags(ValueFunction),
        "Linear.scale": field(Linear, "scale"),
        "Aggregation.power": field(model.Aggregation, "power"),
        "Source.dated": field(model.Source, "dated"),
        "Source.interest": field(model.Source, "interest"),
        "Per": allowed(rollout.Per),
        "Where": allowed(rollout.Where),
        "Role.team": field(rollout.Role, "team"),
        "Frequency": allowed(rollout.Frequency),
        "Measurement.unit": field(rollout.Measurement, "unit"),
        "Grade": allowed(rollout.Grade),
        "Quantity": allowed(rollout.Quantity),
    },
}
# Choices that are no field's: what every fact has, and the tags of unions.
OF_NO_FIELD = {
    "organisation": {allowed(Evidence)},
    "plan": set[tuple[str, ...]](),
    "playbook": {tags(Measure), tags(ValueFunction)},
}
MODELS = {
    name: {block.__name__: block for file in files for block in within(file)}
    for name, files in FILES.items()
}
TABLES = [(name, language) for name in FILES for language in languages()]


def table(name: str, language: str) -> dict[str, Any]:
    return Language(language).table(name)


def entries(name: str, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for block, said in table(name, language)["blocks"].items():
        yield block, said
        for key, texts in said["fields"].items():
            yield f"{block}.{key}", texts


def keys_of(data: Any) -> Any:
    """Return the keys that a file has, in their order, without its texts."""
    return [(key, keys_of(said)) for key, said in data.items()] if isinstance(data, dict) else None


@pytest.mark.parametrize("name", FILES)
def test_no_two_models_have_the_same_name(name: str) -> None:
    assert len({block for file in FILES[name] for block in within(file)}) == len(MODELS[name])


@pytest.mark.parametrize(("name", "language"), TABLES)
def test_every_field_has_texts_and_no_other_has(name: str, language: str) -> None:
    said = table(name, language)["blocks"]
    assert said.keys() == MODELS[name].keys()
    for block, of in MODELS[name].items():
        assert said[block].keys() == {"title", "description", "fields"}, block
        assert said[block]["fields"].keys() == of.model_fields.keys(), block
        for key, texts in said[block]["fields"].items():
            assert texts.keys() == {"title", "description"}, f"{block}.{key}"


@pytest.mark.parametrize(("name", "language"), TABLES)
def test_descriptions_are_sentences_and_titles_are_not(name: str, language: str) -> None:
    for where, texts in entries(name, language):
        assert len(texts["description"].split()) > 2, where
        assert texts["description"].endswith("."), where
        assert texts["title"], where
        assert not texts["title"].endswith("."), where


@pytest.mark.parametrize(("name", "language"), TABLES)
def test_a_tag_is_said_to_be_what_it_has_to_be(name: str, language: str) -> None:
    said = table(name, language)["blocks"]
    for block, of in MODELS[name].items():
        for key in of.model_fields.keys() & {"kind", "type"}:
            if len(only := field(of, key)) == 1:
                assert f" `{only[0]}`" in said[block]["fields"][key]["description"], block


@pytest.mark.parametrize(("name", "language"), TABLES)
def test_every_choice_has_a_label_in_the_order_of_the_model(name: str, language: str) -> None:
    choices = table(name, language)["choices"]
    assert choices.keys() == CHOICES[name].keys()
    for choice, listed in CHOICES[name].items():
        assert tuple(choices[choice]) == listed, choice
        assert all(choices[choice].values()), choice


@pytest.mark.parametrize("name", FILES)
def test_no_choice_of_a_model_is_left_out(name: str) -> None:
    listed = {field(block, key) for block in MODELS[name].values() for key in block.model_fields}
    several = {values for values in listed if len(values) > 1}
    assert several == set(CHOICES[name].values()) - OF_NO_FIELD[name]


@pytest.mark.parametrize("name", FILES)
def test_the_values_of_a_choice_tell_it_from_the_others(name: str) -> None:
    listed = CHOICES[name].values()
    assert len({frozenset(values) for values in listed}) == len(listed)


@pytest.mark.parametrize(("name", "language"), TABLES)
def test_the_languages_have_the_same_entries_in_the_same_order(name: str, language: str) -> None:
    assert keys_of(table(name, language)) == keys_of(table(name, languages()[0]))
