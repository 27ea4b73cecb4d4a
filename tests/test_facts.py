"""The ways of writing a fact, what each means, and that nothing is lost or guessed on the way."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rse_plan.files import Diagnostic, InvalidFileError, read_file, read_text
from rse_plan.language import Language
from rse_plan.organisation import UNKNOWN, Fact, Organisation, read_organisation
from rse_plan.organisation.model import Pilot

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*/org*.yaml"))
HEAD = "kind: organisation\nname: X\n"


def organisation(body: str) -> Organisation:
    return read_organisation(read_text(HEAD + body, "org.yaml"))


def fact(path: str, written: str) -> Fact[Any]:
    *blocks, name = path.split(".")
    opening = "".join(f"{block}: {{" for block in blocks)
    closing = "}" * len(blocks)
    return organisation(f"{opening}{name}: {written}{closing}").fact(path)


def refusal(path: str, written: str) -> Diagnostic:
    with pytest.raises(InvalidFileError) as refused:
        fact(path, written)
    (diagnostic,) = (one for one in refused.value.diagnostics if one.severity == "error")
    return diagnostic


@pytest.mark.parametrize(
    ("written", "meant", "state"),
    [
        ("120", Fact(120), "known"),
        ("0", Fact(0), "known"),
        ("unknown", UNKNOWN, "unknown"),
        ("null", UNKNOWN, "unknown"),
        ("", UNKNOWN, "unknown"),
        ("{not_applicable: no pilot}", Fact(not_applicable="no pilot"), "not_applicable"),
        ("{at_least: 30}", Fact(at_least=30), "partial"),
        ("{at_most: 90}", Fact(at_most=90), "partial"),
        ("{at_least: 30, at_most: 90}", Fact(at_least=30, at_most=90), "partial"),
        ("{at_least: 30, at_most: 30}", Fact(at_least=30, at_most=30), "partial"),
        (
            "{value: 120, source: survey, as_of: 2026-10-12, evidence: measured}",
            Fact(120, source="survey", as_of=date(2026, 10, 12), evidence="measured"),
            "known",
        ),
        (
            "{at_least: 30, source: survey, evidence: document}",
            Fact(at_least=30, source="survey", evidence="document"),
            "partial",
        ),
        ("{source: asked in vain}", Fact(source="asked in vain"), "unknown"),
    ],
)
def test_each_way_of_writing_a_fact_is_understood(
    written: str, meant: Fact[int], state: str
) -> None:
    found = fact("pilot.users", written)
    assert found == meant
    assert found.state == state


def test_what_is_not_written_is_unknown() -> None:
    assert organisation("").fact("pilot.users") == UNKNOWN
    assert organisation("").fact("answers.our-question") == UNKNOWN


def test_no_is_known_and_unknown_is_not_no() -> None:
    assert fact("means.budget_approved", "false").state == "known"
    assert fact("means.budget_approved", "false").low is False
    assert fact("means.budget_approved", "unknown").low is None


@pytest.mark.parametrize("written", ["{value: unknown}", "{value: unknown, source: asked HR}"])
def test_an_unknown_with_its_origin_is_still_unknown(written: str) -> None:
    # Read as the text "unknown", it would count as a sponsor who is named.
    assert fact("sponsorship.sponsor", written).state == "unknown"


def test_a_value_is_its_own_bounds_and_bounds_are_kept() -> None:
    assert (Fact(3).low, Fact(3).high) == (3, 3)
    assert (Fact(at_least=3).low, Fact(at_least=3).high) == (3, None)
    assert (Fact(at_most=3).low, Fact(at_most=3).high) == (None, 3)


def test_facts_that_say_the_same_are_equal_and_hash_alike() -> None:
    assert Fact(3, source="survey") == Fact(3, source="survey")
    assert hash(Fact(3, source="survey")) == hash(Fact(3, source="survey"))
    assert Fact(3) != Fact(3, source="survey")
    assert Fact(3) != 3
    assert repr(Fact(at_least=3, source="survey")) == "Fact(at_least=3, source='survey')"


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("15%", 0.15), ("12,5 %", 0.125), ("12.5%", 0.125), ("12,5\u00a0%", 0.125),
        ("12,5\u202f%", 0.125), ("0%", 0.0), ("100%", 1.0), ("0.15", 0.15), ("0", 0.0), ("1", 1.0),
        ("'15%'", 0.15),
    ],
)  # fmt: skip
def test_each_way_of_writing_a_share_is_read(written: str, share: float) -> None:
    found = organisation(f"digital_maturity:\n  office_use: {written}\n")
    assert found.digital_maturity.office_use.value == pytest.approx(share)


def test_a_share_may_be_a_bound() -> None:
    found = fact("digital_maturity.office_use", "{at_least: 8%, at_most: 0.5}")
    assert found == Fact(at_least=0.08, at_most=0.5)


def test_a_bare_number_above_one_is_refused_with_both_ways_to_write_it() -> None:
    diagnostic = refusal("digital_maturity.office_use", "15")
    assert diagnostic.code == "share-out-of-range"
    assert "15%" in str(Language("fr").hint(diagnostic))


def test_a_percentage_above_a_hundred_is_shown_as_it_was_written() -> None:
    diagnostic = refusal("digital_maturity.office_use", "150%")
    assert diagnostic.code == "share-out-of-range"
    assert "150%" in Language("fr").message(diagnostic)


@pytest.mark.parametrize("written", ["-0.1", "-5%", "1.01"])
def test_a_share_outside_nothing_and_all_is_refused(written: str) -> None:
    assert refusal("digital_maturity.office_use", written).code == "share-out-of-range"


@pytest.mark.parametrize(
    "written", ["half", "true", "15 percent", "'%'", "a%", "[0.5]", "1_5%", "nan%", "inf%"]
)
def test_what_is_no_share_is_refused(written: str) -> None:
    assert refusal("digital_maturity.office_use", written).code == "not-a-share"


@pytest.mark.parametrize(
    ("written", "rate"),
    [("6%", 0.06), ("-3 %", -0.03), ("150%", 1.5), ("0.06", 0.06), ("-1", -1.0)],
)
def test_a_rate_may_fall_and_may_double(written: str, rate: float) -> None:
    assert fact("adoption.monthly_growth", written).value == pytest.approx(rate)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("6", "share-out-of-range"), ("-6", "share-out-of-range"), ("fast", "not-a-share"),
        ("true", "not-a-share"), ("nan%", "not-a-share"), ("inf%", "not-a-share"),
    ],
)  # fmt: skip
def test_an_ambiguous_or_endless_rate_is_refused(written: str, code: str) -> None:
    assert refusal("adoption.monthly_growth", written).code == code


@pytest.mark.parametrize(
    "written",
    [
        "{value: 3, at_least: 1}", "{value: 3, at_most: 4}", "{value: 3, not_applicable: none}",
        "{at_least: 1, not_applicable: none}",
    ],
)  # fmt: skip
def test_a_fact_is_said_once(written: str) -> None:
    assert refusal("pilot.users", written).code == "fact-said-twice"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("pilot.users", "{at_least: 5, at_most: 3}"),
        ("digital_maturity.office_use", "{at_least: 50%, at_most: 0.4}"),
        ("pilot.start", "{at_least: 2026-10-02, at_most: 2026-10-01}"),
        ("sponsorship.level", "{at_least: executive-committee, at_most: none}"),
        ("means.budget_approved", "{at_least: true, at_most: false}"),
    ],
)
def test_bounds_that_cross_are_refused(path: str, written: str) -> None:
    assert refusal(path, written).code == "bounds-crossed"


def test_bounds_on_a_choice_follow_its_levels_and_not_the_alphabet() -> None:
    found = fact("sponsorship.level", "{at_least: none, at_most: executive-committee}")
    assert (found.low, found.high) == ("none", "executive-committee")


def test_bounds_of_two_kinds_are_a_fault_and_not_a_crash() -> None:
    with pytest.raises(InvalidFileError):
        organisation("answers: {our-question: {at_least: a, at_most: 3}}")


def test_a_date_is_a_day_and_may_be_bounded() -> None:
    assert fact("pilot.start", "2026-10-12").value == date(2026, 10, 12)
    found = fact("pilot.start", "{at_least: 2026-10-01, at_most: 2026-10-31}")
    assert (found.low, found.high) == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "invalid-date"), ("12/10/2026", "invalid-date"), ("soon", "invalid-date"),
        ("2026-10", "invalid-date"), ("2026-10-12T09:00:00", "invalid-date"),
        ("'20261012'", "invalid-date"), ("2026-W42-1", "invalid-date"),
        ("2026", "expected-date"), ("true", "expected-date"),
    ],
)  # fmt: skip
def test_dates_are_written_in_one_way(written: str, code: str) -> None:
    assert refusal("pilot.start", written).code == code


@pytest.mark.parametrize("form", ["{}", "{{value: {}, source: register}}"], ids=["plain", "origin"])
@pytest.mark.parametrize(
    ("path", "written", "code"),
    [
        ("pilot.users", "'12'", "expected-integer"),
        ("pilot.users", "12.5", "expected-integer"),
        ("pilot.users", "true", "expected-integer"),
        ("pilot.users", "-1", "out-of-range"),
        ("headcount", "0", "out-of-range"),
        ("means.budget", "1e999", "expected-number"),
        ("means.budget_approved", "1", "expected-boolean"),
        ("means.budget_approved", "yes", "expected-boolean"),
        ("sponsorship.sponsor", "12", "expected-text"),
        ("sponsorship.sponsor", "''", "string-too-short"),
        ("sponsorship.level", "top", "not-allowed"),
        ("pilot.start", "2026", "expected-date"),
        ("means.budget", "'1e3'", "expected-number"),
    ],
)
def test_nothing_is_converted_or_guessed(form: str, path: str, written: str, code: str) -> None:
    assert refusal(path, form.format(written)).code == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{value: 3, evidence: rumour}", "not-allowed"),
        ("{value: 3, as_of: 2026}", "expected-date"),
        ("{not_applicable: ''}", "string-too-short"),
        ("{valeu: 3}", "unknown-key"),
    ],
)
def test_an_origin_is_checked_like_a_value(written: str, code: str) -> None:
    assert refusal("pilot.users", written).code == code


def test_a_list_may_be_known_or_go_on() -> None:
    known = organisation("sites: [{id: a, name: A, headcount: {at_least: 8}}]")
    assert [site.id for site in known.sites.value or ()] == ["a"]
    assert (known.sites.value or ())[0].headcount == Fact(at_least=8)
    more = organisation("sites: {at_least: [{id: a, name: A}, {id: b, name: B}]}")
    assert more.sites.state == "partial"
    assert [site.id for site in more.sites.low or ()] == ["a", "b"]
    assert more.sites.value is None
    none = organisation("sites: []")
    assert none.sites.state == "known"


def test_an_answer_may_be_of_any_kind_and_a_percentage_is_a_share() -> None:
    found = organisation("answers: {a: true, b: 3, c: 0.5, d: often, e: 12 %, f: {at_least: 8%}}")
    said = {name: answer.low for name, answer in found.answers.items()}
    assert said == {"a": True, "b": 3, "c": 0.5, "d": "often", "e": 0.12, "f": 0.08}
    assert type(said["a"]) is bool


@pytest.mark.parametrize("written", ["nan%", "inf%", "1e999"])
def test_an_answer_that_is_no_number_to_count_with_stays_text(written: str) -> None:
    found = organisation(f"answers: {{our-question: {written}}}")
    assert found.answers["our-question"].value == written


def test_an_answer_of_the_wrong_shape_is_one_fault() -> None:
    assert refusal("answers.our-question", "[1, 2]").path == "org.yaml"


def test_every_fault_of_a_file_is_found_at_once_and_in_order() -> None:
    with pytest.raises(InvalidFileError) as refused:
        organisation("headcount: many\npilot: {users: -1, start: soon}\ncolour: blue\n")
    found = [(d.span.line, d.code) for d in refused.value.diagnostics]
    assert found == [
        (3, "expected-integer"), (4, "out-of-range"), (4, "invalid-date"), (5, "unknown-key"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "column", "suggestion"),
    [
        ("headcout: 3", 1, "headcount"),
        ("headcount: {value: 3, sorce: survey}", 23, "source"),
        ("pilot: {user: 3}", 9, "users"),
        ("sites: [{id: a, name: A, contry: FR}]", 26, "country"),
    ],
)
def test_a_misspelt_key_is_shown_with_the_key_that_was_meant(
    body: str, column: int, suggestion: str
) -> None:
    with pytest.raises(InvalidFileError) as refused:
        organisation(body)
    (diagnostic,) = refused.value.diagnostics
    assert (diagnostic.code, diagnostic.suggestion) == ("unknown-key", suggestion)
    assert (diagnostic.span.line, diagnostic.span.column) == (3, column)


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10).filter(
    lambda text: text != "unknown"
)
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
origins = st.fixed_dictionaries(
    {},
    optional={
        "source": words,
        "as_of": days,
        "evidence": st.sampled_from(["stated", "document", "measured"]),
    },
)
said = st.one_of(
    st.just({}),
    st.builds(lambda value: {"value": value}, st.integers(0, 10**9)),
    st.builds(
        lambda least, more: {"at_least": least, "at_most": least + more},
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    st.builds(lambda least: {"at_least": least}, st.integers(0, 99)),
    st.builds(lambda reason: {"not_applicable": reason}, words),
)


@given(said, origins)
def test_a_fact_that_is_written_out_reads_the_same(
    what: dict[str, Any], origin: dict[str, Any]
) -> None:
    first = Organisation(kind="organisation", name="X", pilot=Pilot(users=Fact(**what, **origin)))
    text = yaml.safe_dump(first.model_dump(mode="json"))
    assert read_organisation(read_text(text, "org.yaml")) == first


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_example_that_is_written_out_reads_the_same(path: Path) -> None:
    first = read_organisation(read_file(path))
    assert Organisation.model_validate(first.model_dump(mode="json")) == first
