"""JSON for people and programs: letters can be read, what does not show is escaped."""

import json
import re

from rse_plan.language import printable

_UNSEEN = re.compile(r"[^\n\x20-\x7e]")


def dumped(data: object) -> str:
    """Write JSON in which letters can be read and characters that do not show are escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _UNSEEN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    if found[0].isprintable():
        return found[0]
    # Half a character, of a path that is not in UTF-8, is no JSON for most readers.
    shown = printable(found[0]) if "\ud800" <= found[0] <= "\udfff" else found[0]
    return json.dumps(shown)[1:-1]
