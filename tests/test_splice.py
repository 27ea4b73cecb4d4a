"""A file that people edited changes only where its data does, and keeps what they wrote."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rse_plan.files import Document, Location, lines_of, read_text
from rse_plan.files.splice import SpliceError, by_id, comments_in, spliced
from rse_plan.files.writer import written

PLAN = """\
# yaml-language-server: $schema=plan.json

# Agreed with Anne
kind: plan
name: 'Réseau'   # the official name

# Who does what
tasks:
  - id: charter
    start: 2026-10-12  # chosen with Anne
    # still to be discussed

  # Delphine insists on it
  - {id: launch, start: 2026-11-02}

  - id: kit
    note: |  # read aloud
      # is no comment
    owner: 'a # sign'
# The end
"""


def document(text: str) -> Document:
    return read_text(text, "plan.yaml")


def changed(text: str, data: Any, *, with_comments: bool = False) -> str:
    """Return a text changed to say other data, which is checked."""
    result = spliced(document(text), data, with_comments=with_comments)
    assert alike(document(result).data, data)
    return result


def alike(one: Any, other: Any) -> bool:
    """Compare data; the order of keys, and of items with an id, means nothing."""
    if isinstance(one, list) and isinstance(other, list):
        named = by_id(one), by_id(other)
        if named[0] is None or named[1] is None:
            return len(one) == len(other) and all(map(alike, one, other))
        one, other = named
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def test_a_text_whose_data_is_unchanged_stays_as_it_is() -> None:
    assert changed(PLAN, document(PLAN).data) == PLAN


def test_another_order_of_keys_or_items_with_an_id_changes_nothing() -> None:
    data = dict(reversed(document(PLAN).data.items()))
    assert changed(PLAN, data | {"tasks": data["tasks"][::-1]}) == PLAN


@pytest.mark.parametrize(
    ("text", "data", "result"),
    [
        ("a: 2026-10-12  # agreed\n", {"a": "2026-10-19"}, "a: 2026-10-19  # agreed\n"),
        ("a: 'x' # c\n", {"a": "it's"}, "a: 'it''s' # c\n"),
        ('a: "x"\n', {"a": "2026-10-12"}, 'a: "2026-10-12"\n'),
        ("a: 'x'\n", {"a": "x\ny"}, 'a: "x\\ny"\n'),
        ("a: x\n", {"a": "NO"}, 'a: "NO"\n'),
        ("a: true\n", {"a": 1}, "a: 1\n"),
        ("a: ! x\n", {"a": "NO"}, 'a: "NO"\n'),
        ("a: 'x'\n", {"a": None}, "a: null\n"),
        ("a:  # c\nb: 1\n", {"a": 2, "b": 1}, "a: 2  # c\nb: 1\n"),
        ("a: &n\nb: 1\n", {"a": 2, "b": 1}, "a: &n 2\nb: 1\n"),
        ("-\n- 1\n", [2, 1], "- 2\n- 1\n"),
        ("a:\n  x # c\n", {"a": "z"}, "a:\n  z # c\n"),
        ("a: [x, 'y']\n", {"a": ["x", "z"]}, "a: [x, 'z']\n"),
        ("{a: 1, b: }", {"a": 1, "b": "NO"}, '{a: 1, b: "NO" }'),
        ("{a, b: 1}", {"a": 2, "b": 1}, "{a: 2, b: 1}"),
        ("? a\n? b\n: 1\n", {"a": 2, "b": 1}, "? a\n: 2\n? b\n: 1\n"),
        ("# c\n1\n", 2, "# c\n2\n"),
    ],
)
def test_a_value_is_replaced_in_its_place_and_style(text: str, data: Any, result: str) -> None:
    assert changed(text, data) == result


@pytest.mark.parametrize(
    ("text", "data", "result"),
    [
        ("a: |  # c\n  x\n  y\nb: 1\n", "x\n\nz\n", "a: |  # c\n  x\n\n  z\nb: 1\n"),
        ("a: >-\n  x\n\n\nb: 1\n", "z", "a: >-\n  z\n\n\nb: 1\n"),
        ("a: |\n  x\nb: 1\n", "x", "a: |-\n  x\nb: 1\n"),
        ("a: |  # c\n  x\nb: 1\n", 3, "a: 3  # c\nb: 1\n"),
        ("a: |  # c\n  x\nb: 1\n", "x\n\n", 'a: "x\\n\\n"  # c\nb: 1\n'),
        ("a: |  # c\n  x\nb: 1\n", "x\u2028y", 'a: "x\\Ly"  # c\nb: 1\n'),
        ("a: |+\n  x\n\nb: 1\n", "y\n", "a: |\n  y\nb: 1\n"),
    ],
)
def test_a_text_in_lines_stays_one_if_it_can(text: str, data: Any, result: str) -> None:
    assert changed(text, {"a": data, "b": 1}) == result


def test_a_text_is_broken_like_any_other_unless_a_person_left_it_on_one_line() -> None:
    text = " ".join(["word"] * 30)
    assert len(changed("a: x\n", {"a": text}).splitlines()) == 2
    assert len(changed("a:\n  b: 'x'\n", {"a": {"b": text}}).splitlines()) == 3
    assert len(changed(f"a: {text}\n", {"a": f"{text} more"}).splitlines()) == 1


NESTED = {"b": {"c": [1, [2]]}}


@pytest.mark.parametrize(
    ("text", "data", "result"),
    [
        ("a: 1  # c\n", {"a": [1, 2]}, "a: [1, 2]  # c\n"),
        ("a: 1  # c\n", {"a": NESTED}, "a:  # c\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("a:  # c\n", {"a": NESTED}, "a:  # c\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("a: [1]  # c\n", {"a": NESTED}, "a:  # c\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("a: |  # c\n  x\n", {"a": NESTED}, "a:  # c\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("a:\n  # c\n  x\n", {"a": NESTED}, "a:\n  # c\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("a:  # c\n- 1\n- 2\n", {"a": NESTED}, "a:  # c\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("a:\n  [\n  x, # c\n  y]\n", {"a": NESTED}, "a:\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("? a\n: b: 1\n", {"a": "x"}, "? a\n: x\n"),
        ("? a\n", {"a": NESTED}, "? a\n:\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("[1, 2]", [1, NESTED], "[1, {b: {c: [1, [2]]}}]"),
        ("- 1 # c\n", [NESTED], "- b:\n    c:\n    - 1\n    - [2] # c\n"),
        ("-\n", [NESTED], "- b:\n    c:\n    - 1\n    - [2]\n"),
        ("-\n a: 1\n", [NESTED], "-\n b:\n   c:\n   - 1\n   - [2]\n"),
        ("- &n 1\n", [NESTED], "- &n\n  b:\n    c:\n    - 1\n    - [2]\n"),
        ("- &n 1\n", [[1]], "- &n [1]\n"),
        ("a:  # c\n  b: 1\n  # d\n", {"a": "x"}, "a: x  # c\n"),
        ("a:  # c\n  b: 1\n# d\n", {"a": {}}, "a: {}  # c\n# d\n"),
        ("- b: 1\n  c: 2 # d\n", ["x"], "- x # d\n"),
        ("- 1\n- 2\n", {"a": [1, [2]]}, "a:\n- 1\n- [2]\n"),
        ("", {"a": 1}, "a: 1\n"),
        ("# c", {"a": 1}, "# c\na: 1"),
        ("---\n# c\n", {"a": 1}, "---\n# c\na: 1\n"),
    ],
)
def test_values_become_lists_and_mappings_and_back(text: str, data: Any, result: str) -> None:
    assert changed(text, data) == result


@pytest.mark.parametrize(
    ("text", "data", "result"),
    [
        ("a: 1  # c\n# d\n", {"a": 1, "b": [2]}, "a: 1  # c\nb: [2]\n# d\n"),
        ("# c\na: 1\n", {"b": 2, "a": 1}, "# c\nb: 2\na: 1\n"),
        ("x:\n  # c\n  a: 1\n", {"x": {"b": 2, "a": 1}}, "x:\n  b: 2\n  # c\n  a: 1\n"),
        ("a: 1\n\nb: 2\n", {"a": 1, "c": 3, "b": 2}, "a: 1\n\nc: 3\n\nb: 2\n"),
        ("- a: 1\n  # in\n- x\n", [{"b": 2, "a": 1, "c": 3}, "x"],
         "- b: 2\n  a: 1\n  c: 3\n  # in\n- x\n"),
        ("a: 1", {"a": 1, "b": 2}, "a: 1\nb: 2"),
        ("a: |\n  x", {"a": "x", "b": 2}, "a: |-\n  x\nb: 2"),
        ("a: |+\n  x\n\nb: 1\n", {"a": "x\n\n", "c": 2, "b": 1}, "a: |+\n  x\n\nc: 2\nb: 1\n"),
        ("{a: 1}\n", {"a": 1, "b": {"c": [2]}}, "{a: 1, b: {c: [2]}}\n"),
        ("{a: 1 }\n", {"c": "NO", "a": 1}, '{c: "NO", a: 1 }\n'),
        ("{\n  a: 1  # c\n}\n", {"z": 0, "a": 1, "b": 2},
         "{\n  z: 0,\n  a: 1,  # c\n  b: 2\n}\n"),
        ("- {\n  # d\n  a: 1,  # c\n  }\n", [{"z": 0, "a": 1, "b": 2, "c": 3}],
         "- {\n  z: 0,\n  # d\n  a: 1,  # c\n  b: 2,\n  c: 3,\n  }\n"),
        ("[a: 1, 2]", [{"z": 0, "a": 1, "b": 2}, 2], "[{z: 0, a: 1, b: 2}, 2]"),
        ("- a\n- b # c\n", ["u", "a", "v", "b", "w"], "- u\n- a\n- v\n- b # c\n- w\n"),
        ("a:\n- id: x\n- id: y\nb: 1\n",
         {"a": [{"id": "w"}, {"id": "y"}, {"id": "v", "in": [[1]]}, {"id": "x"}], "b": 1},
         "a:\n- {id: w}\n- id: x\n- id: y\n- id: v\n  in:\n  - [1]\nb: 1\n"),
    ],
)  # fmt: skip
def test_what_is_new_follows_what_precedes_it_in_the_form_of_its_neighbours(
    text: str, data: Any, result: str
) -> None:
    assert changed(text, data) == result


@pytest.mark.parametrize(
    ("text", "data", "result"),
    [
        ("a: 1 # c\n# d\nb: 2\n", {"b": 2}, "# d\nb: 2\n"),
        ("a: 1\n# d\nb: 2\n  # in\n# e\n", {"a": 1}, "a: 1\n# d\n# e\n"),
        ("a: 1\n\nb: 2\n\nc: 3\n", {"a": 1, "c": 3}, "a: 1\n\nc: 3\n"),
        ("x:\n  a: 1\n\n  b: 2\ny: 3\n", {"x": {"b": 2}, "y": 3}, "x:\n  b: 2\ny: 3\n"),
        ("a: 1\nb: 2", {"a": 1}, "a: 1"),
        ("a: |\n  x\nb: 2", {"a": "x\n"}, "a: |\n  x\n"),
        ("- a: 1\n  b: 2\n  c: 3\n", [{"c": 3}], "- c: 3\n"),
        ("- a: 1\n  # d\n  b: 2\n  c: 3\n", [{"c": 3}], "-\n  # d\n  c: 3\n"),
        ("[a, b, c, d]", ["b", "d"], "[b, d]"),
        ("[a, b, c, d]", ["a", "c"], "[a, c]"),
        ("[a, # c\n b, c]", ["a", "c"], "[a, # c\n  c]"),
        ("[\n  a,  # c\n  # d\n  b,\n]", ["a"], "[\n  a,  # c\n  # d\n]"),
        ("a:\n- 1  # c\n- 2\n# d\n", {"a": []}, "a: []\n# d\n"),
        ("a:\n  # c\n  b: 1\n  # d\n  c: 2\n", {"a": {}}, "a: {}\n  # c\n  # d\n"),
        ("a:\n  # c\n  b: 1\n  # d\n  c: 2\n", {"a": {"d": [[1]]}},
         "a:\n  # c\n  # d\n  d:\n  - [1]\n"),
    ],
)  # fmt: skip
def test_what_is_deleted_leaves_the_comments_around_it(text: str, data: Any, result: str) -> None:
    assert changed(text, data) == result


@pytest.mark.parametrize(
    ("text", "data", "result"),
    [
        ("# b\na: 1\n# c\nb: 2\n# d\nc: 3\n", {"c": 3}, "# b\n# d\nc: 3\n"),
        ("a: 1\n# far\n\n# c\nb: 2\n", {"a": 1}, "a: 1\n# far\n"),
        ("[\n  a,\n  # d\n  b,  # c\n]", ["a"], "[\n  a,\n]"),
        ("a:\n  # c\n  b: 1\n  # d\n  c: 2\n", {"a": {}}, "a: {}\n"),
    ],
)
def test_comments_above_what_is_deleted_go_with_it_if_they_may(
    text: str, data: Any, result: str
) -> None:
    assert changed(text, data, with_comments=True) == result


@pytest.mark.parametrize(
    ("text", "data", "result"),
    [
        ("a: &n x\nb: *n\nc: *n\n", {"a": "y", "b": "y", "c": "x"}, 'a: &n "y"\nb: *n\nc: x\n'),
        ("a: &n {b: 1}\nc: *n\n", {"a": {"b": 1}, "c": {"b": 2}}, "a: &n {b: 1}\nc: {b: 2}\n"),
        ("a: &n {b: 1}\nc: *n\n", {"a": {"b": 2}, "c": {"b": 1}}, "a: &n {b: 2}\nc: {b: 1}\n"),
        ("a: &n {b: 1}\nc: *n # c\n", {"c": {"b": 1}}, "c: {b: 1} # c\n"),
        ("a: [&n 1]\nb: [*n]\n", {"a": 2, "b": [1]}, "a: 2\nb: [1]\n"),
        ("- &n\n  id: x\n- [*n]\n", [{"id": "x", "b": 2}, [{"id": "x"}]],
         "- &n\n  id: x\n  b: 2\n- [{id: x}]\n"),
    ],
)  # fmt: skip
def test_what_an_alias_repeats_is_written_out_once_it_differs(
    text: str, data: Any, result: str
) -> None:
    assert changed(text, data) == result


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_breaks_and_the_mark_at_the_start_stay(newline: str, mark: str) -> None:
    text = mark + PLAN.replace("\n", newline)
    data = document(text).data
    data["tasks"][2] |= {"note": "x\ny\n", "needs": NESTED}
    del data["tasks"][0], data["kind"]
    result = changed(text, data)
    assert result.startswith(mark + "# yaml")
    assert result == mark + changed(PLAN, data).replace("\n", newline)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1 # c\nb: 2\n", {"c": 3}),
        ("a: 1\n", {"a": float("nan")}),
        ("--- 1\n", {"a": 1}),
    ],
)
def test_what_would_lose_all_comments_or_be_misread_is_refused(text: str, data: Any) -> None:
    with pytest.raises(SpliceError):
        spliced(document(text), data)


def test_what_is_refused_has_its_place() -> None:
    data = document(PLAN).data
    data["tasks"][2]["owner"] = float("inf")
    with pytest.raises(SpliceError) as refused:
        spliced(document(PLAN), data)
    assert (refused.value.path, refused.value.location) == ("plan.yaml", ("tasks", 2, "owner"))
    assert str(refused.value) == "plan.yaml: tasks.2.owner"


@pytest.mark.parametrize(
    ("location", "comments"),
    [
        (("kind",), []),
        (("name",), ["# the official name"]),
        (("tasks", "charter"), ["# chosen with Anne", "# still to be discussed"]),
        (("tasks", 0, "start"), ["# chosen with Anne"]),
        (("tasks", "launch"), ["# Delphine insists on it"]),
        (("tasks", "launch", "start"), []),
        (("tasks", "kit"), ["# read aloud"]),
        (("tasks", "kit", "owner"), []),
        (("tasks", "gone"), []),
        (("tasks", "kit", "owner", "name"), []),
        ((), [line[line.index("#") :] for line in PLAN.split("\n") if "#" in line
              and "sign" not in line and "is no" not in line]),
    ],
)  # fmt: skip
def test_comments_are_found_in_an_entry_and_above_it(
    location: Location, comments: list[str]
) -> None:
    assert comments_in(document(PLAN), location) == comments


def test_comments_are_found_in_brackets_and_in_what_holds_nothing() -> None:
    text = "a: [\n  b,  # c\n  # d\n  e,  # f\n]\n"
    assert comments_in(document(text), ("a", 1)) == ["# d", "# f"]
    assert comments_in(document("# c\n"), ()) == ["# c"]
    assert comments_in(document("# c\n"), ("a",)) == []


WORDS = (
    "a", "Anne", "two words", "2026-10-12", "NO", "1e3", "a: b", "x #y", "", "- a", "it's", "a, b",
    'say "x"', "[q]", "*star", "&amp", "|", " lead", "trail ", "two\nlines", "line\n", "a\\b",
    "---", "gap\n\nline\n", "tail\n\n", "\tx", "word " * 30, "🙂", "\x85", "\u2028", "\u00a0",
    "...", "? k", "\ufeff",
)  # fmt: skip
KEYS = (
    "id", "start", "needs", "tasks", "b", "d e", "é", "1", "true", "NO", "k: v", "#h", "-",
    "x" * 130,
)  # fmt: skip
Leaf = tuple[Location, Location, Any]


def some_data(random: Random, depth: int) -> Any:
    kind = random.random()
    if depth <= 0 or kind < 0.35:
        plain = (random.randrange(-9, 2000), 0.5, None, True, False)
        return random.choice(WORDS if random.random() < 0.7 else plain)
    if kind < 0.65:
        return some_keys(random, depth)
    if kind < 0.85:
        ids = random.sample(range(9), random.randrange(4))
        return [{"id": f"t{number}", **some_keys(random, depth - 1)} for number in ids]
    return [some_data(random, depth - 1) for _ in range(random.randrange(4))]


def some_keys(random: Random, depth: int) -> dict[str, Any]:
    keys = random.sample(KEYS[1:], random.randrange(5))
    return {key: some_data(random, depth - 1) for key in keys}


def edited(random: Random, data: Any, share: float) -> Any:
    """Return data that differs from other data in about a share of its places."""
    if random.random() < share / 4:
        return some_data(random, 1)
    if isinstance(data, dict):
        return edited_keys(random, data, share)
    if isinstance(data, list):
        items = [edited(random, one, share) for one in data if random.random() > share / 3]
        if random.random() < share:
            new = some_data(random, 0) if by_id(data) is None else {"id": "new", "b": ["x"]}
            items.insert(random.randrange(len(items) + 1), new)
        return items
    return some_data(random, 0) if random.random() < share else data


def edited_keys(random: Random, data: dict[str, Any], share: float) -> dict[str, Any]:
    kept = {
        key: value if key in ("id", "kind") else edited(random, value, share)
        for key, value in data.items()
        if key == "kind" or random.random() > share / 3
    }
    new = some_keys(random, 2) if random.random() < share else {}
    return new | kept if random.random() < 0.5 else kept | new


class Hand:
    """Write data as people do, with comments of which it notes where they belong."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments: dict[str, Location] = {}
        self.step = random.choice([1, 2, 4])
        self.indented = random.random() < 0.5

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def comment(self, place: Location) -> str:
        comment = f"# c{len(self.comments)} - 'x: y"
        self.comments[comment] = place
        return comment

    def trailing(self, place: Location) -> str:
        return " " * self.random.choice([1, 3]) + self.comment(place) if self.often(0.2) else ""

    def text(self, data: Any) -> str:
        lines = self.block(data, 0, ())
        if self.often(0.5):
            lines = [self.comment(()), *[""] * self.often(0.5), *lines]
        if self.often(0.3):
            lines.append(self.comment(()))
        text = "\n".join(lines) + "\n" * self.often(0.8)
        return "\ufeff" * self.often(0.1) + text.replace("\n", self.random.choice(["\n", "\r\n"]))

    def block(self, data: Any, indent: int, place: Location) -> list[str]:
        lines: list[str] = []
        apart = self.often(0.2)
        names = data if isinstance(data, dict) else by_id(data) or range(len(data))
        values = data.values() if isinstance(data, dict) else data
        for name, value in zip(names, values, strict=True):
            here = (*place, name)
            lines += [""] * (bool(lines) and (apart or self.often(0.05)))
            lines += [" " * indent + self.comment(place) for _ in range(2) if self.often(0.1)]
            if isinstance(data, dict):
                lines += self.entry(name, value, indent, here)
            else:
                lines += self.item(value, indent, here)
        return lines

    def entry(self, key: str, value: Any, indent: int, place: Location) -> list[str]:
        sign = " " * indent + (key if key.isalnum() else json.dumps(key)) + ":"
        if not isinstance(value, dict | list) or not value or self.often(0.3):
            return self.behind(sign, value, indent, place)
        deeper = isinstance(value, dict) or self.indented
        inner = self.block(value, indent + self.step * deeper, place)
        return [sign + self.trailing(place), *inner]

    def item(self, value: Any, indent: int, place: Location) -> list[str]:
        sign = " " * indent + "-"
        if not isinstance(value, dict | list) or not value or self.often(0.3):
            return self.behind(sign, value, indent, place)
        gap = self.random.choice([1, 1, 3])
        first, *inner = self.block(value, indent + 1 + gap, place)
        if first.lstrip().startswith("#"):
            return [sign, first, *inner]
        return [sign + " " * gap + first.lstrip(), *inner]

    def behind(self, sign: str, value: Any, indent: int, place: Location) -> list[str]:
        if isinstance(value, dict | list):
            text = self.in_brackets(value, place, indent + self.step)
        else:
            text = self.scalar(value)
        first, *lines = (f"{sign} {text}" if text else sign).split("\n")
        lines = [line and " " * indent + line for line in lines] if text[:1] not in "[{" else lines
        if lines and not text.startswith(("|", ">")):
            return [first, *lines[:-1], lines[-1] + self.trailing(place)]
        return [first + self.trailing(place), *lines]

    def scalar(self, value: Any) -> str:
        if value is None:
            return self.random.choice(["", "~", "null"])
        if not isinstance(value, str) or value.endswith("\n\n") or self.often(0.5):
            return written({"k": value})[3:-1]
        style = self.random.choice("'\"|>" if value.replace("\n", "").isprintable() else "'\"")
        key = yaml.ScalarNode("tag:yaml.org,2002:str", "k")
        scalar = yaml.ScalarNode("tag:yaml.org,2002:str", value, style=style)
        mapping = yaml.MappingNode("tag:yaml.org,2002:map", [(key, scalar)])
        text = str(yaml.serialize(mapping, Dumper=yaml.CSafeDumper, allow_unicode=True))
        return text[3:-1]

    def in_brackets(self, value: Any, place: Location, indent: int) -> str:
        if not isinstance(value, dict | list):
            return written({"k": [value]}, 10**6)[4:-2]
        names = value if isinstance(value, dict) else by_id(value) or range(len(value))
        values = value.values() if isinstance(value, dict) else value
        parts = [
            (
                (f"{json.dumps(name)}: " if isinstance(value, dict) else "")
                + self.in_brackets(one, (*place, name), indent + 2),
                (*place, name),
            )
            for name, one in zip(names, values, strict=True)
        ]
        left, right = "{}" if isinstance(value, dict) else "[]"
        if not parts or self.often(0.7):
            return left + ", ".join(text for text, _ in parts) + right
        gap = "\n" + " " * indent
        return (
            left + "".join(f"{gap}{text},{self.trailing(at)}" for text, at in parts) + gap + right
        )


