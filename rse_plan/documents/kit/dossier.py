"""What documents are filled from, and the words in which they say it.

What nobody knows is a visible blank with the role that fills it, never an invented fact.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN
from functools import cached_property
from typing import Any

from markupsafe import Markup

from rse_plan.documents.kit.manuscript import BOX
from rse_plan.documents.kit.openings import Openings
from rse_plan.documents.render import markdown_text
from rse_plan.documents.wording import Wording
from rse_plan.language import NO_BREAK
from rse_plan.organisation import Fact
from rse_plan.plan.model import Criterion, Site

# Writes a value of which the rounding is given.
Write = Callable[[Any, str], object]


class Dossier(Openings):
    """All that a document asks for, in words; templates see it as ``it``."""

    @cached_property
    def roles(self) -> dict[str, str]:
        """The names of the roles."""
        return {role.id: role.name for role in self.plan.roles}

    @cached_property
    def words(self) -> Wording:
        """The words for what an assessment found."""
        return Wording(self.say, self.playbook)

    @cached_property
    def foot(self) -> str:
        """The foot of every page: of which day its facts are."""
        return self.say("kit.foot", day=self.say.date(self.plan.made_from.organisation_as_of))

    def blank(self, role: str | None = None) -> Markup:
        """Leave something to be filled in, by somebody."""
        if role is None:
            said = self.say("kit.blank")
        else:
            said = self.say("kit.blank_for", role=self.role(role))
        return Markup(f"**\\[{markdown_text(said)}\\]**")  # noqa: S704 - escaped here

    def origin(self, path: str) -> str | None:
        """Say who says a fact of the organisation, and as of when; None when nobody does."""
        if self.assessment is None:
            return None
        fact = self.assessment.organisation.fact(path)
        when = None if fact.as_of is None else str(self.in_figures(fact.as_of))
        return self.say.listed(filter(None, (fact.source, when))) or None

    def traced(self, path: str, role: str) -> object:
        """Say who says a fact, or leave it to be filled in; a dash where there is no fact yet."""
        unknown = self.told(path).state == "unknown"
        return self.origin(path) or ("–" if unknown else self.blank(role))

    def stated(self, found: object, write: Write, role: str | None = None) -> object:
        """Write a value or a fact: what is known, its bounds, that there is none, or a blank.

        A lower bound is rounded down and an upper one up, so that both stay true.
        """
        if not isinstance(found, Fact):
            return self.blank(role) if found is None else write(found, ROUND_HALF_EVEN)
        if found.not_applicable is not None:
            return self.say("not_applicable")
        if found.value is not None:
            return write(found.value, ROUND_HALF_EVEN)
        ends = (
            ("at_least", found.at_least, ROUND_FLOOR),
            ("at_most", found.at_most, ROUND_CEILING),
        )
        bounds = self.say.listed(
            f"{self.say.words(f'init.{name}')[0]} {write(end, rounding)}"
            for name, end, rounding in ends
            if end is not None
        )
        return bounds or self.blank(role)

    def yes_no(self, found: object, role: str | None = None) -> object:
        """Say whether something is so, or leave it to be filled in."""
        return self.stated(found, lambda so, _: self.say("yes" if so else "no"), role)

    def tick(self, met: bool | None) -> object:
        """Say whether a criterion is met, or leave the two boxes to be ticked."""
        boxes = (f"{BOX}{NO_BREAK}{self.say(one)}" for one in ("yes", "no"))
        return " ".join(boxes) if met is None else self.say("yes" if met else "no")

    def measured(self, found: object, unit: str | None, role: str | None = None) -> object:
        """Write a value of a measure in its unit."""
        return self.stated(found, lambda number, how: self._amount(number, unit, how), role)

    def _amount(self, number: float, unit: str | None, rounding: str) -> str:
        if unit == "share":
            return self.say.percent(number, 0, rounding)
        if unit == "%":
            return self.say.percent(number / 100, 1, rounding)
        written = self.say.number(number, 1, rounding)
        if unit == "months":
            return self.say("units.months", count=number, number=written)
        return written if unit in {None, "count", "number"} else f"{written}{NO_BREAK}{unit}"

    def threshold(self, criterion: Criterion) -> str:
        """Write what the measure of a criterion has to reach; nothing where there is none."""
        kpi = self.kpis.get(criterion.kpi or "")
        unit = kpi.unit if kpi else None
        # Nothing is above the whole.
        whole = unit == "share" and criterion.at_least == 1
        least = "" if whole else f"≥{NO_BREAK}"
        bounds = ((least, criterion.at_least), (f"≤{NO_BREAK}", criterion.at_most))
        return self.say.listed(
            f"{sign}{self.measured(end, unit)}" for sign, end in bounds if end is not None
        )

    def money(self, amount: float | None, role: str | None = None, decimals: int = 0) -> object:
        """Write an amount in euros, its sign where the language has it."""
        if amount is None:
            return self.blank(role)
        written = self.say.number(amount, decimals)
        first = self.say.locale.currency_formats["standard"].pattern.startswith("¤")
        return f"€{written}" if first else f"{written}{NO_BREAK}€"

    def basis(self, name: str | None) -> str:
        """Say what a target or a criterion rests on."""
        return "–" if name is None else self.say(f"basis.{name}")

    def choice(self, kind: str, name: str) -> str:
        """Say in words one of the choices of a file, such as the ``high`` of a ``Grade``."""
        plan, organisation = (self.say.table(one)["choices"] for one in ("plan", "organisation"))
        return str((plan if kind in plan else organisation)[kind][name])

    def choices(self, kind: str, found: object, role: str | None = None) -> object:
        """List choices in words."""

        def write(names: Iterable[str], _: str) -> str:
            return self.say.listed(self.choice(kind, name) for name in names)

        return self.stated(found, write, role)

    def or_blank(self, found: object, role: str | None = None) -> object:
        """Return what is known, or leave it to be filled in."""
        return self.stated(None if found in ("", ()) else found, lambda value, _: value, role)

    def role(self, name: str | None) -> str:
        """Return the name of a role."""
        return self.roles.get(name or "", name or "")

    def who(self, role: str | None, owner: str | None = None) -> str:
        """Say who does something: the person who was named, else the role."""
        return owner or self.role(role)

    def doer(self, name: str) -> str:
        """Say who does a task, or decides at a gate."""
        if name in self.gates:
            return self.who(self.gates[name].role, self.gates[name].owner)
        task = self.placed[name].task
        return self.who(task.role, task.owner)

    def titled(self, name: str) -> str | None:
        """Return what a task, a gate or a wave is called; None when the plan has no such thing."""
        if name in self.placed:
            return self.placed[name].task.title
        if name in self.gates:
            return self.gates[name].name
        return next((wave.name for wave in self.plan.waves if wave.id == name), None)

    def day(self, day: date | None) -> object:
        """Write a day in full."""
        return self.blank() if day is None else self.say.date(day)

    def in_figures(self, found: object) -> object:
        """Write a day in figures, for a table."""
        return self.stated(found, lambda day, _: self.say.short_date(day))

    def across(self, task: str, places: Iterable[str] | None = None) -> object:
        """Write when a task that is repeated is, over all or some of its sites or use cases."""
        found = [
            span
            for name, span in self.spans.items()
            if name.endswith(f".{task}")
            and (places is None or name.removesuffix(f".{task}") in places)
        ]
        if not found:
            return self.blank()
        first = self.in_figures(min(span.start for span in found))
        last = self.in_figures(max(span.end for span in found))
        return first if first == last else f"{first} → {last}"

    def period(self, name: str) -> object:
        """Write when a task or gate is, in figures."""
        span = self.spans.get(name)
        if span is None:
            return self.blank()
        start, end = self.in_figures(span.start), self.in_figures(span.end)
        return start if start == end else f"{start} → {end}"

    def country(self, code: str | None, role: str | None = None) -> object:
        """Name a country."""
        return self.blank(role) if code is None else self.say.country(code)

    def tongue(self, code: str | None, role: str | None = None) -> object:
        """Name a language, whatever its country."""
        if code is None:
            return self.blank(role)
        return self.say.locale.languages.get(code.partition("-")[0], code)

    def is_foreign(self, site: Site) -> bool:
        """Say whether a site works in another language than these documents'."""
        return site.language is not None and site.language.partition("-")[0] != self.say.code

    def count(self, name: str, found: object, role: str | None = None) -> object:
        """Write how many there are of something: sites, waves, people, tasks, steps."""

        def write(number: int, _: str) -> str:
            words = f"plan_view.counts.{name}"
            return self.say(words, count=number, number=self.say.number(number))

        return self.stated(found, write, role)

    def noun(self, found: float | Fact[float] | None, one: str, many: str) -> str:
        """Agree a noun with a number, as the language does."""
        number = found.low if isinstance(found, Fact) else found
        single = number is not None and self.say.locale.plural_form(number) == "one"
        return one if single else many

    def share(self, found: object, role: str | None = None) -> object:
        """Write a share as a percentage."""
        return self.stated(found, lambda share, how: self.say.percent(share, 0, how), role)

    def number(self, found: object, decimals: int = 0, role: str | None = None) -> object:
        """Write a number."""
        return self.stated(found, lambda number, how: self.say.number(number, decimals, how), role)

    def month(self, day: date) -> str:
        """Write the month of a day."""
        return self.say.partial_date(f"{day:%Y-%m}")

    def citations(self, names: Iterable[str]) -> Iterator[str]:
        """Name sources of the playbook: author, title, publisher, date."""
        for name in names:
            yield self.words.citation(name)
