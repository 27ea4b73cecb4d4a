"""What a plan assumes where an organisation says nothing, and how it says so."""

import pytest
from planning import Data, example, planned, small

from rse_plan.language import Language
from rse_plan.playbook import playbook_folder

# ── What is asked of whom nothing is known ────────────────────────────────────────────────────────


_TEAM = ("project-manager", "community-animator", "trainer", "communication-officer", "it")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_neovia_says_what_it_assumes_and_asks_for_it(language: str) -> None:
    made = planned(example("neovia"), language)
    assumed = {one.id: one for one in made.plan.assumptions}
    team = {name for name in assumed if name.startswith("team.")}
    assert team == {f"team.{role}" for role in _TEAM}
    assert {"sites", "no-country", "pilot", "spread", "efforts"} <= assumed.keys()
    for one in assumed.values():
        assert one.text
        assert one.question
        assert one.question.rstrip().endswith("?")
    # Twenty-eight countries are published, their list is not; the staff is.
    assert len(made.plan.sites) == 28
    assert sum(site.headcount or 0 for site in made.plan.sites) == 8300
    assert [site.id for site in made.plan.sites if site.headquarters] == ["site-1"]
    assert not {site.country for site in made.plan.sites} - {None}


def test_what_is_told_is_not_assumed() -> None:
    assumed = {one.id for one in planned(example("invented-28-sites")).plan.assumptions}
    assert not {"sites", "no-country", "pilot", "headcount"} & assumed
    assert not [name for name in assumed if name.startswith("team.")]


# ── Waves that the roadmap says, and sites that it does not ───────────────────────────────────────


def with_sites(*added: Data) -> Data:
    data = example("invented-28-sites")
    data["sites"] += added
    return data


def test_a_site_that_no_wave_names_joins_its_zone_or_its_country_or_opens_last() -> None:
    data = with_sites(
        {"id": "oslo", "name": "Oslo", "country": "NO", "zone": "Europe", "headcount": 40},
        {"id": "boston", "name": "Boston", "country": "US", "headcount": 30},
        {"id": "kyoto", "name": "Kyoto", "country": "JP", "zone": "Japan", "headcount": 20},
    )
    plan = planned(data).plan
    said = data["roadmap"]["waves"]
    *kept, last = plan.waves
    assert [(wave.id, wave.name) for wave in kept] == [(one["id"], one["name"]) for one in said]
    more = {"vague-europe": ("oslo",), "vague-ameriques": ("boston",)}
    for wave, one in zip(kept, said, strict=True):
        assert wave.sites == (*one["sites"], *more.get(wave.id, ()))
    assert (last.id, last.name, last.sites) == ("wave-7", "Other sites", ("kyoto",))
    wanted = {wish.about: wish.wanted for wish in plan.wishes}
    assert {one["id"]: one["start"] for one in said}.items() <= {
        name: day.isoformat() for name, day in wanted.items()
    }.items()
    (assumed,) = (one for one in plan.assumptions if one.id == "waves")
    assert "Oslo (Europe), Boston (Amériques), Kyoto (Other sites)" in assumed.text
    assert assumed.question == "In which wave does each of these sites open: Oslo, Boston, Kyoto?"


def test_waves_of_which_every_site_is_named_ask_nothing() -> None:
    plan = planned(example("invented-28-sites")).plan
    assert "waves" not in {one.id for one in plan.assumptions}


def test_a_wave_keeps_the_sites_that_are_known() -> None:
    data = example("invented-28-sites")
    data["roadmap"]["waves"][1]["sites"].append("atlantis")
    assert planned(data).plan.waves[1].sites == ("lyon", "nantes", "lille")


def test_a_calendar_says_why_it_may_be_wrong_and_the_assumptions_say_it_again() -> None:
    countries = ["CN", "EG", "FR", "MA", "XX"]
    own = {"country": "EG", "weekend": ["friday", "saturday"]}
    plan = planned(small(countries=countries, working_days=[own])).plan
    doubts = {one.id: one.doubts for one in plan.calendars}
    assert doubts["cn"] == ("make-up",)
    assert doubts["xx"] == ("unpublished",)
    assert doubts["ma"] == ("lunar",)
    assert doubts["fr"] == doubts["eg"] == ()
    assumed = {one.id: one.text for one in plan.assumptions}
    assert "XX" in assumed["unpublished"]
    assert "China" in assumed["make-up"]
    assert "Morocco" in assumed["lunar"]
    assert "Egypt" not in assumed["lunar"]


# ── What is assumed, in words ─────────────────────────────────────────────────────────────────────


def test_people_and_days_are_counted_in_the_singular_and_the_plural() -> None:
    french, english = (planned(small(), language).plan.assumptions for language in ("fr", "en"))
    texts = {one.id: (one.text, other.text) for one, other in zip(french, english, strict=True)}
    assert texts["team.trainer"] == (
        "Rôle «\u00a0Formateur\u00a0»\u00a0: le plan suppose 1 personne, 4 jours par semaine.",
        "Role “Trainer”: the plan assumes 1 person, 4 days a week.",
    )
    assert Language("fr")("plan.assume.people", count=2.0, number="2") == "2 personnes"
    assert Language("en")("plan.assume.days", count=0.5, number="0.5") == "0.5 days"


def test_days_off_that_are_not_counted_come_before_lesser_assumptions() -> None:
    found = [one.id for one in planned(example("neovia")).plan.assumptions]
    assert found.index("no-country") < found.index("pilot") < found.index("team.trainer")
    assert found.index("sites") == 0


@pytest.mark.parametrize(("countries", "sites"), [(["FR"], "one site"), (["FR", "BE"], "2 sites")])
def test_without_sites_the_efforts_say_how_many_they_are_for(
    countries: list[str], sites: str
) -> None:
    texts = {one.id: one.text for one in planned(small(countries=countries)).plan.assumptions}
    assert f"Efforts are therefore those of {sites}" in texts["sites"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_name_of_a_wave_is_not_quoted_inside_a_quotation(language: str) -> None:
    opened = Language(language)("plan_view.wave_opened", name="Nord")
    assert opened.endswith("Nord")
    assert not set(opened) & set("«»“”")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_text_of_the_playbook_is_from_memory(language: str) -> None:
    folder = playbook_folder("core") / "texts" / language
    found = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))]
    assert found
    assert not [text for text in found if "de mémoire" in text or "from memory" in text]
