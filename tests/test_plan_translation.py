"""A plan in another language: the words that were drafted change, what people wrote stays."""

from datetime import date

import pytest
from kits import AS_OF, INVENTED, PLAN, START, core, dossier
from planning import EXAMPLES

from rse_plan.assessment import assess
from rse_plan.documents.kit.material import Material
from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import wanted
from rse_plan.files import read_file
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation, read_organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import default_settings
from rse_plan.plan.model import Calendar, Plan, Site
from rse_plan.plan.translation import translated


def organisation(name: str) -> Organisation:
    return read_organisation(read_file(EXAMPLES / name / "org.yaml"))


def drafted(code: str, name: str, known: tuple[Calendar, ...] | None = None) -> Plan:
    found, as_of = organisation(name), AS_OF
    standing = assess(found, core(code), as_of).standing
    settings = default_settings(core(code), START)
    return draft(found, standing, settings, Language(code), as_of, known)


@pytest.mark.parametrize("name", ["invented-28-sites", "neovia", "klm", "sodexo"])
@pytest.mark.parametrize("code", languages())
def test_a_plan_nobody_edited_is_the_one_drafted_in_the_other_language(
    code: str, name: str
) -> None:
    theirs = drafted(next(one for one in languages() if one != code), name)
    ours = drafted(code, name)
    assert translated(theirs, theirs, ours) == ours


@pytest.mark.parametrize("name", ["invented-28-sites", "klm"])
def test_calendars_that_are_known_say_all_that_a_draft_needs_of_them(name: str) -> None:
    found = drafted("fr", name)
    assert drafted("fr", name, found.calendars) == found


def test_what_people_wrote_and_dates_stay() -> None:
    french, english = drafted("fr", "invented-28-sites"), drafted("en", "invented-28-sites")
    first = french.phases[0]
    task = first.tasks[0].model_copy(update={"title": "À nous", "start": date(2027, 1, 5)})
    phase = first.model_copy(update={"tasks": (task, *first.tasks[1:])})
    edited = french.changed(phases=(phase, *french.phases[1:]))
    found = translated(edited, french, english)
    assert found.phases[0].tasks[0].title == "À nous"
    assert found.phases[0].tasks[0].start == date(2027, 1, 5)
    assert found.phases[0].tasks[1].title == english.phases[0].tasks[1].title
    assert found.language == "en"


def test_documents_of_a_site_are_in_its_language() -> None:
    sites = (PLAN.sites[0], PLAN.sites[1].model_copy(update={"language": "en-GB"}), *PLAN.sites[2:])
    material = Material(PLAN.changed(sites=sites), core, organisation("invented-28-sites"))
    assert "en" in material.site_languages
    other = material.dossier("en")
    assert other.plan.phases[0].name == dossier("en").plan.phases[0].name


def test_a_site_whose_language_has_no_templates_is_told_so() -> None:
    material = Material(PLAN, core, organisation("invented-28-sites"))
    press = Press(material.dossier("fr"), other=material.dossier)
    said = {
        one.subject.id: "à traduire" in press.manuscript(one).markdown
        for one in wanted(press.dossier, material.site_languages)
        if isinstance(one.subject, Site)
    }
    for site in PLAN.sites:
        assert said[site.id] == (site.language not in languages()), site.language
    assert {*said.values()} == {True, False}


def test_without_its_organisation_a_plan_stays_in_its_language() -> None:
    material = Material(PLAN, core)
    assert material.is_mixed("en")
    assert material.dossier("en").plan == PLAN
    assert not Material(PLAN, core, organisation(INVENTED.name)).is_mixed("en")
