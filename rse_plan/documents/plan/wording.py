"""Put what is to be seen of a plan into words: days, tasks, reasons, what would mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING

from rse_plan.documents.plan.changes import Shift
from rse_plan.documents.plan.selection import Skipped, Step
from rse_plan.language import Language
from rse_plan.plan.calendars import WEEKDAYS
from rse_plan.plan.generation import Generated
from rse_plan.plan.model import Decision, LegalStep, Plan
from rse_plan.plan.report import MOST_MORE, Figures, Line, Missed, Search, Staffing
from rse_plan.plan.timetable import END, Span
from rse_plan.playbook import Playbook
from rse_plan.scheduling import Reason, Unmet

# So many of the tasks that hold somebody are named; the others are counted.
_NAMED = 1
_WEEK = 5
_THEN = " → "
_MINUS = "\u2212"


class PlanWording:
    """Say in one language what stands in a plan."""

    def __init__(self, made: Generated, language: Language) -> None:
        """Speak of one plan, with the timetable that its reasons are about."""
        self.say = language
        self.table = made.table
        self.plan: Plan = made.plan
        self.placed = {one.task.id: one for one in self.plan.placed}
        self.gates = {gate.id: gate for gate in self.plan.gates}
        self.roles = {role.id: role.name for role in self.plan.roles}
        self.waves = {f"{wave.id}.open": wave.name for wave in self.plan.waves}
        self.calendars = {one.id: one for one in self.plan.calendars}

    def day(self, day: date | None) -> str:
        """Write a day in figures, for a table."""
        if day is None:
            return self.say("plan_view.none")
        return self.say.short_date(day)

    def days(self, number: int) -> str:
        """Write a number of days."""
        return self.count("plan_view.days", number).replace("-", _MINUS)

    def count(self, key: str, number: int) -> str:
        """Write a number with what it counts, in the singular or the plural."""
        return self.say(key, count=number, number=self.say.number(number))

    def shift(self, days: int) -> str:
        """Write by how many days something is later or earlier."""
        if not days:
            return self.say("plan_view.same")
        key = "plan_view.later" if days > 0 else "plan_view.earlier"
        return self.say(key, days=self.say.number(abs(days)))

    def role(self, name: str | None) -> str:
        """Return the name of a role."""
        return self.roles.get(name or "", name or self.say("plan_view.none"))

    def name(self, name: str) -> str:
        """Return the title of a task, with its site, or the name of a gate or a wave."""
        if one := self.placed.get(name):
            return self.at_site(one.task.title, one.site.name if one.site else None)
        if gate := self.gates.get(name):
            return gate.name
        if name in self.waves:
            return self.say("plan_view.wave_opened", name=self.waves[name])
        return self.say("plan_view.whole") if name == END else name

    def title(self, line: Line) -> str:
        """Return the title of a line, with its site."""
        return self.at_site(line.title, line.site)

    def at_site(self, title: str, site: str | None) -> str:
        """Name the site beside a title."""
        return self.say("plan_view.at_site", title=title, site=site) if site else title

    def either(self, words: Iterable[str]) -> str:
        """Join words of which one is enough."""
        return self.say("plan_view.or").join(words)

    def columns(self, *names: str) -> list[str]:
        """Return the heads of columns."""
        return [self.say(f"plan_view.columns.{name}") for name in names]

    def number(self, number: float | None) -> str:
        """Write a number that may not be known."""
        return self.say("plan_view.none") if number is None else self.say.number(number)

    def share(self, share: float | None) -> str:
        """Write a share that may not be known."""
        return self.say("plan_view.none") if share is None else self.say.percent(share)

    def made_from(self, span: Span, playbook: Playbook) -> str:
        """Say from when to when the plan goes, and from which playbook it comes."""
        start, end = self.say.date(span.start), self.say.date(span.end)
        named = f"{playbook.title} {playbook.version}"
        return self.say("plan_view.span", start=start, end=end, playbook=named)

    def forecast(self) -> str | None:
        """Say how sure the end is, under which spread of durations."""
        found, spread = self.plan.forecast, self.plan.settings.spread
        if found is None:
            return None
        return self.say(
            "plan_view.forecast",
            p50=self.say.date(found.p50),
            p80=self.say.date(found.p80),
            least=self.say.percent(spread.least),
            most=self.say.percent(spread.most),
        )

    def figure(self, name: str) -> str:
        """Name a figure of the plan."""
        return self.say(f"plan_view.figures.{name}")

    def search(self, found: Search, now: Figures, missed: int) -> tuple[str, str]:
        """Say what a longer search gained or gave up, and how far the best plan may be."""
        was = found.at_once
        said = self.say(
            "plan_view.search_line",
            reach=self.shift((now.reach - was.reach).days),
            half=self.shift((now.critical_mass - was.critical_mass).days),
            end=self.shift((now.end - was.end).days),
        )
        if missed != found.missed:
            counts = {"was": self.say.number(found.missed), "now": self.say.number(missed)}
            said = f"{said}{self.say('plan_view.search_missed', **counts)}"
        if found.gap is None:
            return said, self.say("plan_view.search_no_gap")
        gap = self.say.percent(found.gap, 1, ROUND_CEILING)
        return said, self.say(f"plan_view.search_gap.{found.figure}", gap=gap)

    def size(self, headcount: int) -> str:
        """Say how much there is of everything."""
        counted = {
            "sites": len(self.plan.sites),
            "people": headcount,
            "waves": len(self.plan.waves),
            "tasks": len(self.placed),
        }
        return self.say.listed(
            self.count(f"plan_view.counts.{name}", number)
            for name, number in counted.items()
            if number
        )

    def announced(self, missed: int) -> str:
        """Say how many of the announced dates are missed."""
        if not missed:
            return self.say("plan_view.announced_kept")
        number, total = self.say.number(missed), self.say.number(len(self.plan.wishes))
        return self.say("plan_view.announced_missed", count=missed, number=number, total=total)

    def skipped(self, skipped: Skipped) -> str:
        """Say which steps of a chain are not shown."""
        return self.say(
            "plan_view.skipped",
            steps=self.count("plan_view.counts.steps", skipped.steps),
            start=self.day(skipped.span.start),
            end=self.day(skipped.span.end),
        )

    def bottleneck(self, most: Staffing | None) -> str:
        """Say who holds the plan back, and what one more of them would buy."""
        if most is None:
            return self.say("plan_view.no_bottleneck")
        return self.say("plan_view.bottleneck", **self._bought(most))

    def other_staffing(self, others: Iterable[Staffing]) -> str:
        """Say what one more person of other roles would buy."""
        bought = [one for one in others if max(one.reach_days, one.end_days) > 0]
        idle = [self.role(one.role) for one in others if max(one.reach_days, one.end_days) <= 0]
        listed = self.say.listed(
            self.say("plan_view.next_staffing", **self._bought(one)) for one in bought
        )
        said = [self.say("plan_view.other_staffing", roles=listed)] if bought else []
        said += [self.say("plan_view.no_effect", roles=self.say.listed(idle))] if idle else []
        return " ".join(said)

    def _bought(self, one: Staffing) -> dict[str, str]:
        reach, end = self.days(one.reach_days), self.days(one.end_days)
        return {"role": self.role(one.role), "reach": reach, "end": end}

    def decision(self, decision: Decision) -> str:
        """Say what is to decide, and who decides."""
        role = self.role(decision.role)
        return self.say("plan_view.decision", question=decision.question, role=role)

    def legal_step(self, step: LegalStep) -> str:
        """Say what the law asks for, and of whom."""
        return self.say("plan_view.legal_step", title=step.title, role=self.role(step.role))

    def legal_others(self, done: int, not_due: int) -> str:
        """Count the legal steps that ask for nothing any more."""
        counted = {"plan_view.legal_done": done, "plan_view.legal_not_due": not_due}
        return " ".join(self.count(key, number) for key, number in counted.items() if number)

    def to_confirm(self, names: Iterable[str]) -> str:
        """Name tasks that may not be needed, those of one title once."""
        titles = {self.placed[name].task.title: None for name in names}
        return self.say.listed(titles)

    def shifted(self, shift: Shift) -> str:
        """Name what moves, and whether it is its start or its end."""
        title = shift.title or self.say("plan_view.whole")
        return self.say(f"plan_view.changes.{shift.of}", title=title)

    def moves(self, shifts: Sequence[Shift]) -> str:
        """Say how many entries are later and earlier, and by how much at most."""
        later = [one.days for one in shifts if one.days > 0]
        earlier = [-one.days for one in shifts if one.days < 0]
        return self.say.listed(
            self.say(
                f"plan_view.changes.{key}",
                count=len(found),
                number=self.say.number(len(found)),
                days=self.days(max(found)),
            )
            for key, found in (("later", later), ("earlier", earlier))
            if found
        )

    def missed(self, one: Missed) -> str:
        """Say by how much an announced date is missed."""
        planned = self.say.date(one.wish.planned or one.wish.wanted)
        return self.say(
            "plan_view.missed", text=one.wish.text, planned=planned, days=self.days(one.days)
        )

    def missed_why(self, one: Missed, *, mends: bool = True, chain: bool = True) -> str:
        """Say what keeps an announced date from being kept, and what would mend it."""
        said = []
        if one.reason:
            reason = self.reason(self.starting(one.wish.about), one.reason)
            said.append(self.say("plan_view.missed_why", reason=reason))
        if chain and len(phases := self._phases(one.chain)) > 1:
            said.append(self.say("plan_view.missed_chain", phases=_THEN.join(phases)))
        return " ".join([*said, self.mends(one)] if mends else said)

    def _phases(self, chain: Iterable[str]) -> list[str]:
        """Name the phases that a chain goes through, in its order."""
        of_gates = {phase.gate.id: phase.id for phase in self.plan.phases if phase.gate}
        of_tasks = {name: one.phase for name, one in self.placed.items()}
        names = {phase.id: phase.name for phase in self.plan.phases}
        found = ((of_gates | of_tasks).get(name) for name in chain)
        return [*dict.fromkeys(names[phase] for phase in found if phase)]

    def starting(self, about: str) -> str:
        """Return what an announced date is about: of a wave, its first launch."""
        sites = {name for wave in self.plan.waves if wave.id == about for name in wave.sites}
        launches = [
            (one.task.start, one.task.id)
            for one in self.placed.values()
            if one.site and one.site.id in sites and one.task.launches and one.task.start
        ]
        return min(launches)[1] if launches else about

    def mends(self, one: Missed) -> str:
        """Say with how many more people an announced date would be kept."""
        if one.is_kept_at_once:
            return self.say("plan_view.kept_at_once")
        if not one.mends:
            return self.count("plan_view.no_mend", MOST_MORE)
        people = one.mends[0].people
        roles = self.either(self.role(mend.role) for mend in one.mends)
        number = self.say.number(people)
        return self.say("plan_view.mend", count=people, number=number, roles=roles)

    def no_mend(self, *, any_has: bool) -> str:
        """Say that no announced date, or none of the others, would be kept with more people."""
        key = "plan_view.no_mend_for_others" if any_has else "plan_view.no_mend_at_all"
        return self.say(key, number=self.say.number(MOST_MORE))

    def unmet(self, one: Unmet) -> str:
        """Say what the schedule does not keep to."""
        names = self.table.names
        resource = one.resource
        role = "" if resource is None else self.table.problem.resources[resource].name
        return self.say(
            f"plan_view.unmet.{one.kind}",
            what=self.name(names[one.activity]),
            days=self.days(one.days),
            other="" if one.other is None else self.name(names[one.other]),
            role=self.role(role),
        )

    def reason(self, name: str, reason: Reason) -> str:
        """Say what keeps a task or gate from starting earlier."""
        match reason.kind:
            case "not-before":
                said = self._not_before(name)
            case "predecessor":
                said = self._waiting(name, reason.activities[0])
            case "resource":
                said = self._taken(reason)
            case "calendar":
                said = self._closed(name, reason)
            case "within":
                said = self.say("plan_view.reasons.within", what=self._names(reason.activities))
            case "fixed":
                status = self.placed[name].task.status if name in self.placed else "planned"
                said = self.say(f"plan_view.reasons.fixed.{status}")
            case _:
                said = self.say("plan_view.reasons.choice")
        return said

    def why(self, step: Step) -> str:
        """Say why a step of a chain starts when it does; the step before is named first."""
        reason = step.line.reason
        before = self.table.index.get(step.before or "")
        if before in reason.activities:
            others = (one for one in reason.activities if one != before)
            reason = replace(reason, activities=(before, *others))
        return self.reason(step.line.id, reason)

    def waits(self, step: Step) -> bool:
        """Tell whether a step waits for the one before, over a weekend at most."""
        reason = step.line.reason
        alone = [self.table.names[one] for one in reason.activities] == [step.before]
        if reason.kind == "calendar" and reason.days and reason.resource is None:
            return alone and self._is_weekend(step.line.id, reason.days)
        return alone and reason.kind == "predecessor" and not self._lag(step.line.id, step.before)

    def _not_before(self, name: str) -> str:
        start = self._start(name)
        if start in {None, self.plan.settings.start}:
            return self.say("plan_view.reasons.plan-start")
        return self.say("plan_view.reasons.not-before", date=self.day(start))

    def _start(self, name: str) -> date | None:
        if name in self.placed:
            return self.placed[name].task.start
        return self.gates[name].date if name in self.gates else None

    def _waiting(self, name: str, before: int) -> str:
        """Say what is waited for, and how long after it where that is asked."""
        what = self.table.names[before]
        if days := self._lag(name, what):
            return self.say("plan_view.reasons.lag", days=self.days(days), what=self.name(what))
        return self.say("plan_view.reasons.predecessor", what=self.name(what))

    def _lag(self, name: str, before: str | None) -> int:
        """Return the least days between two tasks or gates."""
        waiting = self.placed[name].task if name in self.placed else self.gates.get(name)
        lags = waiting.lags if waiting else ()
        return next((lag.least_days for lag in lags if lag.id == before), 0)

    def _taken(self, reason: Reason) -> str:
        """Say who is not free, and what holds them."""
        number = reason.resource or 0
        role = self.role(self.table.problem.resources[number].name)
        if not reason.activities:
            return self.say("plan_view.reasons.absent", role=role)
        what = self._names(reason.activities)
        return self.say("plan_view.reasons.resource", role=role, what=what)

    def _names(self, activities: Sequence[int]) -> str:
        """Name a few activities, those of one title once, and count the others."""
        titles = [*dict.fromkeys(self.name(self.table.names[one]) for one in activities)]
        named = self.say.listed(
            self.say("plan_view.quoted", name=title) for title in titles[:_NAMED]
        )
        if (more := len(titles) - _NAMED) <= 0:
            return named
        number = self.say.number(more)
        return self.say("plan_view.and_more", count=more, names=named, number=number)

    def _closed(self, name: str, reason: Reason) -> str:
        """Say which days are closed, and what was waited for until then."""
        closed = self._closed_days(name, reason.days or (0, 1))
        if reason.resource is not None:
            before = self._taken(reason)
        elif reason.activities:
            before = self._waiting(name, reason.activities[0])
        else:
            return self.say("plan_view.reasons.calendar", closed=closed)
        return self.say("plan_view.reasons.then", reason=before, closed=closed)

    def _is_weekend(self, name: str, days: tuple[int, int]) -> bool:
        """Tell whether nothing but a weekend is closed, where something takes place."""
        site = self.placed[name].site if name in self.placed else None
        place = site or self.plan.headquarters
        calendar = self.calendars.get(place.calendar) if place else None
        weekend = calendar.weekend if calendar else WEEKDAYS[_WEEK:]
        return all(WEEKDAYS[self.table.day(day).weekday()] in weekend for day in range(*days))

    def _closed_days(self, name: str, days: tuple[int, int]) -> str:
        if self._is_weekend(name, days):
            return self.say("plan_view.closed.weekend")
        first, last = self.table.day(days[0]), self.table.day(days[1] - 1)
        site = self.placed[name].site if name in self.placed else None
        said = self.period(Span(first, last))
        around = (*self.plan.closures, *(site.blackouts if site else ()))
        why = dict.fromkeys(
            one.reason for one in around if one.reason and one.start <= last and first <= one.end
        )
        if not why:
            return said
        return self.say("plan_view.closed.named", days=said, why=self.say.listed(why))

    def period(self, span: Span) -> str:
        """Write the first and the last day of something."""
        key = "plan_view.closed.day" if span.start == span.end else "plan_view.closed.days"
        return self.say(key, start=self.day(span.start), end=self.day(span.end))
