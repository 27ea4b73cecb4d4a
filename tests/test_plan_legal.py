"""What a plan leaves out since it is in place, and the steps that the law asks for."""

from datetime import date

import pytest
from planning import FRENCH, Data, example, judged, planned, small, tasks

# ── What is in place ──────────────────────────────────────────────────────────────────────────────


def test_what_a_site_has_in_place_does_not_appear() -> None:
    data = example("invented-28-sites")
    found = tasks(planned(data).plan)
    seen = set()
    for site in data["sites"]:
        for fact, task in (
            ("director_met", "meet-director"),
            ("business_leads_met", "meet-business-leads"),
            ("hr_met", "meet-hr"),
        ):
            is_done = site.get(fact) is True
            assert (f"{site['id']}.{task}" in found) == (not is_done), (site["id"], task)
            seen.add((task, is_done))
    assert len(seen) == 6


def test_who_waits_for_what_is_in_place_waits_for_what_that_waited_for() -> None:
    data = small(sites=[{"id": "here", "name": "Here"}])
    whole = tasks(planned(data).plan)
    assert "here.meet-director" in whole["here.meet-hr"].after
    data["sites"][0] |= {"director_met": True, "hr_met": True, "business_leads_met": True}
    after = tasks(planned(data).plan)["here.prepare-site"].after
    assert set(whole["here.meet-director"].after) <= set(after)


@pytest.mark.parametrize(
    ("fact", "task"),
    [
        ({"legal": {"usage_charter": True}}, "draft-usage-charter"),
        ({"legal": {"disconnection": True}}, "settle-disconnection"),
        ({"communication": {"plan": True}}, "plan-communication"),
        ({"tools": {"network": "Some"}}, "sign-contract"),
        ({"pilot": {"start": date(2026, 1, 5), "end": date(2026, 5, 5)}}, "run-pilot"),
        (
            {"legal": {"works_council": {"consultation_end": date(2026, 5, 5)}}},
            "write-works-council-file",
        ),
    ],
)
def test_what_is_in_place_does_not_appear(fact: Data, task: str) -> None:
    base = small(
        headcount=400,
        employer={"type": "private"},
        sites=[{"id": "here", "name": "Here", "country": "FR", "headcount": 400}],
    )
    assert task in tasks(planned(base).plan)
    made = planned(base | fact)
    assert task not in tasks(made.plan)
    assert judged(made) == []


# ── What the law asks for ─────────────────────────────────────────────────────────────────────────


LEGAL = {
    "write-works-council-file",
    "consult-cse",
    "consult-public-staff-body",
    "settle-disconnection",
    "review-workload-risks",
    "complete-personal-data-file",
    "screen-for-impact-assessment",
    "check-french-version",
    "here.local-legal-check",
}
IN_EUROPE = {"complete-personal-data-file", "screen-for-impact-assessment"}
IN_FRANCE = IN_EUROPE | {"review-workload-risks", "check-french-version"}


@pytest.mark.parametrize(
    ("employer", "country", "headcount", "expected"),
    [
        (
            "private", "FR", 50,
            IN_FRANCE | {"write-works-council-file", "consult-cse", "settle-disconnection"},
        ),
        ("private", "FR", 49, IN_FRANCE),
        (
            "association", "FR", 50,
            IN_FRANCE | {"write-works-council-file", "consult-cse", "settle-disconnection"},
        ),
        ("association", "FR", 49, IN_FRANCE),
        (
            "public", "FR", 49,
            IN_FRANCE | {"write-works-council-file", "consult-public-staff-body"},
        ),
        ("private", "DE", 5000, IN_EUROPE | {"here.local-legal-check"}),
        ("public", "NO", 5000, IN_EUROPE | {"here.local-legal-check"}),
        ("private", "US", 5000, {"here.local-legal-check"}),
        ("public", "CH", 40, {"here.local-legal-check"}),
    ],
)  # fmt: skip
def test_legal_steps_depend_on_employer_country_and_staff(
    employer: str, country: str, headcount: int, expected: set[str]
) -> None:
    made = planned(
        small(
            headcount=headcount,
            countries=[country],
            employer={"type": employer},
            sites=[{"id": "here", "name": "Here", "country": country, "headcount": headcount}],
        )
    )
    assert judged(made) == []
    assert LEGAL & tasks(made.plan).keys() == expected
    # What is not called for says so, what is to be done has a task or a reason.
    steps = {step.id: step for step in made.plan.legal_steps}
    for name in LEGAL - {"here.local-legal-check"}:
        assert (steps[name].not_applicable is None) == (name in expected)
        assert (steps[name].task is not None) == (name in expected)


def test_the_consultation_ends_before_the_contract_and_the_pilot() -> None:
    made = planned(
        small(
            headcount=400,
            countries=["FR"],
            employer={"type": "private"},
            legal={"works_council": {"expert": True}},
        )
    )
    found = tasks(made.plan)
    ends = [found[name].end for name in ("consult-cse", "consult-cse-with-expert")]
    pilot, contract = found["run-pilot"].start, found["sign-contract"].start
    assert pilot
    assert contract
    for end in ends:
        assert end
        assert end < contract
        assert end < pilot


def test_what_may_be_called_for_asks_whether_it_is() -> None:
    found = tasks(planned(small(headcount=400)).plan)
    assert found["consult-cse"].confirm
    assert found["complete-personal-data-file"].confirm


# ── Why a legal step does not apply ───────────────────────────────────────────────────────────────


NO_RULES = {"not_applicable": "the charter holds no disciplinary rule"}
BY_EMPLOYER = "Does not apply, going by the employer and the staff as stated."


@pytest.mark.parametrize(
    ("step", "facts", "reason"),
    [
        (
            "file-charter",
            {"legal": {"charter_disciplinary": False, "charter_filed": NO_RULES}},
            "the charter holds no disciplinary rule",
        ),
        (
            "file-charter",
            {"legal": {"charter_filed": NO_RULES}},
            "the charter holds no disciplinary rule",
        ),
        (
            "file-charter",
            {"legal": {"charter_disciplinary": NO_RULES}},
            "the charter holds no disciplinary rule",
        ),
        (
            "file-charter",
            {"legal": {"charter_disciplinary": False}},
            "Does not apply, going by what is stated under legal.charter_disciplinary.",
        ),
        (
            "consult-cse-with-expert",
            {"legal": {"works_council": {"expert": False}}},
            "Does not apply: another step stands in for it, “Consult the CSE (one month)”.",
        ),
        ("consult-public-staff-body", {}, BY_EMPLOYER),
        (
            "consult-cse-with-expert",
            {"employer": {"type": "public"}, "legal": {"works_council": {"expert": False}}},
            BY_EMPLOYER,
        ),
        ("local-legal-check", {}, "Concerns no site, going by the countries as stated."),
    ],
)
def test_a_legal_step_says_why_it_does_not_apply(step: str, facts: Data, reason: str) -> None:
    plan = planned(FRENCH | facts).plan
    (found,) = (one for one in plan.legal_steps if one.id == step)
    assert (found.not_applicable, found.evidence, found.task, found.due) == (
        reason, None, None, None,
    )  # fmt: skip
    assert not [name for name in tasks(plan) if name.endswith(step)]
