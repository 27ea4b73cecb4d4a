"""What people wrote and what is generated come together, and nobody's change is lost unsaid."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rse_plan.files.splice import by_id
from rse_plan.plan.merge import ABSENT, Conflict, merged

SILENT = frozenset({"start", "end"})


def only(base: Any, ours: Any, theirs: Any) -> Any:
    """Return what is merged where nothing is in conflict."""
    result, conflicts = merged(base, ours, theirs)
    assert conflicts == []
    return result


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        (1, 1, 2, 2),
        (1, 2, 1, 2),
        (1, 2, 2, 2),
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}),
        ({"a": 1}, {"a": 1}, {}, {}),
        ({"a": 1}, {}, {"a": 1, "b": 2}, {"b": 2}),
        ({"a": None}, {"a": None}, {}, {}),
        ({}, {"a": None}, {"b": 1}, {"a": None, "b": 1}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}, {"a": {"b": 1, "c": 2}},
         {"a": {"b": 2, "c": 2}}),
        ({}, {"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        (3, {"b": 1}, {"c": 2}, {"b": 1, "c": 2}),
        (3, ["b"], ["c"], ["c", "b"]),
    ],
)  # fmt: skip
def test_what_one_side_changed_is_taken(base: Any, ours: Any, theirs: Any, result: Any) -> None:
    assert only(base, ours, theirs) == result


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (1, 2, 3),
        (1, True, 2),
        (None, 1, 2),
        (["a"], "a", ["b"]),
        ({"a": 1}, {"a": 2}, ["b"]),
        (["a", "a"], ["a", "b"], ["a", "a", "b"]),
        ([[1]], [[2]], [[3]]),
        ([{"id": "a"}, {"id": "a"}], [{"id": "a"}, {"id": "a"}, {"id": "b"}], [{"id": "a"}]),
        ([], ["a"], [{"id": "a"}]),
        ([], [{"b": 1}], [{"b": 2}]),
    ],
)
def test_where_both_differ_ours_stays_and_theirs_is_listed(
    base: Any, ours: Any, theirs: Any
) -> None:
    assert merged(base, ours, theirs) == (ours, [Conflict((), base, ours, theirs)])
    assert merged({"k": base}, {"k": ours}, {"k": theirs}) == (
        {"k": ours}, [Conflict(("k",), base, ours, theirs)],
    )  # fmt: skip


def test_an_entry_that_both_add_differently_has_no_base() -> None:
    assert merged({}, {"a": 1}, {"a": 2}) == ({"a": 1}, [Conflict(("a",), ABSENT, 1, 2)])
    ours, theirs = [{"id": "x", "a": 1, "b": 1}], [{"id": "x", "a": 2, "c": 1}]
    assert merged([], ours, theirs) == (
        [{"id": "x", "a": 1, "b": 1, "c": 1}], [Conflict(("x", "a"), ABSENT, 1, 2)],
    )  # fmt: skip


def tasks(*named: str, **changed: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": name, "start": 1, **changed.get(name, {})} for name in named]


def test_items_are_found_by_their_id_and_keep_our_order() -> None:
    result = only(
        tasks("a", "b", "c"),
        tasks("c", "mine", "a", "b", a={"name": "A"}),
        tasks("first", "a", "b", "new", "newer", "c", "last", b={"start": 2}),
    )
    assert result == tasks(
        "first", "c", "last", "mine", "a", "b", "new", "newer", a={"name": "A"}, b={"start": 2}
    )


def test_what_follows_an_item_that_we_deleted_follows_the_one_before() -> None:
    assert only(tasks("a", "b", "c"), tasks("a", "c"), tasks("a", "b", "new", "c")) == tasks(
        "a", "new", "c"
    )


def test_what_we_deleted_stays_deleted_and_is_a_conflict_only_when_there_is_news() -> None:
    base, ours = tasks("a", "b"), tasks("a")
    assert merged(base, ours, tasks("a", "b", a={"name": "A"}))[1] == []
    moved, renamed = {"start": 2}, {"start": 2, "name": "B"}
    assert merged(base, ours, tasks("a", "b", b=moved), SILENT) == (ours, [])
    for change, silent in ((moved, frozenset[str]()), (renamed, SILENT)):
        theirs = tasks("a", "b", b=change)
        conflict = Conflict(("b",), base[1], ABSENT, theirs[1])
        assert merged(base, ours, theirs, silent) == (ours, [conflict])


def test_silent_keys_are_silent_however_deep_and_alone_but_no_ids() -> None:
    deep = {"a": {"gate": [{"start": 1, "b": 1}]}}
    moved = {"a": {"gate": [{"start": 2, "b": 1}]}}
    assert merged(deep, {}, moved, SILENT) == ({}, [])
    assert merged({"start": 1, "b": 1}, {"b": 1}, {"start": 2, "b": 2}, SILENT) == ({"b": 2}, [])
    theirs = tasks("start", start={"name": "S"})
    assert len(merged(tasks("start"), [], theirs, SILENT)[1]) == 1


def test_a_date_that_we_chose_is_a_conflict_when_it_moves() -> None:
    ours, theirs = tasks("a", a={"start": 5}), tasks("a", a={"start": 2})
    assert merged(tasks("a"), ours, theirs, SILENT) == (
        ours, [Conflict(("a", "start"), 1, 5, 2)],
    )  # fmt: skip


def test_what_they_delete_goes_unless_we_changed_it() -> None:
    base = tasks("a", "b", "c")
    ours = tasks("a", "b", "c", b={"name": "B"})
    assert only(base, base, tasks("a")) == tasks("a")
    assert merged(base, ours, tasks("a")) == (
        tasks("a", "b", b={"name": "B"}), [Conflict(("b",), base[1], ours[1], ABSENT)],
    )  # fmt: skip


def test_an_item_of_another_id_is_deleted_and_added() -> None:
    base, ours = tasks("a"), tasks("renamed")
    assert only(base, ours, tasks("a", "b")) == tasks("b", "renamed")
    assert len(merged(base, ours, tasks("a", a={"start": 2}))[1]) == 1


def test_lists_of_values_are_sets_in_our_order() -> None:
    assert only(["a", "b", "c"], ["c", "x", "b"], ["a", "b", "y", "c"]) == ["c", "x", "b", "y"]
    assert only(["a", "b"], ["b", "a"], ["a"]) == ["a"]
    assert only([1, True], [True, 1, 2], [1]) == [1, 2]
    assert only([], ["a"], ["b", "a"]) == ["b", "a"]


def test_an_order_that_only_theirs_changed_is_taken_and_ours_is_kept() -> None:
    base, turned = tasks("a", "b"), tasks("b", "a")
    assert only(base, base, turned) == turned
    assert only(base, turned, tasks("a", "b", b={"start": 2})) == tasks("b", "a", b={"start": 2})


def test_nothing_that_is_given_is_changed_even_by_a_change_of_the_result() -> None:
    base, mine, new = tasks("a", "b"), tasks("b", "mine"), tasks("a", "b", "new")
    for sides in ((base, mine, new), (base, base, new), (base, mine, base)):
        before = deepcopy(sides)
        result, _ = merged(*sides)
        result[0]["name"] = "X"
        assert sides == before


VALUES = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from("abc")
KEYS = st.sampled_from(["a", "b", "start", "needs"])
IDS = st.lists(st.sampled_from("pqrstu"), unique=True, max_size=4)


@st.composite
def of_ids(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
    return [draw(st.dictionaries(KEYS, inner, max_size=3)) | {"id": name} for name in draw(IDS)]


DATA = st.recursive(
    VALUES,
    lambda inner: (
        st.dictionaries(KEYS, inner, max_size=4)
        | of_ids(inner)
        | st.lists(VALUES, max_size=3, unique_by=repr)
        | st.lists(inner, max_size=2)
    ),
    max_leaves=12,
)
TREES = st.dictionaries(KEYS, DATA, min_size=1, max_size=4)
Leaf = tuple[tuple[Any, ...], str]


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[Leaf]:
    """Yield what merges as one, as text that tells true from 1, by its path."""
    plain = isinstance(data, list) and not any(isinstance(one, dict | list) for one in data)
    if plain and len({*map(repr, data)}) == len(data):
        for one in data:
            yield (*path, repr(one)), repr(one)
    elif isinstance(data, dict) or (isinstance(data, list) and by_id(data) is not None):
        entries = data if isinstance(data, dict) else by_id(data) or {}
        for name, one in entries.items():
            yield from leaves(one, (*path, name))
    else:
        yield path, repr(data)


@given(TREES, TREES)
def test_where_only_one_side_changed_anything_it_is_taken_as_it_is(base: Any, other: Any) -> None:
    assert only(base, base, other) == other
    assert only(base, other, base) == other
    assert only(base, other, other) == other


@given(TREES, TREES, TREES)
def test_every_change_of_ours_stays_and_every_change_of_theirs_comes_or_is_listed(
    base: Any, ours: Any, theirs: Any
) -> None:
    result, conflicts = merged(base, ours, theirs)
    before, found = set(leaves(base)), set(leaves(result))
    assert set(leaves(ours)) - before <= found
    for path, value in set(leaves(theirs)) - before - found:
        assert any(path[: len(one.path)] == one.path for one in conflicts), (path, value)


@given(TREES, TREES, TREES)
def test_merging_again_changes_nothing(base: Any, ours: Any, theirs: Any) -> None:
    result, conflicts = merged(base, ours, theirs)
    assert only(theirs, result, theirs) == result
    assert all(one.ours != one.theirs or repr(one.ours) != repr(one.theirs) for one in conflicts)
