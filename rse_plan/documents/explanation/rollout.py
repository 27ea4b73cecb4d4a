"""How a rollout is run, explained: phases, tasks, gates, and what they speak of."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import TypeVar

from rse_plan.documents.explanation.page import Entries, Explanation
from rse_plan.documents.wording import Wording
from rse_plan.playbook.model import Action, Entry
from rse_plan.playbook.rollout import (
    Audience,
    Cost,
    Criterion,
    Decision,
    Measurement,
    Phase,
    PhaseGate,
    PhaseGateTexts,
    PlaybookTask,
    Predecessor,
    Risk,
    Role,
)

One = TypeVar("One", bound=Entry)
Explain = Callable[[], Explanation]
Ids = Iterable[str | None]


class RolloutExplainer:
    """Explain what a playbook says of rollouts, in one language."""

    def __init__(self, words: Wording) -> None:
        """Speak of one playbook."""
        self.words = words
        self.say = words.say
        self.book = words.playbook
        self.texts = words.playbook.rollout_texts
        self.gates = {phase.gate.id: phase.gate for phase in self.book.phases if phase.gate}

    def pages(self) -> dict[str, Explain]:
        """Return what explains each id."""
        book = self.book
        return {
            **_each(self._phase, book.phases),
            **_each(self._task, book.tasks.values()),
            **_each(self._gate, self.gates.values()),
            **_each(self._kpi, book.kpis),
            **_each(self._risk, book.risks),
            **_each(self._decision, book.decisions),
            **_each(self._role, book.roles),
            **_each(self._audience, book.audiences),
            **{name: partial(self._document, name) for name in book.documents},
            **_each(self._cost, book.budget),
        }

    @cached_property
    def names(self) -> dict[str, str]:
        """What every id is called, and every action and indicator that pages name."""
        book, texts = self.book, self.texts
        gates = {phase.id: book.phase_texts[phase.id].gate for phase in book.phases}
        return {
            **{phase.id: book.phase_texts[phase.id].name for phase in book.phases},
            **{name: book.task_texts(name).title for name in book.tasks},
            **{
                one.gate.id: said.name
                for one in book.phases
                if one.gate and (said := gates[one.id])
            },
            **{name: said.name for name, said in texts.kpis.items()},
            **{name: said.name for name, said in texts.risks.items()},
            **{name: said.question for name, said in texts.decisions.items()},
            **{name: said.name for name, said in texts.budget.items()},
            **texts.roles,
            **texts.audiences,
            **texts.documents,
            **{name: book.action_texts(name).title for name in book.actions},
            **{name: self.words.indicator(name) for name in book.indicators},
            **{gate.id: book.gate_texts[gate.id].name for gate in book.gates},
        }

    def lists(self, **ids: Ids) -> tuple[tuple[str, Entries], ...]:
        """Name what there is of each kind."""
        named = {kind: [name for name in found if name] for kind, found in ids.items()}
        return tuple(
            (self.say(f"rollout_explained.lists.{kind}"), tuple((n, self.names[n]) for n in found))
            for kind, found in named.items()
            if found
        )

    def citing(self, source: str) -> tuple[tuple[str, Entries], ...]:
        """List what cites a source."""
        book = self.book
        return self.lists(
            phases=(one.id for one in book.phases if source in one.sources),
            tasks=(one.id for one in book.tasks.values() if source in one.sources),
            gates=(name for name, one in self.gates.items() if source in _cited(one.criteria)),
            kpis=(one.id for one in book.kpis if source in one.sources),
            risks=(one.id for one in book.risks if source in one.sources),
        )

    def place(self, action: Action) -> tuple[tuple[str, Entries], ...]:
        """List the tasks that carry an action out, or else the phase and the role of its own."""
        tasks = [one.id for one in self.book.tasks.values() if action.id in one.carries_out]
        if tasks or not self.book.phases:
            return self.lists(tasks=tasks)
        return self.lists(phase=[self._phase_of(action)], role=[self._role_of(action)])

    @cached_property
    def _uncarried(self) -> list[Action]:
        """The actions that no task carries out: a plan has them as tasks of their own."""
        carried_out = {name for task in self.book.tasks.values() for name in task.carries_out}
        return [action for name, action in self.book.actions.items() if name not in carried_out]

    def _phase_of(self, action: Action) -> str | None:
        defaults = self.book.rollout_defaults
        return action.phase or (defaults.phase if defaults else None)

    def _role_of(self, action: Action) -> str | None:
        defaults = self.book.rollout_defaults
        return action.role or (defaults.role if defaults else None)

    def _page(
        self,
        kind: str,
        name: str,
        paragraphs: Mapping[str, str | None],
        lists: tuple[tuple[str, Entries], ...] = (),
        sources: Iterable[str] = (),
        more: Entries = (),
    ) -> Explanation:
        """Make a page of the paragraphs that have a text; `more` have labels of their own."""
        said = tuple(
            (self.say(f"rollout_explained.{label}"), text)
            for label, text in paragraphs.items()
            if text
        )
        return Explanation(
            name,
            self.say(f"rollout_explained.kinds.{kind}"),
            self.names[name],
            (*said, *more),
            lists,
            tuple((source, self.words.citation(source)) for source in dict.fromkeys(sources)),
        )

    def _phase(self, phase: Phase) -> Explanation:
        actions = (one.id for one in self._uncarried if self._phase_of(one) == phase.id)
        lists = self.lists(
            before=(link.task for link in phase.opens_after),
            tasks=(task.id for task in phase.tasks),
            actions=actions,
            gate=[phase.gate.id] if phase.gate else [],
        )
        why = self.book.phase_texts[phase.id].why
        return self._page("phase", phase.id, {"why": why}, lists, phase.sources)

    def _task(self, task: PlaybookTask) -> Explanation:
        phase = self.book.phase_of[task.id]
        paragraphs = {
            "why": self.book.task_texts(task.id).why,
            "repeated": self._label("Per", task.per),
            "length": self._length(task),
            "countries": self._countries(task),
            "legal": self.say("rollout_explained.legal_line") if task.legal else None,
            "dated": self.say.listed(filter(None, (task.starts, task.ends))),
            "unless": self.say.listed(task.unless),
        }
        lists = self.lists(
            role=[task.role],
            phase=[phase.id],
            before=(link.task for link in phase.after(task)),
            after=self._waiting_for(task.id),
            carries_out=task.carries_out,
            document=[task.document],
            decisions=(one.id for one in self.book.decisions if one.before == task.id),
        )
        return self._page("task", task.id, paragraphs, lists, task.sources)

    def _length(self, task: PlaybookTask) -> str:
        """Say what a task costs and how long it lasts, as far as it says so."""
        said = {
            "effort": task.effort_days,
            "effort_per_100": task.effort_per_100_people,
            "effort_at_most": task.effort_at_most,
            "duration": task.duration_days,
            "elapsed": task.elapsed_days,
        }
        return self.say.listed(
            self.say(f"rollout_explained.lengths.{key}", count=days, days=self.say.number(days, 1))
            for key, days in said.items()
            if days
        )

    def _countries(self, task: PlaybookTask) -> str | None:
        key, countries = ("only", task.countries) if task.countries else ("but", task.not_countries)
        listed = self.say.listed(countries)
        return self.say(f"rollout_explained.in.{key}", countries=listed) if countries else None

    def _waiting_for(self, name: str) -> list[str]:
        """Name what waits for a task or a gate: phases that it opens, other tasks and gates."""

        def named(links: Iterable[Predecessor]) -> bool:
            return any(link.task == name for link in links)

        phases = [phase.id for phase in self.book.phases if named(phase.opens_after)]
        inside = (one for phase in self.book.phases for one in phase.waiting)
        return [*phases, *(one.id for one in inside if named(one.after))]

    def _gate(self, gate: PhaseGate) -> Explanation:
        phase = self.book.phase_of[gate.id]
        texts = self.book.phase_texts[phase.id].gate
        lists = self.lists(
            decides=[gate.role],
            phase=[phase.id],
            before=(link.task for link in gate.after),
            after=self._waiting_for(gate.id),
            kpis=dict.fromkeys(one.kpi for one in gate.criteria),
            verdict_gates=dict.fromkeys(one.gate for one in gate.criteria),
            document=[gate.document],
        )
        return self._page(
            "gate",
            gate.id,
            {"why": texts.why if texts else None},
            lists,
            _cited(gate.criteria),
            tuple(self._criterion(one, texts) for one in gate.criteria if texts),
        )

    def _criterion(self, criterion: Criterion, texts: PhaseGateTexts) -> tuple[str, str]:
        return self.say("rollout_explained.criterion"), self.say(
            "rollout_explained.criterion_line",
            text=texts.criteria[criterion.id],
            basis=self.say(f"basis.{criterion.basis}"),
        )

    def _role(self, role: Role) -> Explanation:
        book = self.book
        lists = self.lists(
            tasks=(one.id for one in book.tasks.values() if one.role == role.id),
            actions=(one.id for one in self._uncarried if self._role_of(one) == role.id),
            gates=(name for name, gate in self.gates.items() if gate.role == role.id),
            decisions=(one.id for one in book.decisions if one.role == role.id),
            kpis=(one.id for one in book.kpis if one.owner == role.id),
            risks=(one.id for one in book.risks if one.owner == role.id),
        )
        return self._page("role", role.id, {"team": self._team(role)}, lists)

    def _team(self, role: Role) -> str:
        """Say whose days are counted, and what a plan assumes of them."""
        if role.team is None:
            return self.say("rollout_explained.team_none")
        said = self.say("rollout_explained.team_line", team=self._label("Role.team", role.team))
        if role.people is None or role.days_per_week is None:
            return said
        people, days = (self.say.number(one, 1) for one in (role.people, role.days_per_week))
        assumed = self.say(
            "rollout_explained.team_assumed", count=role.people, people=people, days=days
        )
        return f"{said} {assumed}"

    def _audience(self, audience: Audience) -> Explanation:
        tasks = (one.id for one in self.book.tasks.values() if one.per == "audience")
        measured = (test.measure.all_paths for test in audience.applies_when)
        facts = self.say.listed(path for paths in measured for path in paths)
        return self._page("audience", audience.id, {"depends": facts}, self.lists(tasks=tasks))

    def _document(self, name: str) -> Explanation:
        inside = (one for phase in self.book.phases for one in phase.waiting)
        produced = (one.id for one in inside if one.document == name)
        return self._page("document", name, {}, self.lists(produced=produced))

    def _kpi(self, kpi: Measurement) -> Explanation:
        texts = self.texts.kpis[kpi.id]
        paragraphs = {
            "why": texts.why,
            "numerator": texts.numerator,
            "denominator": texts.denominator,
            "source": texts.source,
            "frequency": self._label("Frequency", kpi.frequency),
            "target": None if kpi.target is None else self._amount(kpi, kpi.target),
            "basis": self.say(f"basis.{kpi.basis}"),
            "baseline": kpi.baseline,
        }
        gates = (
            name
            for name, gate in self.gates.items()
            if any(one.kpi == kpi.id for one in gate.criteria)
        )
        lists = self.lists(owner=[kpi.owner], gates=gates)
        return self._page("kpi", kpi.id, paragraphs, lists, kpi.sources)

    def _amount(self, kpi: Measurement, value: float) -> str:
        if kpi.unit == "share":
            return self.say.percent(value, 1)
        written = self.say.number(value, 1)
        months = kpi.unit == "months"
        return self.say("units.months", count=value, number=written) if months else written

    def _risk(self, risk: Risk) -> Explanation:
        texts = self.texts.risks[risk.id]
        grades = {
            name: self._label("Grade", getattr(risk, name)) for name in ("probability", "impact")
        }
        paragraphs = {
            "why": texts.why,
            "grades": self.say("rollout_explained.grades_line", **grades),
            "trigger": texts.trigger,
            "response": texts.response,
        }
        lists = self.lists(owner=[risk.owner], indicators=risk.indicators)
        return self._page("risk", risk.id, paragraphs, lists, risk.sources)

    def _decision(self, decision: Decision) -> Explanation:
        lists = self.lists(decides=[decision.role], after=[decision.before])
        why = self.texts.decisions[decision.id].why
        return self._page("decision", decision.id, {"why": why}, lists)

    def _cost(self, cost: Cost) -> Explanation:
        paragraphs = {
            "quantity": self._label("Quantity", cost.quantity),
            "hypothesis": self.texts.budget[cost.id].hypothesis,
        }
        return self._page("cost", cost.id, paragraphs, self.lists(role=[cost.role]))

    def _label(self, choice: str, value: str) -> str:
        return str(self.say.table("playbook")["choices"][choice][value])


def _each(explain: Callable[[One], Explanation], entries: Iterable[One]) -> dict[str, Explain]:
    return {entry.id: partial(explain, entry) for entry in entries}


def _cited(criteria: Iterable[Criterion]) -> list[str]:
    return [source for criterion in criteria for source in criterion.sources]
