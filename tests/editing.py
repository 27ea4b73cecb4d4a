"""What people do to a plan file in an editor: each edit takes a text and chance, and gives a text.

An edit returns None where there is nothing for it to do. Edits know the places of a text from its
reader, and write as a person would: whole lines, brackets, quotes, comments anywhere.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from rse_plan.files import Document, Location, read_text

Edit = Callable[[str, Random], str | None]
# How each comment begins, so that it can be found again.
COMMENT = "# said "


class Page:
    """A text, its lines, and where its entries stand in them."""

    def __init__(self, text: str) -> None:
        self.document: Document = read_text(text, "plan.yaml")
        self.data = self.document.data
        self.lines = text.split("\n")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def items(self, path: Location) -> list[tuple[int, int]]:
        """Return where each item of a list begins and ends, in lines; none if it is in brackets."""
        found = []
        for index in range(len(self.at(path) or ())):
            start = self.document.span((*path, index)).line - 1
            bare = self.lines[start].lstrip()
            if not bare.startswith("- ") or "- " in bare[2:4]:
                return []
            column, end = self.column(start), start + 1
            while end < len(self.lines) and (
                not self.lines[end].strip()
                or self.column(end) > column
                or self.lines[end].lstrip().startswith("#")
            ):
                end += 1
            while end > start + 1 and not self.lines[end - 1].strip():
                end -= 1
            found.append((start, end))
        return found

    def column(self, line: int) -> int:
        return len(self.lines[line]) - len(self.lines[line].lstrip())

    def at(self, path: Location) -> Any:
        found = self.data
        for part in path:
            if isinstance(found, dict) and part not in found:
                return None
            found = found[part]
        return found

    def put(self, path: Location, written: str) -> str:
        """Write something in the place of a value."""
        line, column, end_line, end_column = self.document.span(path)
        before = self.lines[line - 1][: column - 1]
        after = self.lines[end_line - 1][end_column - 1 :]
        self.lines[line - 1 : end_line] = [before + written + after]
        return self.text

    def set(self, path: Location, key: str, written: str) -> str | None:
        """Give an entry that stands on lines of its own a value, in place of another or below."""
        if key in self.at(path):
            return self.put((*path, key), written)
        first = next(iter(self.at(path)))
        line, column = self.document.key_span((*path, first))[:2]
        end = self.document.span((*path, first)).end_line
        if self.lines[line - 1][: column - 1].strip(" -"):
            # In brackets: behind the first value.
            end_column = self.document.span((*path, first)).end_column
            said = self.lines[end - 1]
            new = said[: end_column - 1] + f", {key}: {written}" + said[end_column - 1 :]
            self.lines[end - 1] = new
        else:
            self.lines.insert(end, " " * (column - 1) + f"{key}: {written}")
        return self.text


def leaves(said: Any, path: Location = ()) -> Iterator[tuple[Location, Any]]:
    if isinstance(said, dict | list):
        inside = said.items() if isinstance(said, dict) else enumerate(said)
        for key, one in inside:
            yield from leaves(one, (*path, key))
    else:
        yield path, said


def task_lists(data: Any) -> list[Location]:
    return [
        (section, number, "tasks")
        for section in ("phases", "sites")
        for number, group in enumerate(data.get(section, ()))
        if group.get("tasks")
    ]


def tasks(data: Any) -> list[Location]:
    return [
        (*path, number)
        for path in task_lists(data)
        for number in range(len(data[path[0]][path[1]]["tasks"]))
    ]


def gates(data: Any) -> list[Location]:
    return [("phases", n, "gate") for n, one in enumerate(data.get("phases", ())) if "gate" in one]


def lists(data: Any) -> list[Location]:
    named = ("sites", "kpis", "risks", "waves", "roles", "decisions", "legal_steps")
    return [*task_lists(data), *((name,) for name in named if data.get(name)), ("budget", "lines")]


# ── Form ──────────────────────────────────────────────────────────────────────────────────────────


def comment_behind(text: str, chance: Random) -> str | None:
    page = Page(text)
    ends = [
        span.end_line - 1
        for path, _ in leaves(page.data)
        if (span := page.document.span(path)).line == span.end_line
        and span.end_column - 1 == len(page.lines[span.end_line - 1])
    ]
    line = chance.choice(ends)
    page.lines[line] += f"  {COMMENT}{chance.randrange(10**6)}"
    return page.text


def comment_above(text: str, chance: Random) -> str | None:
    page = Page(text)
    line = chance.randrange(3, len(page.lines))
    column = page.column(line)
    page.lines.insert(line, " " * column + f"{COMMENT}{chance.randrange(10**6)}")
    return page.text


def blank_line(text: str, chance: Random) -> str | None:
    page = Page(text)
    page.lines.insert(chance.randrange(2, len(page.lines)), "")
    return page.text


def requote(text: str, chance: Random) -> str | None:
    page = Page(text)
    found = [p for p, said in leaves(page.data) if isinstance(said, str) and "\n" not in said]
    path = chance.choice([p for p in found if p != ("kind",)])
    said = page.at(path)
    quoted = json.dumps(said, ensure_ascii=False), "'" + said.replace("'", "''") + "'"
    return page.put(path, chance.choice(quoted))


def list_below(text: str, chance: Random) -> str | None:
    """Write a list in brackets as lines."""
    page = Page(text)
    paths = [(*p, "after") for p in tasks(page.data) if page.at(p).get("after")]
    path = chance.choice(paths)
    line = page.document.span(path).line - 1
    found = re.fullmatch(r"( *)((?:- )?)after: \[[^\[\]]*\]", page.lines[line])
    if not found:
        return None
    indent = " " * (len(found[1]) + len(found[2]))
    items = [f"{indent}- {one}" for one in page.at(path)]
    page.lines[line : line + 1] = [f"{found[1]}{found[2]}after:", *items]
    return page.text


def list_in_brackets(text: str, chance: Random) -> str | None:
    """Write a list in lines as one line."""
    page = Page(text)
    paths = [(*p, "after") for p in tasks(page.data) if page.at(p).get("after")]
    chance.shuffle(paths)
    for path in paths:
        items = page.items(path)
        lines = page.lines[items[0][0] : items[-1][1]] if items else []
        if lines and "#" not in "".join(lines):
            page.lines[items[0][0] : items[-1][1]] = []
            page.lines[items[0][0] - 1] += f" [{', '.join(page.at(path))}]"
            return page.text
    return None


def entry_in_brackets(text: str, chance: Random) -> str | None:
    """Write a task on one line."""
    page = Page(text)
    path = chance.choice(tasks(page.data))
    items = page.items(path[:-1])
    if not items:
        return None
    start, end = items[int(path[-1])]
    if "#" in "".join(page.lines[start:end]):
        return None
    said = json.dumps(page.at(path), ensure_ascii=False)
    page.lines[start:end] = [" " * page.column(start) + f"- {said}"]
    return page.text


# ── Order ─────────────────────────────────────────────────────────────────────────────────────────


def swap(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(lists(page.data))
    items = page.items(path)
    if len(items) < 2:
        return None
    first = chance.randrange(len(items) - 1)
    (a, b), (c, d) = items[first], items[first + 1]
    page.lines[a:d] = [*page.lines[c:d], *page.lines[b:c], *page.lines[a:b]]
    return page.text


def to_another_phase(text: str, chance: Random) -> str | None:
    page = Page(text)
    source, target = chance.choice(task_lists(page.data)), chance.choice(task_lists(page.data))
    items, others = page.items(source), page.items(target)
    if source == target or not items or not others or len(items) < 2:
        return None
    start, end = chance.choice(items)
    cut = page.lines[start:end]
    shift = page.column(others[0][0]) - page.column(start)
    if shift:
        return None
    place = others[-1][1]
    if place > start:
        page.lines[place:place] = cut
        page.lines[start:end] = []
    else:
        page.lines[start:end] = []
        page.lines[place:place] = cut
    return page.text


# ── What is said ──────────────────────────────────────────────────────────────────────────────────


def _shifted(day: str, chance: Random, least: int = -40, most: int = 90) -> str:
    return (date.fromisoformat(day) + timedelta(days=chance.randint(least, most))).isoformat()


def _open(page: Page) -> list[Location]:
    found = [p for p in tasks(page.data) if page.at(p).get("status", "planned") == "planned"]
    return [p for p in found if "start" in page.at(p) and "end" in page.at(p)]


def other_start(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(_open(page))
    return page.put((*path, "start"), _shifted(page.at(path)["start"], chance))


def other_end(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(_open(page))
    return page.put((*path, "end"), _shifted(page.at(path)["end"], chance, 0))


def other_days(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(_open(page))
    start = _shifted(page.at(path)["start"], chance)
    page = Page(page.put((*path, "start"), start))
    return page.put((*path, "end"), _shifted(start, chance, 0, 20))


def no_days(text: str, chance: Random) -> str | None:
    """Delete the dates of a task, for the scheduler to find others."""
    page = Page(text)
    path = chance.choice(_open(page))
    for key in ("end", "start"):
        line = page.document.span((*path, key)).line - 1
        if not re.fullmatch(rf" *{key}: [-0-9]+", page.lines[line]):
            return None
        page.lines[line] = "\0"
    page.lines = [line for line in page.lines if line != "\0"]
    return page.text


def other_gate_day(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(gates(page.data))
    if "date" not in page.at(path):
        return None
    return page.put((*path, "date"), _shifted(page.at(path)["date"], chance))


def reword(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(tasks(page.data))
    key = chance.choice(["title", "why"])
    words = json.dumps(f"Our own words {chance.randrange(10**6)}: “agreed”")
    return page.set(path, key, words)


def note(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(tasks(page.data))
    return page.set(path, "note", chance.choice(["announced to the staff", '"with # a sign"']))


def owner(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice([*tasks(page.data), *gates(page.data)])
    return page.set(path, "owner", chance.choice(["Anne", "'Delphine B.'"]))


def add_task(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(task_lists(page.data))
    items = page.items(path)
    if not items:
        return None
    start, end = chance.choice(items)
    role = chance.choice(page.data["roles"])["id"]
    after = chance.choice(page.data["phases"][0]["tasks"])["id"]
    said = [
        f"id: own-{chance.randrange(10**6)}", "title: Something of our own", f"role: {role}",
        "effort_days: 1", f"duration_days: {chance.randint(1, 9)}", f"after: [{after}]",
    ]  # fmt: skip
    if chance.random() < 0.4:
        said.insert(3, f"start: {_shifted('2027-03-01', chance)}")
    indent = " " * page.column(start)
    lines = [f"{indent}{'- ' if not number else '  '}{one}" for number, one in enumerate(said)]
    if chance.random() < 0.3:
        lines = [f"{indent}- {{{', '.join(said)}}}"]
    page.lines[end:end] = lines
    return page.text


def delete_task(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(task_lists(page.data))
    items = page.items(path)
    if len(items) < 2:
        return None
    start, end = chance.choice(items)
    if COMMENT in "".join(page.lines[start:end]):
        return None
    page.lines[start:end] = []
    return page.text


def work_done(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(_open(page))
    start = _shifted(page.at(path)["start"], chance, -20, 5)
    for key, said in (
        ("actual_end", _shifted(start, chance, 0, 15)), ("actual_start", start), ("status", "done"),
    ):  # fmt: skip
        text = page.set(path, key, said) or text
        page = Page(text)
    return text


def work_begun(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(_open(page))
    start = _shifted(page.at(path)["start"], chance, -20, 5)
    for key, said in (("actual_start", start), ("status", "started")):
        text = page.set(path, key, said) or text
        page = Page(text)
    return text


def work_cancelled(text: str, chance: Random) -> str | None:
    page = Page(text)
    return page.set(chance.choice(_open(page)), "status", "cancelled")


def decide(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = chance.choice(gates(page.data))
    if "decision" in page.at(path):
        return None
    if page.at(path).get("criteria"):
        text = page.set((*path, "criteria", 0), "evidence", "minutes of the committee") or text
        page = Page(text)
    day = _shifted(page.at(path)["date"], chance, -5, 10)
    for key, said in (("decided_on", day), ("decision", chance.choice(["go", "conditional-go"]))):
        text = page.set(path, key, said) or text
        page = Page(text)
    return text


def target(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = ("kpis", chance.randrange(len(page.data["kpis"])))
    return page.set(path, "target", str(chance.randint(1, 9)))


def unit_cost(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = ("budget", "lines", chance.randrange(len(page.data["budget"]["lines"])))
    return page.set(path, "unit_cost", str(chance.randint(1, 900)))


def people(text: str, chance: Random) -> str | None:
    page = Page(text)
    limited = [n for n, role in enumerate(page.data["roles"]) if role.get("people")]
    return page.put(("roles", chance.choice(limited), "people"), chance.choice(["2", "3.5"]))


def day_off(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = ("calendars", chance.randrange(len(page.data["calendars"])), "days_off")
    line, column = page.document.span(path)[:2]
    if page.lines[line - 1][column - 1] != "[":
        return None
    day = date(2027, 1, 4) + timedelta(weeks=chance.randrange(40))
    said = page.lines[line - 1]
    page.lines[line - 1] = said[:column] + f"{day}, " + said[column:]
    return page.text


def no_day_off(text: str, chance: Random) -> str | None:
    page = Page(text)
    path = ("calendars", chance.randrange(len(page.data["calendars"])), "days_off")
    day = chance.choice(page.at(path))
    found = text.replace(f"{day}, ", "", 1)
    return None if found == text else found


def predecessor(text: str, chance: Random) -> str | None:
    page = Page(text)
    waiting = [p for p in tasks(page.data) if page.at(p).get("after")]
    path, other = chance.choice(waiting), page.at(chance.choice(tasks(page.data)))["id"]
    after = [*page.at(path)["after"]]
    if other in after or chance.random() < 0.4:
        after.pop(chance.randrange(len(after)))
    else:
        after.append(other)
    line = page.document.span((*path, "after")).line - 1
    if "[" not in page.lines[line] or COMMENT in page.lines[line]:
        return None
    return page.put((*path, "after"), f"[{', '.join(after)}]")


def setting(text: str, chance: Random) -> str | None:
    page = Page(text)
    key, said = chance.choice(
        [
            ("deadline", "2028-06-30"),
            ("order", "zones"),
            ("ambassador_share", "12%"),
            ("objective", "[critical-mass, reach, end]"),
            ("start", "2026-11-02"),
        ]
    )
    return page.set(("settings",), key, said)


FORM: Sequence[Edit] = (
    comment_behind, comment_above, blank_line, requote, list_below, list_in_brackets,
    entry_in_brackets,
)  # fmt: skip
SAID: Sequence[Edit] = (
    swap, to_another_phase, other_start, other_end, other_days, no_days, other_gate_day, reword,
    note, owner, add_task, delete_task, work_done, work_begun, work_cancelled, decide, target,
    unit_cost, people, day_off, no_day_off, predecessor, setting,
)  # fmt: skip
