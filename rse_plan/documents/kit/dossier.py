"""What documents are filled from, and the words in which they say it.

What nobody knows is a visible blank with the role that fills it, never an invented fact.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from markupsafe import Markup

from rse_plan.documents.kit.queries import Queries
from rse_plan.documents.render import markdown_text
from rse_plan.documents.wording import Wording
from rse_plan.language import NO_BREAK


class Dossier(Queries):
    """All that a document asks for, in words; templates see it as ``it``."""

    @cached_property
    def roles(self) -> dict[str, str]:
        """The names of the roles."""
        return {role.id: role.name for role in self.plan.roles}

    @cached_property
    def words(self) -> Wording:
        """The words for what an assessment found."""
        return Wording(self.say, self.playbook)

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

    def yes_no(self, value: object, role: str | None = None) -> object:
        """Say whether something is so, or leave it to be filled in."""
        return self.blank(role) if value is None else self.say("yes" if value else "no")

    def measured(self, number: float | None, unit: str | None) -> object:
        """Write a value of a measure in its unit."""
        if number is None:
            return self.blank()
        if unit == "share":
            return self.say.percent(number)
        if unit == "months":
            return self.say("units.months", count=number, number=self.say.number(number, 1))
        if unit == "%":
            return self.say.percent(number / 100, 1)
        written = self.say.number(number, 1)
        return written if unit in {None, "count", "number"} else f"{written}{NO_BREAK}{unit}"

    def choice(self, kind: str, name: str) -> str:
        """Say in words one of a plan's choices, such as the ``high`` of a ``Grade``."""
        return str(self.say.table("plan")["choices"][kind][name])

    def or_blank(self, value: object, role: str | None = None) -> object:
        """Return what is known, or leave it to be filled in."""
        return self.blank(role) if value is None or value in ("", ()) else value

    def role(self, name: str | None) -> str:
        """Return the name of a role."""
        return self.roles.get(name or "", name or "")

    def who(self, role: str | None, owner: str | None = None) -> str:
        """Say who does something: the person who was named, else the role."""
        return owner or self.role(role)

    def day(self, day: date | None) -> object:
        """Write a day in full."""
        return self.blank() if day is None else self.say.date(day)

    def in_figures(self, day: date | None) -> object:
        """Write a day in figures, for a table."""
        return self.blank() if day is None else self.say.short_date(day)

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

    def country(self, code: str | None) -> object:
        """Name a country."""
        return self.blank() if code is None else self.say.locale.territories.get(code, code)

    def tongue(self, code: str | None) -> object:
        """Name a language."""
        return self.blank() if code is None else self.say.locale.languages.get(code, code)

    def count(self, name: str, number: int) -> str:
        """Write how many there are of something: sites, waves, people, tasks, steps."""
        return self.say(f"plan_view.counts.{name}", count=number, number=self.say.number(number))

    def share(self, share: float | None) -> object:
        """Write a share as a percentage."""
        return self.blank() if share is None else self.say.percent(share)

    def number(self, number: float | None, decimals: int = 0) -> object:
        """Write a number."""
        return self.blank() if number is None else self.say.number(number, decimals)

    def month(self, day: date) -> str:
        """Write the month of a day."""
        return self.say.partial_date(f"{day:%Y-%m}")

    def citations(self, names: Iterable[str]) -> Iterator[str]:
        """Name sources of the playbook: author, title, publisher, date."""
        for name in names:
            yield self.words.citation(name)
