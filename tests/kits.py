"""Documents of the examples, for the tests of every form."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from rse_plan.assessment import assess
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.rendering import Wanted, wanted
from rse_plan.files import load, read_file
from rse_plan.language import Language
from rse_plan.organisation import Organisation, read_organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import default_settings, scheduled
from rse_plan.plan.model import Plan
from rse_plan.plan.timetable import timetable
from rse_plan.playbook import Playbook, playbook_folder, read_playbook

EXAMPLES = Path(__file__).parents[1] / "examples"
INVENTED = EXAMPLES / "invented-28-sites"
READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
HOSTILE = [
    "[link](javascript:alert(1))",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "| cell | *bold* `code` <b>x</b>",
    "# 1. - title",
    "{{ 7 * 7 }} {% raw %} ${x}",
    "\u202ereversed",
    "emoji 👩🏽‍🚀 and é\u0301",
    "long " * 2000,
]


@cache
def core(code: str) -> Playbook:
    return read_playbook(playbook_folder("core"), code)


@cache
def dossier(
    code: str, name: str = "invented-28-sites", *, described: bool = True, draws: bool = False
) -> Dossier:
    """Return what the documents of an example are filled from."""
    organisation = read_organisation(read_file(EXAMPLES / name / "org.yaml"))
    found = planned(organisation, code, runs=20)
    return replace(found, assessment=found.assessment if described else None, draws=draws)


def planned(organisation: Organisation, code: str, runs: int) -> Dossier:
    """Assess an organisation and plan its rollout."""
    playbook, say = core(code), Language(code)
    assessment = assess(organisation, playbook, organisation.as_of or AS_OF)
    settings = default_settings(playbook, START)
    plan = draft(organisation, assessment.standing, settings, say, assessment.as_of)
    return Dossier(scheduled(timetable(plan), runs=runs).plan, playbook, say, assessment)


PLAN = load(Plan, read_file(INVENTED / "plan.yaml"))
START, AS_OF = PLAN.settings.start, PLAN.made_from.organisation_as_of


def documents(code: str) -> list[Wanted]:
    return list(wanted(dossier(code)))


def text_of(markdown: str) -> str:
    """Return the text of Markdown, as a third-party reader sees it."""
    return "\n".join(
        "".join(one.content for one in token.children or () if one.type in {"text", "code_inline"})
        for token in READER.parse(markdown)
    )
