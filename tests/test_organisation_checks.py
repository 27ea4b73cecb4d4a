"""What the rules across an organisation's facts leave alone, and the places they show."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse_plan.checks.organisation import check_organisation
from rse_plan.files import Diagnostic, Document, read_file, read_text, reader
from rse_plan.organisation import read_organisation

HERE = Path(__file__).parent

Facts = dict[str, Any]


def checked(document: Document) -> list[Diagnostic]:
    return check_organisation(read_organisation(document), document)


def found(facts: Facts) -> list[Diagnostic]:
    told = {"kind": "organisation", "name": "Tested", **facts}
    return checked(read_text(json.dumps(told), "org.yaml"))


PARIS = {"id": "paris", "name": "Paris"}
LYON = {"id": "lyon", "name": "Lyon"}
NORTH = {"id": "north", "name": "North"}
SOUTH = {"id": "south", "name": "South"}
AWAY = [{"start": "2030-01-01", "end": "2030-01-31"}]


def use_case(**facts: object) -> Facts:
    return {"use_cases": [{"id": "first", "title": "Ask", "owner": "sales", "kpi": None} | facts]}


def opening(*waves: Facts, sites: object = "unknown", **facts: object) -> Facts:
    return {"sites": sites, "roadmap": {"waves": list(waves), **facts}}


def committee(sponsor: object, *members: Facts, level: object = "top-leader") -> Facts:
    return {
        "sponsorship": {"sponsor": sponsor, "level": level},
        "executive_committee": {"members": list(members)},
    }


QUIET: dict[str, Facts] = {
    "a site may be missing from an open list": opening(
        NORTH | {"sites": ["lyon"]}, sites={"at_least": [PARIS]}
    ),
    "sites may be unknown": opening(NORTH | {"sites": ["lyon"]}),
    "an open list of waves may open the site later": {
        "sites": [PARIS, LYON],
        "roadmap": {"waves": {"at_least": [NORTH | {"sites": ["paris"]}]}},
    },
    "a wave may not have listed its sites yet": opening(
        NORTH | {"sites": ["paris"]}, SOUTH, sites=[PARIS, LYON]
    ),
    "the zone of a site may be unknown": opening(
        NORTH | {"zone": "Europe"}, sites=[PARIS | {"zone": "France"}, LYON]
    ),
    "an open list of sites may have another zone": opening(
        NORTH | {"zone": "Europe"}, sites={"at_least": [PARIS | {"zone": "France"}]}
    ),
    "a site of unknown headcount may make up the sum": opening(
        NORTH | {"headcount": 90, "sites": ["paris", "lyon"]},
        sites=[PARIS | {"headcount": 60}, LYON],
    ),
    "bounds of a sum may meet": opening(
        NORTH | {"headcount": {"at_least": 80}, "sites": ["paris", "lyon"]},
        sites=[PARIS | {"headcount": 60}, LYON | {"headcount": {"at_most": 20}}],
    ),
    "a site listed twice is counted once": {
        "headcount": {"at_least": 60},
        "sites": {"at_least": [PARIS | {"headcount": 60}]},
        "roadmap": {"waves": [NORTH | {"headcount": 60, "sites": ["paris"]}]},
    },
    "sites not listed may hold the rest of the staff": {
        "headcount": 100,
        "sites": {"at_least": [PARIS | {"headcount": 60}]},
    },
    "a site of unknown headcount may hold the rest of the staff": {
        "headcount": 100,
        "sites": [PARIS | {"headcount": 60}, LYON],
    },
    "a headcount may not apply to a site": {
        "headcount": 100,
        "sites": [PARIS | {"headcount": 60}, LYON | {"headcount": {"not_applicable": "empty"}}],
    },
    "a wave may start on the day the pilot ends": {
        "pilot": {"end": "2027-04-02"},
        "roadmap": {"waves": [NORTH | {"start": "2027-04-02"}]},
    },
    "a wave may start before the latest end of the pilot": {
        "pilot": {"end": {"at_most": "2027-04-02"}},
        "roadmap": {"waves": [NORTH | {"start": "2027-03-01"}]},
    },
    "a sponsor is known whatever the case, accents and spaces": committee(
        "Direction Générale", {"role": "direction  generale", "name": "unnamed"}
    ),
    "a sponsor may be told by name and role": committee(
        "The head of sales, for Europe", {"role": "sales", "name": "head of sales"}
    ),
    "a sponsor may be a member without a name": committee(
        "Head of sales", {"role": "finance", "name": "head of finance"}, {"role": "directorate"}
    ),
    "a sponsor may be lower than the committee": committee(
        "Head of sales",
        {"role": "finance", "name": "head of finance"},
        level={"at_least": "below-executive-committee"},
    ),
    "an open list of members may have the sponsor": {
        "sponsorship": {"sponsor": "Head of sales", "level": "top-leader"},
        "executive_committee": {
            "members": {"at_least": [{"role": "finance", "name": "head of finance"}]}
        },
    },
    "nobody may be at no level": committee("none", level="none"),
    "a sponsor may be at any level up to the top": committee(
        "Head of sales", level={"at_most": "top-leader"}
    ),
    "what does not apply to a sponsor contradicts nothing": committee(
        {"not_applicable": "shared"}, level="none"
    ),
    "a closure may come after a roadmap of unknown end": opening(
        sites=[PARIS | {"blackouts": AWAY}], horizon_months="unknown"
    )
    | {"pilot": {"start": "2026-11-02"}},
    "a closure may come after a roadmap that is not written": opening(
        sites=[PARIS | {"blackouts": AWAY}], horizon_months=0
    )
    | {"pilot": {"start": "2026-11-02"}},
    "a closure may concern a wave beyond the horizon": opening(
        NORTH | {"start": "2030-01-31"}, sites=[PARIS | {"blackouts": AWAY}], horizon_months=6
    )
    | {"pilot": {"start": "2026-11-02"}},
    "a closure may concern a wave of unknown start": opening(
        NORTH, sites=[PARIS | {"blackouts": AWAY}], horizon_months=6
    )
    | {"pilot": {"start": "2026-11-02"}},
    "a horizon may go beyond all dates": opening(
        sites=[PARIS | {"blackouts": AWAY}], horizon_months=1e15
    )
    | {"pilot": {"start": "2026-11-02"}},
    "a closure may begin before the pilot and last into it": {
        "pilot": {"start": {"at_least": "2030-01-31"}},
        "sites": [PARIS | {"blackouts": AWAY}],
    },
    "an owner may be nobody": use_case(owner="none"),
    "an owner may be unknown": use_case(owner="unknown"),
    "an owner may be asked and not answered": use_case(owner=None),
    "a measure may be unknown at both ends": use_case(
        kpi={"name": "days", "baseline": "unknown", "target": {"value": "unknown"}}
    ),
    "an open list of countries may have another": {
        "countries": {"at_least": ["FR"]},
        "country_count": 3,
        "sites": [PARIS | {"country": "PT"}],
    },
    "a number of countries may be bounded": {
        "countries": ["FR", "PT"],
        "country_count": {"at_least": 2},
    },
    "a network run in one Portuguese serves the other": {
        "languages": ["pt"],
        "sites": [PARIS | {"language": "pt-BR"}],
    },
    "a second headquarters may be unknown": {
        "sites": [PARIS | {"headquarters": True}, LYON | {"headquarters": "unknown"}]
    },
    "the months of a pilot may be rounded": {
        "pilot": {"start": "2026-11-02", "end": "2027-04-02", "months": 4}
    },
    "the dates of a pilot may be bounded": {
        "pilot": {"start": "2026-11-02", "end": {"at_least": "2026-12-02"}, "months": 9}
    },
    "a share may be rounded": {
        "executive_committee": {
            "briefed_share": "33%",
            "members": [
                {"role": role, "briefed": role == "sales"} for role in ("sales", "it", "hr")
            ],
        }
    },
    "a member who says nothing may be either": {
        "executive_committee": {
            "briefed_share": "50%",
            "members": [{"role": "sales", "briefed": True}, {"role": "finance"}],
        }
    },
    "members not listed may change a share": {
        "executive_committee": {
            "briefed_share": "10%",
            "members": {"at_least": [{"role": "sales", "briefed": True}]},
        }
    },
    "staff outside the sites may be connected": {
        "headcount": {"at_most": 100},
        "digital_maturity": {"connected_share": "80%"},
        "sites": [PARIS | {"headcount": 50, "connected_share": "60%"}],
    },
    "a fact may be as old as the report": {
        "as_of": "2026-10-12",
        "headcount": {"value": 100, "as_of": "2026-10-12"},
    },
    "a file without a date is later than nothing": {
        "headcount": {"value": 100, "as_of": "2026-10-12"}
    },
}


@pytest.mark.parametrize("facts", QUIET.values(), ids=QUIET.keys())
def test_what_may_be_right_is_not_reported(facts: Facts) -> None:
    assert [(fault.code, fault.values) for fault in found(facts)] == []


@pytest.mark.parametrize(
    ("name", "line", "code", "related"),
    [
        ("waves-and-sites", 14, "unknown-zone", [4]),
        ("waves-and-sites", 15, "sum-differs", [17]),
        ("waves-and-sites", 22, "sum-differs", [24]),
        ("waves-and-sites", 25, "site-listed-twice", [18]),
        ("waves-and-sites", 27, "site-listed-twice", [24]),
        ("waves-and-sites", 31, "unknown-site", [4]),
        ("sites-left-out", 6, "site-without-wave", [10]),
        ("staff-of-the-sites", 5, "staff-outside-sites", [3]),
        ("staff-of-the-sites", 10, "part-above-whole", [9]),
        ("staff-of-the-sites", 13, "part-above-whole", [3]),
        ("countries-and-languages", 4, "countries-differ", [3]),
        ("countries-and-languages", 11, "country-not-listed", [3]),
        ("countries-and-languages", 12, "language-not-listed", [5]),
        ("headquarters", 9, "several-headquarters", [6]),
        ("shares-stated-and-counted", 11, "share-differs", [6]),
        ("shares-stated-and-counted", 18, "share-differs", [14]),
        ("length-of-the-pilot", 6, "lengths-differ", [4, 5]),
        ("sponsor-at-no-level", 5, "sponsor-and-level-differ", [4]),
        ("sponsor-outside-the-committee", 4, "sponsor-not-in-committee", [8]),
        ("use-cases-left-incomplete", 5, "use-case-without-owner", []),
        ("waves-before-the-pilot-ends", 10, "wave-before-pilot-end", [3]),
        ("blackouts-outside-the-roadmap", 13, "blackout-outside-roadmap", [3]),
        ("blackouts-outside-the-roadmap", 16, "blackout-outside-roadmap", [5]),
        ("facts-later-than-the-report", 4, "later-than-the-report", [3]),
    ],
)
def test_a_fault_shows_the_other_side(name: str, line: int, code: str, related: list[int]) -> None:
    faults = checked(read_file(HERE / "invalid" / f"{name}.yaml"))
    fault = next(fault for fault in faults if (fault.span.line, fault.code) == (line, code))
    assert [other.span.line for other in fault.related] == related


@pytest.mark.parametrize(
    ("facts", "meant"),
    [
        (opening(NORTH | {"sites": ["pari"]}, sites=[PARIS]), "paris"),
        (opening(NORTH | {"zone": "france"}, sites=[PARIS | {"zone": "France"}]), "France"),
        (committee("Head of salles", {"role": "sales", "name": "Head of sales"}), "Head of sales"),
        (opening(NORTH | {"sites": ["x"]}, sites=[PARIS]), None),
    ],
)
def test_a_word_close_to_what_was_meant_is_suggested(facts: Facts, meant: str | None) -> None:
    assert [fault.suggestion for fault in found(facts)] == [meant]


def test_places_are_not_looked_up_in_a_sound_file(monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_file(HERE.parent / "examples" / "invented-28-sites" / "org.yaml")
    monkeypatch.delattr(reader, "_walk")
    assert checked(document) == []


# The same organisation twice: as it is known, and as it is less well known.
Pair = tuple[Any, Any]
ABSENT = object()
LEFT_OUT = {
    "use-case-without-owner", "use-case-without-kpi",
    "kpi-without-baseline", "kpi-without-target",
}  # fmt: skip


@st.composite
def fact(draw: st.DrawFn, values: st.SearchStrategy[object]) -> Pair:
    value = draw(values)
    bound = draw(st.sampled_from(["at_least", "at_most"]))
    forms = [value, {"value": value, "source": "register"}, {bound: value}, "unknown", ABSENT]
    return two_of(draw, forms)


def two_of(draw: st.DrawFn, forms: Sequence[object]) -> Pair:
    first, second = sorted(draw(st.tuples(*[st.integers(0, len(forms) - 1)] * 2)))
    return forms[first], forms[second]


@st.composite
def block(draw: st.DrawFn, facts: Mapping[str, st.SearchStrategy[Pair]]) -> Pair:
    drawn = {name: draw(pair) for name, pair in facts.items()}
    known, less = (
        {k: pair[i] for k, pair in drawn.items() if pair[i] is not ABSENT} for i in (0, 1)
    )
    return known, less


@st.composite
def listing(draw: st.DrawFn, items: st.SearchStrategy[Pair]) -> Pair:
    drawn = draw(st.lists(items, max_size=3, unique_by=named))
    known, less = [pair[0] for pair in drawn], [pair[1] for pair in drawn]
    some = less[: draw(st.integers(0, len(less)))]
    fewer = draw(st.sampled_from([less, {"value": less}, {"at_least": some}, "unknown", ABSENT]))
    return known, fewer


def named(pair: Pair) -> object:
    """Tell items apart: of two entries under one id, either may be meant."""
    known, _ = pair
    return known.get("id") or known["role"] if isinstance(known, dict) else known


def same(values: st.SearchStrategy[object]) -> st.SearchStrategy[Pair]:
    return values.map(lambda value: (value, value))


NAMES = st.sampled_from(["a", "b", "c"])
DAYS = st.sampled_from(["2026-10-12", "2026-12-24", "2027-04-02", "2029-01-01"])
COUNTS = st.integers(0, 4)
SHARES = st.sampled_from([0.0, 0.33, 0.5, 1.0])
YES_OR_NO = st.booleans()
COUNTRIES = st.sampled_from(["FR", "PT"])
LEVELS = st.sampled_from(["none", "below-executive-committee", "top-leader"])
CLOSURE = st.fixed_dictionaries({"start": DAYS, "end": DAYS})
SITE = block({
    "id": same(NAMES), "name": same(NAMES), "country": fact(COUNTRIES), "headcount": fact(COUNTS),
    "headquarters": fact(YES_OR_NO), "zone": fact(NAMES), "connected_share": fact(SHARES),
    "relays": fact(COUNTS), "director_met": fact(YES_OR_NO), "hr_met": fact(YES_OR_NO),
    "business_leads_met": fact(YES_OR_NO), "blackouts": same(st.lists(CLOSURE, max_size=1)),
})  # fmt: skip
WAVE = block({
    "id": same(NAMES), "name": same(NAMES), "zone": fact(NAMES), "start": fact(DAYS),
    "headcount": fact(COUNTS), "sites": same(st.lists(NAMES, max_size=2)),
})  # fmt: skip
MEMBER = block({
    "role": same(NAMES), "name": same(NAMES), "briefed": fact(YES_OR_NO),
    "committed": fact(YES_OR_NO),
})  # fmt: skip
USE_CASE = block({"id": same(NAMES), "title": same(NAMES), "owner": fact(NAMES)})
ORGANISATION = block({
    "as_of": same(st.just("2026-10-12")), "headcount": fact(st.integers(1, 9)),
    "countries": listing(same(COUNTRIES)), "country_count": fact(st.integers(1, 3)),
    "sites": listing(SITE), "use_cases": listing(USE_CASE),
    "sponsorship": block({"sponsor": fact(st.sampled_from(["a", "none"])), "level": fact(LEVELS)}),
    "executive_committee": block({
        "members": listing(MEMBER), "briefed_share": fact(SHARES), "committed_share": fact(SHARES),
    }),
    "pilot": block({
        "start": fact(DAYS), "end": fact(DAYS), "months": fact(COUNTS), "users": fact(COUNTS),
    }),
    "ambassadors": block({"sites_with_relay": fact(SHARES)}),
    "digital_maturity": block({"connected_share": fact(SHARES)}),
    "roadmap": block({
        "horizon_months": fact(COUNTS), "waves": listing(WAVE), "sites_met": fact(SHARES),
    }),
    "legal": block({"works_council": block({"consultation_end": fact(DAYS)})}),
})  # fmt: skip


@given(ORGANISATION)
def test_knowing_less_never_reports_more(pair: Pair) -> None:
    known, less = ({(f.code, f.values["field"]) for f in found(facts)} for facts in pair)
    assert {fault for fault in less - known if fault[0] not in LEFT_OUT} == set()
