"""YAML text to data: what each way of writing means, what is refused, and where it stands."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rse_plan.files import Diagnostic, Document, InvalidFileError, Location, read_file, read_text

BILLION_LAUGHS = "\n".join(
    ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]
)


def data_of(text: str) -> Any:
    return read_text(text, "org.yaml").data


def refusal(text: str) -> Diagnostic:
    with pytest.raises(InvalidFileError) as refused:
        read_text(text, "org.yaml")
    (diagnostic,) = refused.value.diagnostics
    return diagnostic


def refusal_of_file(path: Path) -> Diagnostic:
    with pytest.raises(InvalidFileError) as refused:
        read_file(path)
    (diagnostic,) = refused.value.diagnostics
    return diagnostic


def place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    return diagnostic.code, diagnostic.span.line, diagnostic.span.column


def cut(document: Document, location: Location) -> str:
    """Return the text of a document that stands at a location."""
    span = document.span(location)
    lines = document.text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True), ("True", True), ("TRUE", True),
        ("false", False), ("False", False), ("FALSE", False),
        ("null", None), ("~", None), ("", None), ("Null", None), ("NULL", None),
        ("0", 0), ("42", 42), ("-3", -3), ("+7", 7), ("999999999999999999", 999999999999999999),
        ("0.15", 0.15), ("-1.5", -1.5), (".5", 0.5), ("1.", 1), ("1e3", 1000), ("2.5E-1", 0.25),
    ],
)  # fmt: skip
def test_constants_and_numbers_are_those_of_yaml_1_2(written: str, meant: object) -> None:
    found = data_of(f"value: {written}")["value"]
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    "text",
    [
        "NO", "no", "No", "yes", "on", "off", "y", "n", "tRUE", "nULL",
        "010", "007", "-012", "00", "01.5",
        "12:30", "1:02:03", "2026-10-12", "2026-02-30", "2026-10-12T09:00:00Z",
        "1_000", "0x1F", "0o17", "0b11", "1,5", "15%", "12 %", ".inf", "-.inf", ".nan",
        "+", ".", "+.e1", "1e", "=",
    ],
)  # fmt: skip
def test_what_other_readers_would_change_stays_the_text_that_was_written(text: str) -> None:
    assert data_of(f"value: {text}")["value"] == text


@pytest.mark.parametrize("text", ["true", "null", "3", "0.5", "~", "", "2026-10-12"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_values_are_text(text: str, quote: str) -> None:
    assert data_of(f"value: {quote}{text}{quote}")["value"] == text


def test_norway_is_a_country() -> None:
    assert data_of("countries: [FR, NO]") == {"countries": ["FR", "NO"]}


def test_keys_are_text_however_they_look() -> None:
    assert data_of("1: a\ntrue: b\n~: c\n010: d") == {"1": "a", "true": "b", "~": "c", "010": "d"}


@pytest.mark.parametrize("text", ["", "\n", "# nothing but a comment\n", "---\n", "---\n...\n"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    assert data_of(text) is None


def test_an_alias_repeats_what_its_anchor_named() -> None:
    shared = [1, {"b": "c"}]
    assert data_of("a: &shared [1, {b: c}]\nd: *shared") == {"a": shared, "d": shared}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("pilot:\n  users: 3\n  users: 4\n", "duplicate-key", 3, 3),
        ('a: 1\n"a": 2\n', "duplicate-key", 2, 1),
        ("{a: 1, b: {c: 1, c: 2}}", "duplicate-key", 1, 18),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "merge-key", 3, 3),
        ("a: !!python/object/apply:os.system [ls]\n", "tag", 1, 4),
        ("a: !!str 3\n", "tag", 1, 4),
        ("- 1\n- !own {a: 1}\n", "tag", 2, 3),
        ("a: 1\n---\nb: 2\n", "second-document", 2, 1),
        ("a: 1\n...\n---\nb: 2\n", "second-document", 3, 1),
        ("a: *nowhere\n", "unknown-alias", 1, 4),
        ("a: &loop [1, *loop]\n", "unknown-alias", 1, 14),
        ("a: &x 1\nb:\n  c: &x 2\n", "anchor-twice", 3, 6),
        ("? [a, b]\n: 1\n", "key-not-text", 1, 3),
        ("a: &x y\n*x : 1\n", "key-not-text", 2, 1),
        ("a: 1234567890123456789\n", "number-too-long", 1, 4),
        ("a: [1,\n    " + "9" * 6000 + "]\n", "number-too-long", 2, 5),
        ("a:\n\tb: 1\n", "yaml-syntax", 2, 1),
        ("a: 'open\n", "yaml-syntax", 2, 1),
        ("é: 1\né: 2", "duplicate-key", 2, 1),
        ("{é: 1, 😀: 2, a: &x 1, b: &x 2}", "anchor-twice", 1, 26),
    ],
)
def test_what_is_refused_has_a_code_and_its_exact_place(
    text: str, code: str, line: int, column: int
) -> None:
    assert place(refusal(text)) == (code, line, column)


def test_windows_line_ends_change_no_place() -> None:
    text = "pilot:\r\n  users: 3\r\n  users: 4\r\n"
    assert place(refusal(text)) == ("duplicate-key", 3, 3)
    assert data_of("a: 1\r\nb: [x,\r\n  y]\r\n") == {"a": 1, "b": ["x", "y"]}


def test_a_refused_key_or_name_is_given_to_the_message() -> None:
    assert refusal("a: 1\na: 2").values == {"key": "a"}
    assert refusal("a: *nowhere").values == {"anchor": "nowhere"}
    assert refusal("a: !own 1").values == {"tag": "!own"}


def test_a_control_character_is_refused_on_its_line() -> None:
    diagnostic = refusal("name: X\nsector: a\x00b\n")
    assert (diagnostic.code, diagnostic.span.line) == ("yaml-syntax", 2)


@pytest.mark.parametrize("key", ["!!int 1: x", "!own a: x"])
def test_a_tag_on_a_key_is_refused_like_any_tag(key: str) -> None:
    assert place(refusal(key)) == ("tag", 1, 1)


def test_sixty_four_levels_are_read_and_one_more_is_refused() -> None:
    # The mapping is the first level, so that the 64th bracket opens the 65th level.
    assert data_of("a: " + "[" * 63 + "]" * 63)["a"] is not None
    assert place(refusal("a: " + "[" * 64 + "]" * 64)) == ("too-deep", 1, 67)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_hundred_thousand_levels_are_refused_and_nothing_crashes(opening: str) -> None:
    assert refusal(opening * 100_000).code in {"too-deep", "key-not-text", "yaml-syntax"}


def test_two_hundred_thousand_values_are_read_and_one_more_is_refused() -> None:
    # The list itself is a value; each item takes two columns, after the bracket.
    assert len(data_of("[" + "1," * 199_999 + "]")) == 199_999
    assert place(refusal("[" + "1," * 200_000 + "]")) == ("too-many-values", 1, 400_000)


def test_an_alias_counts_as_many_values_as_it_repeats() -> None:
    diagnostic = refusal(BILLION_LAUGHS)
    assert diagnostic.code == "too-many-values"
    line = BILLION_LAUGHS.split("\n")[diagnostic.span.line - 1]
    assert line[diagnostic.span.column - 1] == "*"


def test_a_missing_file_is_reported_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    diagnostic = refusal_of_file(path)
    assert (diagnostic.path, diagnostic.code) == (str(path), "file-not-found")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert refusal_of_file(tmp_path).code == "file-is-folder"


def test_a_file_that_cannot_be_opened_is_reported_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    diagnostic = refusal_of_file(tmp_path / "file" / "org.yaml")
    assert diagnostic.code == "file-unreadable"
    assert "directory" in str(diagnostic.values["reason"])


def test_five_million_bytes_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_bytes(b"a: 1\n#" + b"x" * 4_999_994)
    assert read_file(path).data == {"a": 1}
    path.write_bytes(b"a: 1\n#" + b"x" * 4_999_995)
    assert refusal_of_file(path).code == "file-too-large"


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"name: X\nsector: caf\xe9\n", 2), ("name: X".encode("utf-16"), 1)],
)
def test_only_utf_8_is_read(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "org.yaml"
    path.write_bytes(content)
    diagnostic = refusal_of_file(path)
    assert (diagnostic.code, diagnostic.span.line) == ("not-utf8", line)


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_bytes("\ufeffname: Église\n".encode())
    document = read_file(path)
    assert document.data == {"name": "Église"}
    assert document.key_span(("name",))[:2] == (1, 1)


def test_a_file_can_be_shown_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(InvalidFileError) as refused:
        read_file(path, shown_as="<stdin>")
    assert refused.value.diagnostics[0].path == "<stdin>"


def test_places_can_be_asked_of_values_keys_and_what_is_missing() -> None:
    document = read_text("pilot:\n  users: 12\nsites:\n  - {id: a}\n", "org.yaml")
    assert document.span(("pilot", "users")) == (2, 10, 2, 12)
    assert document.key_span(("pilot", "users")) == (2, 3, 2, 8)
    assert document.span(("sites", 0, "id")) == (4, 10, 4, 11)
    # What is not in the file stands where its nearest container does.
    assert document.span(("sites", 0, "name")) == document.span(("sites", 0))
    assert document.span(("pilot", "stated", "users")) == document.span(("pilot", "users"))
    assert ("pilot", "users") in document
    assert ("pilot", "months") not in document


def test_what_an_alias_repeats_stands_at_the_alias() -> None:
    document = read_text("a: &x {b: 1}\nc: *x\n", "org.yaml")
    assert document.span(("c", "b")) == (2, 4, 2, 6)


class Quoting(yaml.SafeDumper):
    """PyYAML's writer, with every text in quotes and nothing shared."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


