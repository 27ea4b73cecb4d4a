"""What was generated, kept beside the plan: the base of the next update, and the baseline.

The record holds the last two generations, each named by a fingerprint that the plan gives under
`made_from`. It is written before the plan: a process that is killed in between leaves the old plan
with its own generation still there.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from rse_plan.files import Diagnostic, InvalidFileError
from rse_plan.plan.model import Plan
from rse_plan.plan.timetable import Span, stated_spans

KIND = "plan-record"
_KEPT = 2
_INTEGRAL_UP_TO = 1e15

Data = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """The generations of a plan by their fingerprints, the newest last, and its baseline."""

    generations: Mapping[str, Data] = field(default_factory=dict)
    baseline: Mapping[str, Span] = field(default_factory=dict)
    baseline_of: str | None = None

    def base(self, plan: Plan) -> Data | None:
        """Return what was generated when a plan was last written; None when that is lost."""
        return self.generations.get(plan.made_from.generation)

    def with_generation(self, before: str, data: Data) -> Self:
        """Return the record with one more generation, and the one before it."""
        kept = {name: said for name, said in self.generations.items() if name == before}
        generation = data["made_from"]["generation"]
        return type(self)({**kept, generation: data}, self.baseline, self.baseline_of)

    def with_baseline(self, plan: Plan, data: Data) -> Self:
        """Return the record with the dates of a plan as its baseline, and what was generated."""
        generation = data["made_from"]["generation"]
        return type(self)(self.generations, stated_spans(plan), generation)

    def text(self) -> str:
        """Write the record down."""
        said = {
            "kind": KIND,
            "baseline_of": self.baseline_of,
            "baseline": {
                name: [span.start.isoformat(), span.end.isoformat()]
                for name, span in self.baseline.items()
            },
            "generations": self.generations,
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def record_path(plan: Path) -> Path:
    """Return where the record of a plan stands: beside the file, not beside a link to it."""
    # Path.is_symlink fails on a text that is too long for a name.
    plan = plan.resolve() if os.path.islink(plan) else plan  # noqa: PTH114
    return plan.with_name(f"{plan.stem}.record.json")


def read_record(path: Path) -> Record:
    """Read a record; one that does not exist is empty. Raise InvalidFileError for a broken one."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        baseline = {
            name: Span(date.fromisoformat(start), date.fromisoformat(end))
            for name, (start, end) in said["baseline"].items()
        }
        generations = {name: dict(one) for name, one in said["generations"].items()}
        return Record(generations, baseline, said["baseline_of"])
    except FileNotFoundError:
        return Record()
    except OSError as error:
        reason = {"reason": error.strerror}
        raise InvalidFileError([Diagnostic(str(path), "file-unreadable", values=reason)]) from None
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise InvalidFileError([Diagnostic(str(path), "record-broken")]) from None


def plain(plan: Plan) -> Data:
    """Return a plan as it is written: what is said by default is left out, whole numbers whole."""
    data = whole(plan.model_dump(mode="json", exclude_defaults=True))
    return named(data)


def named(data: Data) -> Data:
    """Name a generation by a fingerprint of all it says."""
    said = {**data, "made_from": {**data["made_from"], "generation": ""}}
    fingerprint = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
    return {**data, "made_from": {**data["made_from"], "generation": fingerprint}}


def whole(said: Any) -> Any:
    """Write 5.0 as 5, everywhere in plain data."""
    if isinstance(said, dict):
        return {key: whole(value) for key, value in said.items()}
    if isinstance(said, list):
        return [whole(value) for value in said]
    if isinstance(said, float) and said.is_integer() and abs(said) < _INTEGRAL_UP_TO:
        return int(said)
    return said
