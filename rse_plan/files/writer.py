"""Write YAML that our reader reads back as it was, and that older readers do not misread.

A text is quoted whenever it would be read as anything but that text: PyYAML quotes what YAML 1.1
takes for a number or a yes; what only YAML 1.2 does (``1e3``), or what is doubtful, is found by
asking our own reader. Dates stay plain, as people write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import yaml

from rse_plan.files.diagnostic import InvalidFileError
from rse_plan.files.reader import read_text

WIDTH = 100
# Characters for which a text in brackets is quoted, most of the time.
_QUOTED = frozenset(",[]{}:#'\"")
_TEXT, _DAY = "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"


def written(data: Mapping[str, Any] | list[Any], width: int = WIDTH) -> str:
    """Return data as YAML, the innermost lists and mappings on one line where they fit.

    Raise yaml.YAMLError for what YAML has no form for.
    """
    text: str = yaml.dump(
        _Outermost(data, width), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width
    )
    return text


@dataclass(frozen=True)
class _Outermost:
    """What stands outermost, with one entry on each line whatever its length."""

    data: Mapping[str, Any] | list[Any]
    width: int


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, _: object) -> bool:
        """Write shared values out: aliases are for writers, not for readers."""
        return True


def _represented(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    if _is_day(text):
        return dumper.represent_scalar(_DAY, text)
    return dumper.represent_scalar(_TEXT, text, style=None if _stays(text) else '"')


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _stays(text: str) -> bool:
    """Say whether our reader gives a text back, without a doubt, when it stands there plainly."""
    try:
        document = read_text(f"- {text}", "")
    except InvalidFileError:
        return False
    return document.data == [text] and not document.warnings


def _outermost(dumper: _Dumper, outermost: _Outermost) -> Any:
    node: Any = dumper.represent_data(outermost.data)
    _lay_out(node, outermost.width, 0, 0 if isinstance(outermost.data, Mapping) else 2)
    node.flow_style = not outermost.data
    return node


def _lay_out(node: Any, width: int, column: int, indent: int) -> None:
    """Put on one line what fits there and holds no other list or mapping.

    On one line a node begins at `column`, on several its entries do at `indent`. Days alone stay
    in brackets, line after line: a year of holidays one below the other would hide the rest.
    """
    if isinstance(node, yaml.ScalarNode):
        return
    is_list = isinstance(node, yaml.SequenceNode)
    inner = node.value if is_list else [*chain(*node.value)]
    flat = all(isinstance(one, yaml.ScalarNode) for one in inner)
    days = is_list and inner and all(one.tag == _DAY for one in inner)
    node.flow_style = flat and (days or column + sum(_length(one) + 2 for one in inner) <= width)
    for one in node.value:
        if is_list:
            _lay_out(one, width, indent, indent)
        else:
            key, value = one
            _lay_out(value, width, indent + _length(key) + 2, indent + 2)


def _length(scalar: Any) -> int:
    quoted = scalar.style or set(scalar.value) & _QUOTED
    return len(scalar.value) + 2 * bool(quoted)


_Dumper.add_representer(str, _represented)
_Dumper.add_representer(_Outermost, _outermost)
