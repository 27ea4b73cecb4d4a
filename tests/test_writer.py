"""What is written is read back as it was, by our reader and by older and newer ones."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from rse_plan.files import read_file, read_text
from rse_plan.files.writer import WIDTH, written

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*/org*.yaml"))
DOUBTFUL = (
    "NO", "no", "yes", "On", "y", "~", "null", "unknown", "true", "1e3", "1E3", ".5e3", "010",
    "0o17", "0x1F", "0b1", "12:30", "1:30:00", "1_000", ".inf", "-.INF", ".nan", "NaN", "=", "<<",
    "2026-10-12", "2026-02-30", "2026-10-12T10:00:00Z", "12 000", "15%", "a: b", "a:", ": a", "- a",
    "-", "#x", "x #y", "@x", "`x", "%x", "!x", "&a", "*a", "|", ">", "? x", "{x}", "[x]", "{", "]",
    "a, b", "'", '"', "''", "é", "🙂", "\ufeffx", "\x85", "\u2028x", "\x07", "\x1b[2J", "\x00",
    "\t", "\n", "a\nb", "a\n", " a", "a ", "", "…", "---", "--- a", "...", "\u00a0", "a\u00a0: b",
    "\x7f", "\ud7ff", "\ue000",
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(DOUBTFUL)
NUMBERS = st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    TEXTS | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
DATA = st.dictionaries(TEXTS, VALUES, max_size=5)

Other = Callable[[str], Any]


@given(DATA)
def test_what_is_written_is_read_back_without_a_doubt(data: dict[str, Any]) -> None:
    document = read_text(written(data), "written.yaml")
    assert document.data == data
    assert document.warnings == ()


def by_yaml_1_1(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


@given(TEXTS)
@example("012")
@example("0.1e-7")
def test_a_reader_of_yaml_1_1_reads_the_same_text(text: str) -> None:
    _require_same_text(by_yaml_1_1, text)


@given(TEXTS)
def test_a_reader_of_yaml_1_2_reads_the_same_text(text: str) -> None:
    ruamel = pytest.importorskip("ruamel.yaml")
    _require_same_text(ruamel.YAML(typ="safe", pure=True).load, text)


def _require_same_text(read: Other, text: str) -> None:
    for data in ({"said": text}, {"said": [text, "b"]}, {"said": {"value": text, "source": "b"}}):
        found = read(written(data))
        assert _undated(found) == data


def _undated(found: Any) -> Any:
    """Put days, which other readers take for dates, back into text."""
    if isinstance(found, dict):
        return {name: _undated(one) for name, one in found.items()}
    if isinstance(found, list):
        return [_undated(one) for one in found]
    return found.isoformat() if type(found) is date else found


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_doubtful_text_stays_a_text(text: str) -> None:
    document = read_text(written({"lead": text}), "written.yaml")
    assert document.data == {"lead": text}
    assert document.warnings == ()


def test_a_day_is_written_plainly_and_what_is_no_day_is_not() -> None:
    assert written({"start": "2026-10-12"}) == "start: 2026-10-12\n"
    assert written({"start": "2026-02-30"}) == "start: '2026-02-30'\n"


def test_plain_words_are_not_quoted() -> None:
    assert written({"name": "Société d'Exemple", "share": "15%", "level": "none"}) == (
        "name: Société d'Exemple\nshare: 15%\nlevel: none\n"
    )


def test_short_lists_and_facts_stand_on_one_line_also_when_something_in_them_is_quoted() -> None:
    data = {
        "countries": ["FR", "NO"],
        "users": {"at_least": 1001, "source": "JDN"},
        "waves": [{"id": "a", "sites": ["x"]}, {"id": "b"}],
        "none": [],
    }
    assert written(data) == (
        'countries: [FR, "NO"]\n'
        "users: {at_least: 1001, source: JDN}\n"
        "waves:\n"
        "- id: a\n"
        "  sites: [x]\n"
        "- {id: b}\n"
        "none: []\n"
    )


def test_a_change_of_one_fact_changes_one_line() -> None:
    before = written({"a": 1, "countries": ["FR"] * 30, "b": "x"}).splitlines()
    after = written({"a": 1, "countries": [*["FR"] * 29, "DE"], "b": "x"}).splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_what_two_places_share_is_written_twice() -> None:
    shared = ["a", "b"]
    assert "&" not in written({"first": shared, "then": shared})


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_examples_are_written_and_read_back(path: Path) -> None:
    data = read_file(path).data
    text = written(data)
    assert read_text(text, "written.yaml").data == data
    assert written(read_text(text, "written.yaml").data) == text
    # Lines are broken after the word that passes the width, no-break spaces not counted.
    assert not any(" " in line[WIDTH + 20 :] for line in text.splitlines())