Quoting.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = (
    st.none() | st.booleans() | texts | st.integers(-(10**16), 10**16)
    | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def dumped(data: object, *, flow: bool) -> str:
    written = yaml.dump(data, Dumper=Quoting, default_flow_style=flow, allow_unicode=True)
    return str(written)


@given(documents, st.booleans())
def test_reading_gives_back_what_was_dumped(data: object, flow: bool) -> None:
    assert data_of(dumped(data, flow=flow)) == data


def locations(data: object, here: Location = ()) -> list[tuple[Location, object]]:
    found: list[tuple[Location, object]] = [(here, data)]
    entries: list[tuple[str | int, object]] = []
    if isinstance(data, dict):
        entries = list(data.items())
    elif isinstance(data, list):
        entries = list(enumerate(data))
    for part, value in entries:
        found += locations(value, (*here, part))
    return found


@given(documents)
def test_every_place_cuts_the_text_of_its_value_out_of_the_file(data: object) -> None:
    document = read_text(dumped(data, flow=True), "org.yaml")
    for location, value in locations(data):
        assert data_of(cut(document, location)) == value


@given(st.dictionaries(texts, st.dictionaries(texts, scalars, max_size=3), max_size=3))
def test_every_key_stands_where_its_place_says(data: dict[str, dict[str, object]]) -> None:
    document = read_text(dumped(data, flow=False), "org.yaml")
    for location, _ in locations(data)[1:]:
        span = document.key_span(location)
        line = document.text.split("\n")[span.line - 1]
        assert line[span.column - 1] == '"'
        if span.line == span.end_line:
            assert data_of(line[span.column - 1 : span.end_column - 1]) == location[-1]


def test_a_json_file_without_an_end_of_its_depth_is_refused() -> None:
    # What YAML refuses early leaves the depth to the parser of JSON.
    with pytest.raises(InvalidFileError) as refused:
        read_text('{"a": "\x7f", "b": ' + "[" * 200_000, "deep.json")
    assert [fault.code for fault in refused.value.diagnostics] == ["too-deep"]
