"""One language of the product: its words, and how it writes numbers and dates.

Words stand in ``templates/<language>``; a word that is missing is an error, never another
language's. To add a language, add its folder there and to each playbook's ``texts``.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from rse_plan.files import Diagnostic, read_file
from rse_plan.files.resources import shipped

if TYPE_CHECKING:
    from babel import Locale

NO_BREAK = "\u00a0"
_BLANKS = {NO_BREAK, "\u202f"}
_LONGEST = 200


_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def plain_name(text: str) -> str:
    """Write a text in small letters, digits and hyphens, as ids and names of files are."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_NAMES.sub("-", plain).strip("-")


@cache
def languages() -> tuple[str, ...]:
    """List the languages there are words in; French, the users' first, comes first."""
    found = sorted(path.name for path in shipped("templates").iterdir() if path.is_dir())
    return tuple(sorted(found, key=lambda code: (code != "fr", code)))


@dataclass(frozen=True)
class Language:
    """Say things in one language."""

    code: str

    @cached_property
    def locale(self) -> "Locale":
        """Babel's locale."""
        from babel import Locale  # noqa: PLC0415 - JSON needs no numbers in words

        return Locale.parse(self.code)

    def table(self, name: str) -> dict[str, Any]:
        """Return one of the language's files of words."""
        return _table(self.code, name)

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return the words of a dotted key such as ``assess.coverage``, filled with values.

        Words with a singular and a plural choose by the value named ``count``.
        """
        found: Any = self.table("terms")
        for part in key.split("."):
            found = found[part]
        if isinstance(found, dict):
            found = found[self.locale.plural_form(values["count"])]
        return str(found).format(**values) if values else str(found)

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of words that mean the same, at a dotted key."""
        found: Any = self.table("terms")
        for part in key.split("."):
            found = found[part]
        return tuple(found)

    def message(self, diagnostic: Diagnostic) -> str:
        """Say what a diagnostic found."""
        words = self.table("diagnostics")["codes"][diagnostic.code]["message"]
        values = _shown_values(diagnostic)
        if values.get("field") == "":
            values["field"] = self("the_file")
        if "problem" in values:
            values["problem"] = self._problem(str(values["problem"]), values)
        return str(words).format(**values)

    def _problem(self, said: str, values: dict[str, object]) -> str:
        """Say in words what a parser says in its own, which are kept when there are no others."""
        words = self.table("diagnostics")["problems"].get(said)
        return said if words is None else str(words).format(**values)

    def hint(self, diagnostic: Diagnostic) -> str | None:
        """Say how to mend what a diagnostic found."""
        if diagnostic.suggestion:
            return self("did_you_mean", word=_cut(diagnostic.suggestion))
        words = self.table("diagnostics")["codes"][diagnostic.code].get("hint")
        values = _shown_values(diagnostic)
        return str(words).format(**values) if words else None

    def number(
        self, value: float | Decimal, decimals: int = 0, rounding: str = ROUND_HALF_EVEN
    ) -> str:
        """Write a number with so many decimals, fewer when it is exact with fewer."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - likewise

        number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        exact = number.quantize(Decimal(1).scaleb(-decimals), rounding)
        digit = "#" if exact == number else "0"
        pattern = "#,##0" + ("." + digit * decimals if decimals else "")
        return str(format_decimal(exact, format=pattern, locale=self.locale))

    def percent(self, share: float, decimals: int = 0, rounding: str = ROUND_HALF_EVEN) -> str:
        """Write a share as a percentage, its no-break space where the language has one."""
        spaced = "\u00a0" in self.locale.percent_formats[None].pattern
        hundredths = Decimal(repr(float(share))) * 100
        return f"{self.number(hundredths, decimals, rounding)}{NO_BREAK if spaced else ''}%"

    def date(self, day: dt.date) -> str:
        """Write a day in full."""
        return self._date(day, "d MMMM y")

    def short_date(self, day: dt.date) -> str:
        """Write a day for a table: in figures, or with its month cut short."""
        return self._date(day, self("plan_view.day"))

    def partial_date(self, written: str) -> str:
        """Write a date of which only the year, or the year and month, may be known."""
        year, *rest = (int(part) for part in written.split("-"))
        if not rest:
            return str(year)
        if len(rest) == 1:
            return self._date(dt.date(year, rest[0], 1), "MMMM y")
        return self.date(dt.date(year, *rest))

    def _date(self, day: dt.date, form: str) -> str:
        from babel.dates import format_date  # noqa: PLC0415 - costs more than all the words

        written = str(format_date(day, format=form, locale=self.locale))
        first = self.code == "fr" and written.startswith("1 ")
        return f"1er {written[2:]}" if first else written

    def country(self, code: str) -> str:
        """Name a country by its code (ISO 3166); a code that has no name stays as it is."""
        return str(self.locale.territories.get(code, code))

    def listed(self, words: Iterable[str]) -> str:
        """Join words with commas."""
        return ", ".join(words)


def _shown_values(diagnostic: Diagnostic) -> dict[str, object]:
    """Make values safe to print, and short: they may come from the file."""
    return {name: _shown(value) for name, value in diagnostic.values.items()}


def _shown(value: object) -> object:
    """Put a value on one line, without control characters."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    return _cut(str(value))


def _cut(text: str) -> str:
    """Show the beginning of a text that is long."""
    shown = printable(text[: _LONGEST + 1])
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def printable(text: str) -> str:
    """Write out what would steer a terminal instead of being shown by it."""
    return "".join(c if c.isprintable() or c in _BLANKS else repr(c)[1:-1] for c in text)


@cache
def _table(code: str, name: str) -> dict[str, Any]:
    # Templates that are not ours can ask for any name.
    if not name.isidentifier():
        raise KeyError(name)
    table: dict[str, Any] = read_file(shipped("templates") / code / f"{name}.yaml").data
    return table
