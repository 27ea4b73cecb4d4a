"""The questions of `rse-plan init` on a terminal."""

from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from rse_plan.documents.wording import Wording
from rse_plan.files import InvalidFileError
from rse_plan.interview.answers import AnswerError, reasons
from rse_plan.interview.items import Listing
from rse_plan.interview.questions import Form, Interview, Question
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import field_at
from rse_plan.playbook import Playbook
from rse_plan.views.lines import line

_COMMANDS = ("enter", "why", "back", "stop", "bound", "origin", "not_applicable")
_INDENTED = (0, 0, 0, 2)


class InterviewView:
    """Say what is asked, why, and how far it has come."""

    def __init__(self, playbook: Playbook, language: Language) -> None:
        """Take the words of a playbook and of a language."""
        self.playbook = playbook
        self.say = language
        self.words = Wording(language, playbook)

    def welcome(self) -> RenderableType:
        """Say what is coming, and what can be typed besides an answer."""
        table = Table.grid(padding=(0, 2))
        for name in _COMMANDS:
            typed, does = (self.say(f"init.commands.{key}") for key in (name, f"{name}_does"))
            table.add_row(line(typed, style="cyan"), line(does))
        return Group(line(self.say("init.welcome")), Padding(table, (1, 0, 1, 2)))

    def resumed(self, interview: Interview, path: Path) -> RenderableType:
        """Say how much is known already."""
        return line(self.say("init.resumed", path=path, count=interview.given), style="bold")

    def question(
        self, interview: Interview, question: Question, after: Question | None
    ) -> RenderableType:
        """Show a question, under its factor when that is another than that of the one before."""
        title = self._factor(question)
        begins = after is None or self._factor(after) != title
        heading = [Rule(line((title, "bold")), align="left", style="dim")] if begins else []
        number, total = interview.given + 1, interview.given + len(interview.left)
        head = self.say("init.head", number=number, total=total)
        return Group(
            line(),
            *heading,
            line(f"{head} · {self._score(interview)}", style="dim"),
            line(self._asked(question)),
            *self._choices(question.form, self._labels(question)),
        )

    def _factor(self, question: Question) -> str:
        indicator = question.indicator
        if indicator is None:
            return self.say("init.identity")
        return self.words.factor(self.playbook.factor_of[indicator.id].id)

    def _asked(self, question: Question) -> str:
        """Return the playbook's question; a list of things, and who is asked, have none."""
        if question.indicator and not question.form.item:
            return self.playbook.indicator_texts(question.indicator.id).question
        return self._texts(Organisation, question.path)["description"]

    def _score(self, interview: Interview) -> str:
        score = self.words.interval(interview.assessment.score)
        coverage = self.say.percent(interview.assessment.coverage)
        return self.say("init.score", score=score, coverage=coverage)

    def _choices(self, form: Form, labels: dict[str, str]) -> list[RenderableType]:
        if not form.choices:
            return []
        table = Table.grid(padding=(0, 2))
        for number, name in enumerate(form.choices, start=1):
            label = labels.get(name, "")
            table.add_row(line(str(number), style="cyan"), line(name), line(label, style="dim"))
        return [Padding(table, _INDENTED)]

    def _labels(self, question: Question) -> dict[str, str]:
        if question.path.startswith("answers.") and question.indicator:
            return dict(self.playbook.indicator_texts(question.indicator.id).levels)
        return self._known_labels(question.form)

    def _known_labels(self, form: Form) -> dict[str, str]:
        """Say what each choice means."""
        tables = self.say.table("organisation")["choices"].values()
        return next((dict(table) for table in tables if table.keys() == set(form.choices)), {})

    def warning(self, words: str) -> RenderableType:
        """Say what deserves a second thought."""
        return line(words, style="yellow")

    def ask(self, words: str) -> str:
        """Write a prompt."""
        return self.say("init.prompt", words=words)

    def prompt(self, question: Question) -> str:
        """Name the fact that is asked for, and what an answer looks like."""
        if question.path.startswith("answers."):
            return self._prompt(self.say("init.answer"), question.form)
        return self._prompt(self._texts(Organisation, question.path)["title"], question.form)

    def _prompt(self, title: str, form: Form) -> str:
        kind = "chosen" if form.kind == "list" and form.choices else form.kind
        expected = self.say(f"init.answers.{kind}")
        return self.ask(f"{title} ({expected})")

    def why(self, question: Question) -> RenderableType:
        """Say why something is asked and how it is written."""
        indicator = question.indicator
        why = [self.playbook.indicator_texts(indicator.id).why] if indicator else []
        if not question.path.startswith("answers."):
            why.append(self._texts(Organisation, question.path)["description"])
        return self._reminding(*(one for one in why if one != self._asked(question)))

    def note(self, *said: RenderableType | str) -> RenderableType:
        """Say something between a question and its answer."""
        lines = (line(one) if isinstance(one, str) else one for one in said)
        return Padding(Group(*lines), _INDENTED)

    def _reminding(self, *said: str) -> RenderableType:
        """Say something, and what can be typed besides an answer."""
        return self.note(*said, line(self.say("init.reminder"), style="dim"))

    def thing(self, listing: Listing) -> RenderableType:
        """Head the questions about one thing of a list, and show what it is chosen from."""
        parts = self._choices(listing.form, self._known_labels(listing.form))
        if listing.step == 0:
            title = self.say.table("organisation")["blocks"][listing.item.__name__]["title"]
            head = self.say("init.item", name=title, number=len(listing.done) + 1)
            parts = [line(), line(head, style="bold"), *parts]
        return Group(*parts)

    def field(self, listing: Listing) -> str:
        """Ask for a field of a thing."""
        title = self._texts(listing.item, listing.asked)["title"]
        if listing.step == 0:
            return self.ask(self.say("init.item_first", title=title))
        return self._prompt(title, listing.form)

    def why_field(self, listing: Listing) -> RenderableType:
        """Say what a field of a thing is."""
        return self._reminding(self._texts(listing.item, listing.asked)["description"])

    def _texts(self, model: type[Block], path: str) -> dict[str, str]:
        """Return what is said of the field at a path."""
        block, name = field_at(model, path)
        texts: dict[str, str] = self.say.table("organisation")["blocks"][block.__name__]["fields"][
            name
        ]
        return texts

    def closed(self, question: str, *, otherwise: bool) -> str:
        """Ask for a yes or a no, the one that Enter stands for in capitals."""
        return f"{question} [{self.say('init.yes_or_no' if otherwise else 'init.no_or_yes')}]"

    def refusal(self, wrong: AnswerError | InvalidFileError) -> RenderableType:
        """Say why an answer cannot be right, and how to mend it."""
        return self.note(*(line(one, style="red") for one in reasons(wrong, self.say)))

    def end(self, interview: Interview) -> RenderableType:
        """Say where things stand when nothing is left to ask."""
        found = interview.assessment
        parts = [line(), line(self.say("init.settled")), line(self._score(interview), style="bold")]
        if found.verdict:
            verdict = self.words.verdict(found.verdict)
            parts.append(line(self.say("init.verdict", verdict=verdict)))
        return Group(*parts)
