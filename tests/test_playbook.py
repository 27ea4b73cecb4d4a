"""A playbook of one's own: laid over the core one, read, scored, and refused when it is wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from rse_plan.assessment import assess
from rse_plan.checks.answers import check_answers
from rse_plan.files import Diagnostic, InvalidFileError, read_text
from rse_plan.organisation import Fact, Organisation, read_organisation
from rse_plan.playbook import Playbook, playbook_folder, read_playbook, read_vectors
from rse_plan.playbook.values import Levels

TODAY = date(2026, 10, 12)

INDICATOR: dict[str, Any] = {
    "id": "ideas-followed-up",
    "unit": "share",
    "measure": {"type": "fact", "of": "answers.ideas-followed-up"},
    "value": {"type": "linear", "zero_at": 0, "one_at": 0.5},
    "basis": "judgement",
    "sources": ["fredwpt"],
}
HABIT: dict[str, Any] = {
    "id": "ideas-habit",
    "unit": "level",
    "measure": {"type": "fact", "of": "answers.ideas-habit"},
    "value": {"type": "level", "levels": {"never": 0, "often": 1}},
    "basis": "judgement",
    "sources": ["fredwpt"],
}
FACTOR: dict[str, Any] = {
    "kind": "factor",
    "id": "innovation",
    "weight": 10,
    "sources": ["fredwpt"],
    "indicators": [INDICATOR, HABIT],
}
WORDS = {"name": "Nom", "question": "Quoi ?", "why": "Parce que.", "gap": "Rien."}
TEXTS: dict[str, Any] = {
    "kind": "factor-texts",
    "name": "Innovation",
    "why": "Parce que.",
    "weight": "Notre jugement.",
    "indicators": {
        "ideas-followed-up": WORDS,
        "ideas-habit": {**WORDS, "levels": {"never": "jamais", "often": "souvent"}},
    },
}


def write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def playbook(
    folder: Path,
    *,
    factors: tuple[dict[str, Any], ...] = (),
    factor_texts: tuple[dict[str, Any], ...] = (),
    texts: dict[str, Any] | None = None,
    **says: Any,
) -> Path:
    """Write a playbook that extends the core one, and return its folder."""
    head = {"kind": "playbook", "name": "ours", "version": "1.0.0", "languages": ["fr"]}
    write(folder / "playbook.yaml", {**head, "extends": "core", **says})
    write(
        folder / "texts" / "fr" / "playbook.yaml",
        {"kind": "playbook-texts", "name": "Le nôtre", **(texts or {})},
    )
    for factor, said in zip(factors, factor_texts, strict=True):
        write(folder / "factors" / f"{factor['id']}.yaml", factor)
        write(folder / "texts" / "fr" / f"{factor['id']}.yaml", said)
    return folder


def faults(folder: Path, language: str = "fr") -> list[Diagnostic]:
    with pytest.raises(InvalidFileError) as refused:
        read_playbook(folder, language)
    return refused.value.diagnostics


def core() -> Playbook:
    return read_playbook(playbook_folder("core"), "fr")


def with_answers(**answers: Any) -> Organisation:
    said = {name.replace("_", "-"): Fact(answer) for name, answer in answers.items()}
    return Organisation(kind="organisation", name="X", answers=said)


def test_one_factor_of_ones_own_is_added_to_those_of_the_core_playbook(tmp_path: Path) -> None:
    ours = read_playbook(playbook(tmp_path, factors=(FACTOR,), factor_texts=(TEXTS,)), "fr")
    assert (ours.name, ours.version, ours.title) == ("ours", "1.0.0", "Le nôtre")
    added = {factor.id for factor in ours.factors} - {factor.id for factor in core().factors}
    assert added == {"innovation"}
    assert len(ours.factors) == len(core().factors) + 1
    assert ours.factor_of["ideas-habit"].id == "innovation"
    assert ours.indicator_texts("ideas-habit").levels["often"] == "souvent"
    assert (ours.gates, ours.levels, ours.sources) == (core().gates, core().levels, core().sources)


def test_its_answers_are_scored_with_its_own_rules(tmp_path: Path) -> None:
    ours = read_playbook(playbook(tmp_path, factors=(FACTOR,), factor_texts=(TEXTS,)), "fr")

    def innovation(**answers: Any) -> tuple[float, float]:
        assessment = assess(with_answers(**answers), ours, TODAY)
        (found,) = (f for f in assessment.factors if f.factor.id == "innovation")
        assert found.score is not None
        return found.score

    assert innovation() == (0, 1)
    assert innovation(ideas_followed_up=0.25) == pytest.approx((0.25, 0.75))
    assert innovation(ideas_followed_up=0.25, ideas_habit="often") == pytest.approx((0.75, 0.75))


def test_answers_are_checked_against_the_questions_they_answer(tmp_path: Path) -> None:
    ours = read_playbook(playbook(tmp_path, factors=(FACTOR,), factor_texts=(TEXTS,)), "fr")
    text = (
        "kind: organisation\nname: X\nplaybook: {name: ours, version: 1.0.0}\nanswers:\n"
        "  ideas-followed-up: half of them\n"
        "  ideas-habit: {at_least: sometimes}\n"
        "  ideas-habits: often\n"
    )
    document = read_text(text, "org.yaml")
    found = check_answers(read_organisation(document), document, ours)
    assert [(d.span.line, d.code, d.severity, d.suggestion) for d in found] == [
        (5, "wrong-answer", "error", None),
        (6, "wrong-answer", "error", None),
        (7, "unknown-answer", "warning", "ideas-habit"),
    ]
    right = "kind: organisation\nname: X\nanswers: {ideas-followed-up: 30%, ideas-habit: often}\n"
    document = read_text(right, "org.yaml")
    assert check_answers(read_organisation(document), document, ours) == []


def test_a_yes_is_not_taken_for_a_number(tmp_path: Path) -> None:
    ours = read_playbook(playbook(tmp_path, factors=(FACTOR,), factor_texts=(TEXTS,)), "fr")
    text = "kind: organisation\nname: X\nanswers: {ideas-followed-up: true}\n"
    document = read_text(text, "org.yaml")
    found = check_answers(read_organisation(document), document, ours)
    assert [d.code for d in found] == ["wrong-answer"]


def test_a_weight_can_be_changed_and_reorders_the_factors(tmp_path: Path) -> None:
    ours = read_playbook(playbook(tmp_path, weights={"vendor": 50}), "fr")
    assert (ours.factors[0].id, ours.factors[0].weight) == ("vendor", 50)
    unchanged = {factor.id: factor.weight for factor in core().factors if factor.id != "vendor"}
    assert {f.id: f.weight for f in ours.factors if f.id != "vendor"} == unchanged


def test_settings_are_those_of_the_last_playbook_that_has_them(tmp_path: Path) -> None:
    says: dict[str, Any] = {"effort_budget_days": 90, "aggregation": {"power": 1, "epsilon": 0}}
    ours = read_playbook(playbook(tmp_path, **says), "fr")
    assert (ours.effort_budget_days, ours.aggregation.power) == (90, 1)
    assert ours.stability == core().stability
    assert ours.not_applicable_cap == core().not_applicable_cap


def test_a_gate_can_be_changed(tmp_path: Path) -> None:
    gate: dict[str, Any] = {
        "id": "sponsor-named",
        "caps_at": "framing",
        "requires": {"sponsor-level": 0.7},
        "basis": "judgement",
        "sources": ["fredwpt"],
    }
    words = {"sponsor-named": {"name": "Un vrai sponsor", "why": "Parce que.", "mend": "Nommer."}}
    ours = read_playbook(playbook(tmp_path, gates=[gate], texts={"gates": words}), "fr")
    assert len(ours.gates) == len(core().gates)
    (changed,) = (gate for gate in ours.gates if gate.id == "sponsor-named")
    assert (changed.caps_at, dict(changed.requires)) == ("framing", {"sponsor-level": 0.7})
    assert ours.gate_texts["sponsor-named"].name == "Un vrai sponsor"
    assert ours.gate_texts["leaders-first"] == core().gate_texts["leaders-first"]


def test_a_level_can_be_moved_and_keeps_its_place_by_score(tmp_path: Path) -> None:
    words = {"deploy": {"name": "Déployer", "text": "Par vagues."}}
    levels = [{"id": "deploy", "score": 0.9}]
    ours = read_playbook(playbook(tmp_path, levels=levels, texts={"levels": words}), "fr")
    assert [level.id for level in ours.levels][-2:] == ["anchor", "deploy"]
    assert ours.level_texts["deploy"].text == "Par vagues."


def test_a_whole_factor_can_be_replaced(tmp_path: Path) -> None:
    factor = {**FACTOR, "id": "vendor", "weight": 7}
    ours = read_playbook(playbook(tmp_path, factors=(factor,), factor_texts=(TEXTS,)), "fr")
    assert len(ours.factors) == len(core().factors)
    assert ours.factor_of["ideas-habit"].id == "vendor"
    assert "vendor-feedback" not in ours.indicators
    assert ours.factor_texts["vendor"].name == "Innovation"
    assert isinstance(ours.indicators["ideas-habit"].value, Levels)


def test_a_factor_can_be_left_out(tmp_path: Path) -> None:
    ours = read_playbook(playbook(tmp_path, without=["meetings"]), "fr")
    left_out = {factor.id for factor in core().factors} - {factor.id for factor in ours.factors}
    assert left_out == {"meetings"}
    assert "round-tables" not in ours.indicators
    assert assess(with_answers(), ours, TODAY).score is not None


def test_a_factor_that_others_need_is_not_left_out_in_silence(tmp_path: Path) -> None:
    found = faults(playbook(tmp_path, without=["sponsorship"]))
    assert {fault.code for fault in found} == {"unknown-reference"}
    assert "sponsor-level" in {fault.values["id"] for fault in found}


def test_layers_may_be_laid_over_layers(tmp_path: Path) -> None:
    playbook(tmp_path / "group", weights={"vendor": 50, "meetings": 9})
    ours = playbook(tmp_path / "country", extends="../group", weights={"vendor": 20})
    weights = {factor.id: factor.weight for factor in read_playbook(ours, "fr").factors}
    assert (weights["vendor"], weights["meetings"]) == (20, 9)


def test_a_playbook_may_stand_alone(tmp_path: Path) -> None:
    words = {"levels": {"all": {"name": "Tout", "text": "Tout."}}}
    says: dict[str, Any] = {"extends": None, "levels": [{"id": "all", "score": 0}]}
    source = {"kind": "sources", "sources": {"fredwpt": {"publisher": "Blog", "title": "Titre"}}}
    folder = playbook(tmp_path, factors=(FACTOR,), factor_texts=(TEXTS,), texts=words, **says)
    write(folder / "sources.yaml", source)
    ours = read_playbook(folder, "fr")
    assert [factor.id for factor in ours.factors] == ["innovation"]
    assert (ours.gates, ours.effort_budget_days, ours.aggregation.power) == ((), 30, 0)
    assert assess(with_answers(ideas_followed_up=1.0, ideas_habit="often"), ours, TODAY).score == (
        pytest.approx((1, 1))
    )


def test_a_language_the_playbook_lacks_is_refused_and_not_replaced(tmp_path: Path) -> None:
    (fault,) = faults(playbook(tmp_path), "en")
    assert fault.code == "language-missing"
    assert fault.values == {"language": "en", "languages": "fr"}


def test_a_language_that_is_promised_but_not_written_is_a_fault(tmp_path: Path) -> None:
    folder = playbook(tmp_path, factors=(FACTOR,), factor_texts=(TEXTS,), languages=["fr", "en"])
    assert {fault.code for fault in faults(folder, "en")} == {"missing-text"}


def test_a_language_of_the_playbook_below_is_needed_too(tmp_path: Path) -> None:
    playbook(tmp_path / "group")
    ours = playbook(tmp_path / "country", extends="../group", languages=["fr", "en"])
    (fault,) = faults(ours, "en")
    assert fault.code == "language-missing"
    assert fault.path.endswith("group/playbook.yaml")


@pytest.mark.parametrize("extends", [".", "../other"])
def test_a_playbook_that_extends_itself_is_refused(tmp_path: Path, extends: str) -> None:
    ours = playbook(tmp_path / "ours", extends=extends)
    playbook(tmp_path / "other", extends="../ours")
    (fault,) = faults(ours)
    assert fault.code == "extends-itself"


def test_a_playbook_that_extends_nothing_there_names_the_missing_file(tmp_path: Path) -> None:
    (fault,) = faults(playbook(tmp_path, extends="../nowhere"))
    assert fault.code == "file-not-found"
    assert "nowhere" in fault.path


@pytest.mark.parametrize(
    ("change", "suggestion"),
    [
        ({"weights": {"sponsorhip": 3}}, "sponsorship"),
        ({"without": ["meeting"]}, "meetings"),
    ],
)
def test_a_name_of_nothing_is_refused_with_the_name_that_was_meant(
    tmp_path: Path, change: dict[str, Any], suggestion: str
) -> None:
    (fault,) = faults(playbook(tmp_path, **change))
    assert (fault.code, fault.suggestion) == ("unknown-reference", suggestion)


def test_a_path_of_nothing_is_refused_with_the_path_that_was_meant(tmp_path: Path) -> None:
    indicator = {**INDICATOR, "measure": {"type": "fact", "of": "pilot.feedback_answred"}}
    factor = {**FACTOR, "indicators": [indicator, HABIT]}
    (fault,) = faults(playbook(tmp_path, factors=(factor,), factor_texts=(TEXTS,)))
    assert (fault.code, fault.suggestion) == ("unknown-path", "pilot.feedback_answered")


def test_a_condition_that_tests_nothing_is_refused(tmp_path: Path) -> None:
    # It would hold for everybody, even for an organisation that says nothing.
    condition = {"measure": {"type": "fact", "of": "headcount"}}
    indicator = {**INDICATOR, "applies_when": [condition]}
    words = {**TEXTS["indicators"]["ideas-followed-up"], "not_applicable": "Hors sujet."}
    texts = {**TEXTS, "indicators": {**TEXTS["indicators"], "ideas-followed-up": words}}
    factor = {**FACTOR, "indicators": [indicator, HABIT]}
    assert faults(playbook(tmp_path, factors=(factor,), factor_texts=(texts,)))


def test_every_faulty_file_is_reported_at_once(tmp_path: Path) -> None:
    other = {**FACTOR, "id": "second", "weight": 0}
    folder = playbook(
        tmp_path,
        factors=({**FACTOR, "weight": -1}, other),
        factor_texts=(TEXTS, {**TEXTS, "name": ""}),
    )
    found = [(Path(fault.path).parent.name, fault.code) for fault in faults(folder)]
    assert found == [
        ("factors", "out-of-range"), ("factors", "out-of-range"), ("fr", "string-too-short"),
    ]  # fmt: skip


def test_the_core_playbook_is_found_by_its_name_and_others_by_their_path(tmp_path: Path) -> None:
    assert (playbook_folder("core") / "playbook.yaml").is_file()
    assert playbook_folder(str(tmp_path)) == tmp_path


def test_vectors_are_read_when_there_are_any(tmp_path: Path) -> None:
    folder = playbook(tmp_path)
    assert read_vectors(folder) == ()
    vector: dict[str, Any] = {
        "name": "Nothing is known",
        "organisation": {"kind": "organisation", "name": "X"},
        "as_of": "2026-10-12",
        "score": [0, 1],
        "verdict": ["framing", "anchor"],
    }
    write(folder / "vectors.yaml", {"kind": "vectors", "vectors": [vector]})
    (read,) = read_vectors(folder)
    assert (read.name, read.as_of, read.score) == ("Nothing is known", TODAY, (0, 1))


@pytest.mark.parametrize(
    "change",
    [
        {"measure": {"type": "fact", "of": "countries"}},
        {"measure": {"type": "ratio", "of": "pilot.start", "to": "headcount"}},
        {"measure": {"type": "age", "of": "pilot.users"}},
        {"measure": {"type": "share", "over": "headcount"}},
        {"measure": {"type": "share", "over": "sites", "positive": ["zone"]}},
        {"measure": {"type": "mean", "over": "sites", "of": "zone"}},
        {"applies_when": [{"measure": {"type": "fact", "of": "employer.type"}, "at_least": 1}]},
        {"applies_when": [{"measure": {"type": "fact", "of": "pilot.start"}, "at_least": 1}]},
    ],
    ids=str,
)
def test_a_measure_of_what_it_cannot_measure_is_refused_before_it_is_read(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    # Left in, it would raise ValueError or TypeError in the middle of an assessment.
    words = {**TEXTS["indicators"]["ideas-followed-up"]}
    if "applies_when" in change:
        words["not_applicable"] = "Hors sujet."
    texts = {**TEXTS, "indicators": {**TEXTS["indicators"], "ideas-followed-up": words}}
    factor = {**FACTOR, "indicators": [{**INDICATOR, **change}, HABIT]}
    found = faults(playbook(tmp_path, factors=(factor,), factor_texts=(texts,)))
    assert [fault.code for fault in found] == ["kind-mismatch"]