def stays(old: Any, new: Any, place: Location) -> bool:
    """Say whether a place and all around it stay what they are, so that a comment can stay."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = old, new
    elif isinstance(old, list) and isinstance(new, list) and by_id(old) and by_id(new):
        names = by_id(old) or {}, by_id(new) or {}
    else:
        return not place and not isinstance(old, dict | list) and not isinstance(new, dict | list)
    if not set(names[0]) & set(names[1]):
        return False
    if not place:
        return True
    inside = place[0] in names[0] and place[0] in names[1]
    return inside and stays(names[0][place[0]], names[1][place[0]], place[1:])


def leaves(data: Any, location: Location = (), place: Location = ()) -> Iterator[Leaf]:
    """Yield the plain values of mappings: by indices, by ids, and what they are."""
    if isinstance(data, dict):
        for key, value in data.items():
            if not isinstance(value, dict | list):
                yield (*location, key), (*place, key), value
            yield from leaves(value, (*location, key), (*place, key))
    elif isinstance(data, list):
        for number, name in enumerate(by_id(data) or ()):
            yield from leaves(data[number], (*location, number), (*place, name))


def entry_text(found: Document, location: Location) -> str:
    """Return the text of an entry, from its key to the end of its value."""
    key, value = found.key_span(location), found.span(location)
    lines = lines_of(found.text.removeprefix("\ufeff"))[key.line - 1 : value.end_line]
    lines[-1] = lines[-1][: value.end_column - 1]
    lines[0] = lines[0][key.column - 1 :]
    return "\n".join(lines).rstrip()


@given(st.randoms(use_true_random=False))
def test_whatever_people_wrote_stays_around_whatever_changes(random: Random) -> None:
    hand = Hand(random)
    found = document(hand.text({"kind": "plan", **some_keys(random, 4)}))
    old = found.data
    assert spliced(found, found.data) == found.text
    new = edited_keys(random, old, random.choice([0.05, 0.3, 0.8]))
    result = changed(found.text, new)
    comments = comments_in(document(result), ())
    for comment, place in hand.comments.items():
        assert comment in comments or not stays(old, new, place)
    said = {place: value for _, place, value in leaves(new)}
    # What stands last may need the line break that a person left out.
    last = len(lines_of(found.text))
    for location, place, value in leaves(old):
        is_last = found.span(location).end_line == last
        if stays(old, new, place) and alike(said[place], value) and not is_last:
            assert entry_text(found, location) in "\n".join(lines_of(result))


@given(st.randoms(use_true_random=False))
def test_whatever_is_written_by_us_is_changed_into_anything(random: Random) -> None:
    old, new = ({"kind": "plan", **some_keys(random, 4)} for _ in range(2))
    changed(written(old), new)
