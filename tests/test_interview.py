"""What is asked, in which order, how answers are read, and the file that they make."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from builders import AS_OF, answered, core, playbooks
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rse_plan.assessment import assess
from rse_plan.checks.validation import organisation_findings
from rse_plan.files import Document, InvalidFileError, read_file, read_text
from rse_plan.interview.answers import AnswerError, parsed, reasons
from rse_plan.interview.items import Listing, identifier
from rse_plan.interview.questions import (
    IDENTITY,
    Data,
    Form,
    Interview,
    Question,
    answer_form,
    is_asked,
    outer_paths,
    with_fact,
)
from rse_plan.interview.written import organisation_text
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation, read_organisation
from rse_plan.organisation.model import Executive, TeamMember, UseCase
from rse_plan.playbook import Playbook, read_playbook

EXAMPLES = Path(__file__).parents[1] / "examples"
FILES = sorted(EXAMPLES.glob("*/org*.yaml"))
FR, EN = Language("fr"), Language("en")
NAMED: Data = {"kind": "organisation", "name": "Essai"}
SCHEMA = "organisation.schema.json"
BOOLEAN, NUMBER, SHARE, TEXT = Form("boolean"), Form("number"), Form("share"), Form("text")
LEVELS = Form("choice", ("none", "some", "all"))


def begun(data: Mapping[str, Any] = NAMED, book: Playbook | None = None) -> Interview:
    return Interview(book or core(), AS_OF, dict(data))


def finished(interview: Interview, truth: Mapping[str, Any]) -> tuple[Interview, list[str]]:
    """Answer whatever is asked, as the truth has it, and list what was asked."""
    asked: list[str] = []
    while interview.left:
        question = interview.left[0]
        assert question.path not in asked
        asked.append(question.path)
        interview = interview.answered(question, truth.get(question.path, "unknown"))
    return interview, asked


# What is asked


@given(st.data())
def test_asking_ends_with_the_score_of_all_the_facts(data: st.DataObject) -> None:
    book = data.draw(playbooks())
    answers = data.draw(answered(book))
    interview, _ = finished(begun(book=book), {f"answers.{one}": answers[one] for one in answers})
    whole = assess(begun({**NAMED, "answers": answers}, book).organisation, book, AS_OF)
    assert interview.assessment.score == whole.score
    assert interview.assessment.verdict == whole.verdict


def truths() -> st.SearchStrategy[dict[str, Any]]:
    """Draw an answer to everything that the core playbook asks for, none against another."""
    small = {path: _truth(path) for path in outer_paths() if answer_form(path).kind != "items"}
    known = {
        **small,
        "headcount": st.integers(1_000, 20_000),
        "countries": st.lists(st.sampled_from(["FR", "DE", "US"]), min_size=1, unique=True),
        "country_count": st.just("unknown"),
        "pilot.months": st.just("unknown"),
        "pilot.end": st.dates(date(2026, 8, 1), date(2026, 9, 1)).map(str),
        "legal.works_council.consultation_end": st.just("2026-10-01"),
        "use_cases": st.just([]) | st.just([{"id": "a", "title": "A", "owner": "B"}]),
    }
    unknown = {path: st.just("unknown") | one for path, one in known.items()}
    return st.fixed_dictionaries(unknown)


def _truth(path: str) -> st.SearchStrategy[Any]:
    form = answer_form(path)
    if form.choices:
        chosen = st.sampled_from(form.choices)
        return st.lists(chosen, unique=True) if form.kind == "list" else chosen
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "number": st.integers(0, 500),
        "share": st.integers(0, 100).map(lambda percent: f"{percent}%"),
        "date": st.dates(date(2026, 2, 1), date(2026, 6, 1)).map(str),
        "text": st.sampled_from(["none", "the IT department"]),
        "list": st.just(["fr"]),
    }
    return kinds.get(form.kind, st.nothing())


@settings(max_examples=settings().max_examples // 8)
@given(truths())
def test_the_core_playbook_asks_enough_and_no_question_twice(truth: dict[str, Any]) -> None:
    facts = NAMED
    for path, said in truth.items():
        facts = with_fact(facts, path, said)
    try:
        whole = begun(facts)
    except InvalidFileError:
        assume(condition=False)
        raise
    interview, asked = finished(begun(), truth)
    assert asked[:4] == ["sector", "headcount", "countries", "employer.type"]
    assert interview.assessment.score == pytest.approx(whole.assessment.score)
    assert interview.assessment.verdict == whole.assessment.verdict


def test_a_complete_organisation_answers_its_way_to_its_own_score() -> None:
    full = read_file(EXAMPLES / "invented-28-sites" / "org.yaml").data
    # What the sites tell one by one, in the file, is not asked for as a share.
    for path in (*COUNTED, "digital_maturity.connected_share"):
        full = with_fact(full, path, None)
    truth = {path: said for path in outer_paths() if (said := _fact(full, path)) is not None}
    known = {**NAMED, "as_of": full["as_of"], "sites": full["sites"]}
    interview, asked = finished(begun(known), truth)
    whole = begun(full)
    assert interview.assessment.score == pytest.approx(whole.assessment.score)
    assert interview.assessment.coverage == pytest.approx(whole.assessment.coverage)
    assert len(asked) > 70


COUNTED = ("ambassadors.sites_with_relay", "roadmap.sites_met", "digital_maturity.entities_mapped")


def _fact(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data


def test_a_factor_is_finished_before_the_next_begins() -> None:
    book = core()
    asked = [one.indicator for one in begun().left if one.indicator]
    factors = [factor for factor, _ in groupby(book.factor_of[one.id].id for one in asked)]
    assert len(factors) == len(set(factors))


def test_what_weighs_most_for_a_minute_comes_first() -> None:
    asked = [one.indicator for one in begun().left if one.indicator]
    first, last = (core().factor_of[asked[end].id] for end in (0, -1))
    rates = [factor.weight / sum(i.minutes for i in factor.indicators) for factor in (first, last)]
    assert rates[0] > rates[1]


def test_an_interview_that_was_broken_off_goes_on_at_the_same_question() -> None:
    interview = begun()
    for _ in range(60):
        interview = interview.answered(interview.left[0], "unknown")
        text = organisation_text(interview.data, SCHEMA, FR)
        again = begun(read_text(text, "org.yaml").data)
        assert [one.path for one in again.left] == [one.path for one in interview.left]


def test_what_nobody_knows_is_not_asked_again_and_what_is_empty_is() -> None:
    interview = begun({**NAMED, "sector": "unknown", "headcount": None})
    paths = [one.path for one in interview.left]
    assert "sector" not in paths
    assert "headcount" in paths
    assert interview.given == 1


def test_answers_narrow_what_is_left_to_ask() -> None:
    everywhere = {one.path for one in begun({**NAMED, "countries": "unknown"}).left}
    abroad = {one.path for one in begun({**NAMED, "countries": ["US"], "headcount": 900}).left}
    assert {"legal.disconnection", "legal.french_version"} <= everywhere
    assert not {"legal.disconnection", "legal.french_version"} & abroad


def test_a_length_is_asked_for_when_its_dates_are_not_known() -> None:
    months = "pilot.months"
    dates = {"start": "2026-01-05", "end": "2026-05-05"}
    assert months not in {one.path for one in begun().left}
    assert months not in {one.path for one in begun({**NAMED, "pilot": dates}).left}
    unknown = {**NAMED, "pilot": {"start": "unknown", "end": "unknown"}}
    assert months in {one.path for one in begun(unknown).left}


def test_a_share_of_the_sites_is_asked_for_unless_the_sites_are_listed() -> None:
    met = {"director_met": True, "business_leads_met": True, "hr_met": True}
    counted = {"id": "a", "name": "A", "relays": 1, "tools_mapped": True, **met}
    for sites, asked in (("unknown", True), ([{"id": "a", "name": "A"}], True), ([counted], False)):
        paths = {one.path for one in begun({**NAMED, "sites": sites}).left}
        assert [path in paths for path in COUNTED] == [asked] * 3


def question(path: str, interview: Interview) -> Question:
    return next(one for one in interview.left if one.path == path)


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("headcount", 0, "out-of-range"),
        ("headcount", 12.5, "expected-integer"),
        ("countries", ["France"], "wrong-form"),
        ("sponsorship.top_managers_active", 15, "share-out-of-range"),
        ("pilot.start", "2026-02-30", "invalid-date"),
        ("pilot.users", 2_000, "part-above-whole"),
        ("pilot.users", {"at_least": 2_000, "source": "JDN"}, "part-above-whole"),
    ],
)
def test_an_answer_that_cannot_be_right_is_refused(path: str, said: object, code: str) -> None:
    interview = begun(NAMED if path in {"headcount", "countries"} else {**NAMED, "headcount": 900})
    with pytest.raises(InvalidFileError) as refused:
        interview.answered(question(path, interview), said)
    (found,) = refused.value.diagnostics
    assert found.code == code
    for say in (FR, EN):
        assert len(reasons(refused.value, say)) >= 1


def test_faults_are_found_whatever_the_other_answers_are_written_with() -> None:
    interview = begun({**NAMED, "name": "🙂 \x1b[2J \x85", "sector": "\x7f"})
    with pytest.raises(InvalidFileError) as refused:
        interview.answered(question("headcount", interview), "many")
    assert refused.value.diagnostics[0].values["field"] == "headcount"


def test_an_interview_is_as_of_the_day_of_the_file() -> None:
    assert begun().as_of == AS_OF
    assert begun({**NAMED, "as_of": "2025-01-31"}).as_of == date(2025, 1, 31)


# A playbook of one's own


def own_playbook() -> Playbook:
    return read_playbook(EXAMPLES / "own-playbook", "fr")


def test_questions_of_a_playbook_of_ones_own_are_asked_by_how_they_are_valued() -> None:
    interview = begun(book=own_playbook())
    assert question("answers.ideas-per-month", interview).form == NUMBER
    assert question("answers.ideas-followed-up", interview).form == SHARE


def test_an_answer_out_of_its_unit_is_refused() -> None:
    interview = begun(book=own_playbook())
    with pytest.raises(InvalidFileError) as refused:
        interview.answered(question("answers.ideas-followed-up", interview), 30)
    assert refused.value.diagnostics[0].code == "wrong-answer"


# How answers are read


@pytest.mark.parametrize(
    ("typed", "form", "said"),
    [
        ("", TEXT, "unknown"),
        ("inconnu", NUMBER, "unknown"),
        ("Je ne sais pas", BOOLEAN, "unknown"),
        ("| annuaire", NUMBER, {"value": "unknown", "source": "annuaire"}),
        ("12 |", NUMBER, 12),
        ("oui", BOOLEAN, True),
        ("N", BOOLEAN, False),
        ("oui | la DRH", BOOLEAN, {"value": True, "source": "la DRH"}),
        ("1 200", NUMBER, 1200),
        ("1\u202f200\u00a0000", NUMBER, 1_200_000),
        ("1200", NUMBER, 1200),
        ("12,5", NUMBER, 12.5),
        ("12.50", NUMBER, 12.5),
        ("3,0", NUMBER, 3),
        ("3," + "0" * 5000, NUMBER, 3),
        ("-0,5", NUMBER, -0.5),
        ("12,5 %", SHARE, "12,5 %"),
        ("0,125", SHARE, 0.125),
        ("au moins 100", NUMBER, {"at_least": 100}),
        ("Au moins 1 000 | annuaire", NUMBER, {"at_least": 1000, "source": "annuaire"}),
        (">= 100", NUMBER, {"at_least": 100}),
        (">=100", NUMBER, {"at_least": 100}),
        ("≤ 12 %", SHARE, {"at_most": "12 %"}),
        ("au plus all", LEVELS, {"at_most": "all"}),
        ("2", LEVELS, "some"),
        ("Some", LEVELS, "some"),
        ("au moins deux directions", TEXT, "au moins deux directions"),
        ("aucun", TEXT, "none"),
        ("la DSI | COMEX du 12", TEXT, {"value": "la DSI", "source": "COMEX du 12"}),
        ("la DSI|la DRH", TEXT, "la DSI|la DRH"),
        ("sans objet : un seul site", NUMBER, {"not_applicable": "un seul site"}),
        ("Sans objet, un seul site", TEXT, {"not_applicable": "un seul site"}),
        ("sans objet : x | y", BOOLEAN, {"not_applicable": "x", "source": "y"}),
        ("sans objetif", TEXT, "sans objetif"),
        ("2026-10-12", Form("date"), "2026-10-12"),
        ("fr, NO,", Form("countries"), ["FR", "NO"]),
        ("au moins fr", Form("countries"), {"at_least": ["FR"]}),
        ("[FR, NO]", Form("countries"), ["FR", "NO"]),
        ("{at_least: [FR]}", Form("countries"), {"at_least": ["FR"]}),
        ("{value: 3, evidence: measured}", NUMBER, {"value": 3, "evidence": "measured"}),
        ("aucune", Form("list"), []),
        ("1, all", Form("list", LEVELS.choices), ["none", "all"]),
        ("aucun", Form("items"), []),
        ("[{id: a, title: A}]", Form("items"), [{"id": "a", "title": "A"}]),
    ],
)
def test_an_answer_says_what_it_says_in_a_file(typed: str, form: Form, said: object) -> None:
    found = parsed(typed, form, FR)
    assert found == said
    assert type(found) is type(said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("8,300", 8300), ("12.5", 12.5), ("1,234,567.5", 1_234_567.5), ("8 300", 8300)],
)
def test_english_numbers_are_read_as_they_are_written(typed: str, said: float) -> None:
    assert parsed(typed, NUMBER, EN) == said


@pytest.mark.parametrize(
    ("typed", "form", "say", "wrong"),
    [
        ("douze", NUMBER, FR, "number"),
        ("1 20", NUMBER, FR, "number"),
        ("12,5", NUMBER, EN, "number"),
        ("nan", NUMBER, FR, "number"),
        ("1e3", NUMBER, FR, "number"),
        ("١٢", NUMBER, FR, "number"),
        ("9" * 19, NUMBER, FR, "number"),
        ("au moins", NUMBER, FR, "number"),
        ("non", SHARE, FR, "share"),
        ("peut-être", BOOLEAN, FR, "boolean"),
        ("au moins oui", BOOLEAN, FR, "boolean"),
        ("4", LEVELS, FR, "choice"),
        ("0", LEVELS, FR, "choice"),
        ("sans objet", TEXT, FR, "reason"),
        ("sans objet :", NUMBER, FR, "reason"),
        ("n/a", NUMBER, EN, "reason"),
        ("a\udcff", TEXT, FR, "utf8"),
    ],
)
def test_an_answer_that_says_nothing_is_refused(
    typed: str, form: Form, say: Language, wrong: str
) -> None:
    with pytest.raises(AnswerError) as refused:
        parsed(typed, form, say)
    assert str(refused.value) == f"init.errors.{wrong}"
    (said,) = reasons(refused.value, say)
    assert said


def test_brackets_that_do_not_close_are_refused() -> None:
    with pytest.raises(InvalidFileError):
        parsed("[FR, NO", Form("countries"), FR)


def test_a_level_that_is_named_by_a_number_is_found_by_its_name() -> None:
    assert parsed("2", Form("choice", ("3", "2", "1")), FR) == "2"


WORDS = ("none", "unknown", "at_least", "at_most", "not_applicable")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
    | st.sampled_from(
        ["NO", "1e3", "{x}", "- a", "a: b", "a #b", "'", '"', "010", "\x1b[2J", "a\nb"]
    )
)
def test_any_text_that_is_typed_comes_back_from_the_file(text: str) -> None:
    text = text.strip()
    assume(text and not re.search(r"(^|\s)\|(\s|$)", text))
    assume(
        not any(text.casefold().startswith(one) for key in WORDS for one in FR.words(f"init.{key}"))
    )
    interview = begun()
    lead = question("governance.lead", interview)
    after = interview.answered(lead, parsed(text, lead.form, FR))
    document = read_text(organisation_text(after.data, SCHEMA, FR), "org.yaml")
    assert read_organisation(document).governance.lead.value == text
    assert document.warnings == ()


# The things of a list


def test_a_thing_is_asked_for_its_name_then_for_what_is_read_of_it() -> None:
    fields = Listing.begun(UseCase, begun().item_fields("use_cases")).fields
    assert fields[:2] == ("title", "owner")
    assert fields[-4:] == ("kpi.name", "kpi.baseline", "kpi.target", "kpi.result")
    assert Listing.begun(Executive, ["briefed"]).fields == ("role", "briefed")
    assert Listing.begun(TeamMember, []).form.kind == "choice"


def test_a_block_that_is_given_no_name_is_passed_over() -> None:
    listing = Listing.begun(UseCase, ["kpi.baseline", "kpi.target"])
    named = listing.answered("Signaler un défaut")
    assert named.asked == "kpi.name"
    assert not named.is_fact
    left_out = named.answered(None)
    assert left_out.done == ({**named.entry, "kpi": "unknown"},)
    assert left_out.asked == "title"
    described = named.answered("délai").answered(12).answered("unknown")
    kpi = {"name": "délai", "baseline": 12, "target": "unknown"}
    assert described.done == ({**named.entry, "kpi": kpi},)


def test_things_of_the_same_name_have_ids_of_their_own() -> None:
    assert identifier("Été à l'usine !", []) == "ete-a-l-usine"
    assert identifier("a", ["a", "a-2"]) == "a-3"
    assert identifier("日本", []) == "x"


# The file


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("code", languages())
def test_a_file_of_all_facts_reads_back(path: Path, code: str) -> None:
    data = read_file(path).data
    text = organisation_text(data, SCHEMA, Language(code))
    document = read_text(text, "org.yaml")
    assert document.data == data
    assert organisation_text(document.data, SCHEMA, Language(code)) == text
    found = organisation_findings(document, read_organisation(document))
    assert not [one for one in found if one.severity == "error"]
    assert not any(" " in line[120:] for line in text.splitlines())


def test_a_block_without_facts_is_left_to_be_filled_in() -> None:
    data = {
        **NAMED,
        "pilot": {"start": None},
        "legal": {"works_council": {}, "disconnection": True},
    }
    read = read_text(organisation_text(data, SCHEMA, FR), "org.yaml").data
    assert read == {**NAMED, "legal": {"disconnection": True}}


@pytest.mark.parametrize("code", languages())
def test_a_file_of_no_facts_names_every_fact_in_lines_that_can_be_filled_in(code: str) -> None:
    text = organisation_text(NAMED, SCHEMA, Language(code))
    assert read_text(text, "org.yaml").data == NAMED
    lines = text.splitlines()
    assert lines[0] == f"# yaml-language-server: $schema={SCHEMA}"
    assert max(map(len, lines)) <= 100
    filled = dict(_filled_in(lines))
    assert set(filled) >= set(outer_paths())
    for path, one in filled.items():
        document = Document("org.yaml", one, read_text(one, "org.yaml").data)
        organisation = read_organisation(document)
        assert is_asked(document.data, path), one
        if path in outer_paths():
            assert organisation.fact(path).state != "unknown"


SAMPLES = {
    "invented": "true",
    "as_of": "2026-10-12",
    "playbook": "{name: core, version: 1.0.0}",
    "answers": "{mine: 12}",
    "external_facts": "[{statement: A, source: B}]",
    "countries": "[FR]",
    "languages": "[fr]",
    "sites": "[{id: a, name: A}]",
    "closures": "[{start: 2026-08-03, end: 2026-08-21}]",
    "working_days": "[{country: FR}]",
    "use_cases": "[{id: a, title: A}]",
    "roadmap.waves": "[{id: a, name: A}]",
    "means.team": "[{role: trainer}]",
    "executive_committee.members": "[{role: DRH}]",
}
KINDS = {"boolean": "true", "number": "12", "share": "15%", "date": "2026-10-12", "text": "A"}


def _filled_in(lines: list[str]) -> dict[str, str]:
    """Fill in each line that stands in a comment, alone, its parents with it; by its path."""
    filled: dict[str, str] = {}
    parents: list[str] = []
    for number, line in enumerate(lines):
        found = re.fullmatch(r"# ( *)(\w+):(  # .*)?", line)
        if not found:
            continue
        depth = len(found[1]) // 2
        parents = [*parents[:depth], found[2]]
        path = ".".join(parents)
        if any(
            found[2] == "works_council" or path == one.rpartition(".")[0] for one in outer_paths()
        ):
            continue
        sample = SAMPLES.get(path) or _sample(path)
        above = [f"{'  ' * step}{name}:" for step, name in enumerate(parents[:-1])]
        uncommented = f"{found[1]}{found[2]}: {sample}{found[3] or ''}"
        filled[path] = "\n".join([*lines[:number], *above, uncommented, *lines[number + 1 :]])
    return filled


def _sample(path: str) -> str:
    form = answer_form(path)
    if form.choices:
        return f"[{form.choices[0]}]" if form.kind == "list" else form.choices[-1]
    return KINDS[form.kind]


@pytest.mark.parametrize("code", languages())
def test_every_fact_that_is_written_is_explained(code: str) -> None:
    data = read_file(EXAMPLES / "invented-28-sites" / "org.yaml").data
    text = organisation_text(data, SCHEMA, Language(code))
    titles = Language(code).table("organisation")["blocks"]
    for block, name in (
        ("Pilot", "users"),
        ("WorksCouncil", "expert"),
        ("Organisation", "headcount"),
    ):
        assert f"# {titles[block]['fields'][name]['title']}" in text
    for name, field in Organisation.model_fields.items():
        if field.annotation is not None and name in {"pilot", "sites", "answers"}:
            assert f"# {titles['Organisation']['fields'][name]['description'][:40]}" in text


def test_a_title_stands_above_what_takes_several_lines() -> None:
    data = with_fact(NAMED, "pilot.users", {"value": 12, "source": "annuaire " * 12})
    text = organisation_text(data, SCHEMA, FR)
    assert "  # Utilisateurs du pilote\n  users:\n    value: 12\n" in text


def test_the_order_of_the_file_is_that_of_the_model_whatever_the_order_of_the_facts() -> None:
    one = {**NAMED, "headcount": 12, "pilot": {"users": 3, "start": "2026-01-05"}}
    other = {"pilot": {"start": "2026-01-05", "users": 3}, "headcount": 12, **NAMED}
    assert organisation_text(one, SCHEMA, FR) == organisation_text(other, SCHEMA, FR)


def test_a_playbook_of_one_factor_asks_for_no_more_than_it_reads() -> None:
    (factor,) = small = core().factors[:1]
    paths = {path for indicator in factor.indicators for path in indicator.measure.paths}
    asked = {one.path for one in begun(book=replace(core(), factors=small)).left}
    assert asked - set(IDENTITY) <= paths
