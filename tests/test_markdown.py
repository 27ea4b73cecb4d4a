"""The report in Markdown, as a third-party reader sees it."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rse_plan.assessment import Assessment, assess
from rse_plan.documents.render import assessment_markdown, markdown_text, plain_line
from rse_plan.files import read_file
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation, read_organisation
from rse_plan.playbook import playbook_folder, read_playbook

EXAMPLES = Path(__file__).parents[1] / "examples"
DAY = date(2026, 10, 12)
READER = MarkdownIt("gfm-like", {"linkify": False})

HOSTILE = [
    "# title",
    "1. first",
    "- item",
    "+ item",
    "=====",
    "---",
    "> quote",
    "| cell | cell |",
    "*bold* _it_ ~~gone~~ `code`",
    "[link](javascript:alert(1)) ![image](x)",
    "<script>alert(1)</script>",
    "&lt; &amp; &#65;",
    "{{ 7 * 7 }} {% raw %}",
    "a\nb\r\n\r\nc",
    "back\\slash \\*",
    "$x$ ^y^ == ++",
    "> [!NOTE]",
    "```",
    "=1+1",
    "\u202eright to left\u202c",
    "emoji 🙂 é",
    "<https://example.org>",
]


def report(organisation: Organisation, code: str) -> str:
    return assessment_markdown(assessed(organisation, code), Language(code))


def assessed(organisation: Organisation, code: str) -> Assessment:
    return assess(organisation, read_playbook(playbook_folder("core"), code), DAY)


def example(name: str) -> Organisation:
    return read_organisation(read_file(EXAMPLES / name / "org.yaml"))


def texts(tokens: list[Token]) -> list[str]:
    """Return the plain text of every inline block."""
    return [
        "".join(child.content for child in token.children or [])
        for token in tokens
        if token.type == "inline"
    ]


def one_line(text: str) -> str:
    return re.sub(r"\s*[\r\n]+\s*", " ", text)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("code", languages())
def test_what_a_person_wrote_arrives_as_text(hostile: str, code: str) -> None:
    organisation = Organisation.model_validate(
        {
            "kind": "organisation",
            "name": hostile,
            "external_facts": [{"statement": hostile, "source": hostile}],
            "pilot": {"users": {"not_applicable": hostile}},
        }
    )
    written = report(organisation, code)
    tokens = READER.parse(written)
    plain = texts(tokens)
    assert any(text.startswith(one_line(hostile)) for text in plain)
    assert any(text.endswith(f"({one_line(hostile)})") for text in plain)
    assert one_line(hostile) in plain
    safe = READER.parse(report(Organisation(kind="organisation", name="safe"), code))
    opened = [token.type for token in tokens if token.type == "heading_open"]
    assert len(opened) == len([t for t in safe if t.type == "heading_open"]) + 1
    inline = {child.type for token in tokens for child in token.children or []}
    assert not inline & {"html_inline", "link_open", "image", "s_open"}
    assert not any(token.type == "html_block" for token in tokens)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1))
def test_any_text_survives_in_every_place_a_template_puts_one(text: str) -> None:
    escaped = markdown_text(text)
    for before, after in (("", ""), ("- ", ""), ("1. ", ""), ("**", "**"), ("| a | ", " |")):
        source = f"{before}{escaped}{after}"
        if before.startswith("|"):
            source = f"| x | y |\n|---|---|\n{source}"
        tokens = READER.parse(f"start\n\n{source}\n")
        found = texts(tokens)
        assert found[0] == "start"
        # What turns the direction of a text is ended with it.
        assert found[-1].strip() == plain_line(text).strip()
        assert found[-1].strip().startswith(text.strip())


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("name", ["neovia", "invented-28-sites"])
def test_every_row_of_a_table_has_its_columns(name: str, code: str) -> None:
    tokens = READER.parse(report(example(name), code))
    assert sum(token.type == "table_open" for token in tokens) >= 19
    width = count = 0
    for token in tokens:
        if token.type == "th_open":
            width += 1
        elif token.type == "thead_open":
            width = 0
        elif token.type == "td_open":
            count += 1
        elif token.type == "tr_close" and count:
            assert count == width
            count = 0


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/org.yaml")))
def test_french_has_its_no_break_spaces_and_english_has_none(name: str) -> None:
    organisation = example(name)
    bare = Organisation(kind="organisation", name="Essai", headcount=organisation.headcount)
    french = [text for text in texts(READER.parse(report(bare, "fr"))) if "http" not in text]
    assert not [text for text in french if re.search(r" [:;?!%»]|« ", text)]
    # A citation keeps its title's own language.
    english = [t for t in texts(READER.parse(report(bare, "en"))) if not re.match(r"\[|.*“", t)]
    assert not [text for text in english if re.search(r"[\u00a0\u202f][:;?!%»]|«", text)]


def test_an_organisation_with_too_much_not_applicable_gets_no_verdict() -> None:
    facts = {"not_applicable": "not here"}
    organisation = Organisation.model_validate(
        {
            "kind": "organisation",
            "name": "Almost nothing applies",
            "sponsorship": dict.fromkeys(("level", "messages_per_month"), facts),
            "use_cases": facts,
            "managers": dict.fromkeys(("briefed_as_relays", "team_leads_active"), facts),
            "culture": dict.fromkeys(("freedom_to_speak_stated", "use_voluntary"), facts),
            "headcount": facts,
        }
    )
    found = assessed(organisation, "en")
    assert found.not_applicable.share > found.not_applicable.cap
    assert found.verdict is None
    assert "not assessable" in assessment_markdown(found, Language("en"))
