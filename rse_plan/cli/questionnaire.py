"""The questions of ``rse-plan init`` on a terminal: one at a time, each answer kept at once."""

import sys
from contextlib import suppress
from typing import Any

import typer
from rich.console import RenderableType

from rse_plan.cli import output
from rse_plan.cli.editors import write_schema
from rse_plan.cli.init import Target
from rse_plan.files import InvalidFileError
from rse_plan.interview.answers import UNKNOWN, AnswerError, parsed
from rse_plan.interview.items import Listing
from rse_plan.interview.questions import Data, Form, Interview, Question
from rse_plan.views.interview import InterviewView

with suppress(ImportError):
    # Imported for what it does to the keyboard: arrows move, and bring back earlier answers.
    import readline  # noqa: F401

BACK, STOP, WHY = "<", "!", "?"
_INTERRUPTED = 130


class _StoppedError(Exception):
    """The person wants to go on another day."""


class _BackError(Exception):
    """The person wants to answer the last question again."""


def ask(target: Target, data: Data, *, force: bool) -> None:
    """Ask what is left to ask, keeping every answer in the file as soon as it is given."""
    asking = _Questionnaire(target)
    try:
        asking.run(data, force=force)
    except _StoppedError:
        asking.end_early()
    except (EOFError, KeyboardInterrupt):
        output.warn("")
        asking.end_early()
        raise typer.Exit(_INTERRUPTED) from None


class _Questionnaire:
    def __init__(self, target: Target) -> None:
        self.target = target
        self.say = target.say
        self.view = InterviewView(target.settings.playbook, self.say)

    def run(self, data: Data, *, force: bool) -> None:
        """Ask until nothing is left, and say what comes next."""
        known = self.target.known
        interview = self.target.interview({"name": "?", **data})
        if data == known and not interview.left:
            self.end(interview)
            return
        if self.target.edited and not self.may_rewrite(force=force):
            output.warn(self.say("init.left_alone", path=self.target.path))
            return
        if interview.left or "name" not in data:
            self.show(self.view.welcome())
        if self.target.existing:
            self.show(self.view.resumed(interview, self.target.path))
        if "name" not in data:
            interview = self.target.interview({**data, "name": self.name()})
        self.target.write(interview)
        write_schema("organisation", self.target.path, self.say)
        self.end(self.answers(interview))

    def may_rewrite(self, *, force: bool) -> bool:
        """Ask before a file that somebody edited is written anew; keep the original."""
        path, backup = self.target.path, self.target.backup
        if not force:
            self.show(self.view.warning(self.say("init.edited", path=path, backup=backup)))
            with suppress(_BackError):
                force = self.yes(self.say("init.go_on"), otherwise=False)
        if force:
            output.warn(self.say("init.backed_up", backup=self.target.back_up()))
        return force

    def name(self) -> str:
        """Ask for the name of the organisation until there is one."""
        while True:
            with suppress(_BackError):
                prompt, why = self.view.ask(self.say("init.name")), self.say("init.name_why")
                if name := self.typed(prompt, self.view.note(why)):
                    return name

    def answers(self, interview: Interview) -> Interview:
        """Ask one question after the other until none is left."""
        done: list[Interview] = []
        before: Question | None = None
        while interview.left:
            question = interview.left[0]
            self.show(self.view.question(interview, question, before))
            before = question
            try:
                after = self.answer(interview, question)
            except _BackError:
                interview = done.pop() if done else interview
            else:
                done.append(interview)
                interview = after
            self.target.write(interview)
        return interview

    def answer(self, interview: Interview, question: Question) -> Interview:
        """Ask one question until its answer can be right."""
        while True:
            text = self.typed(self.view.prompt(question), self.view.why(question))
            try:
                return interview.answered(question, self.value(interview, question, text))
            except (AnswerError, InvalidFileError) as wrong:
                self.show(self.view.refusal(wrong))
            except _BackError:
                # Back from the first thing of a list is its own question again.
                self.target.write(interview)

    def value(self, interview: Interview, question: Question, text: str) -> Any:
        """Return what an answer says; have the things of a list described one by one."""
        if question.form.item is None:
            return parsed(text, question.form, self.say)
        said = parsed(text, Form("boolean"), self.say)
        if not isinstance(said, bool):
            return said
        listing = Listing.begun(question.form.item, interview.item_fields(question.path))
        return self.things(interview, question, listing) if said else []

    def things(self, interview: Interview, question: Question, listing: Listing) -> Any:
        """Ask for one thing after the other, and whether that was all; keep each answer."""
        before: list[Listing] = []
        while True:
            try:
                after = self.described(interview, question, listing)
            except _BackError:
                if not before:
                    raise
                listing = before.pop()
            else:
                if after is None:
                    with suppress(_BackError):
                        return self.whole(listing)
                    continue
                before.append(listing)
                listing = after
            if listing.things:
                self.target.write(interview.answered(question, {"at_least": listing.things}))

    def whole(self, listing: Listing) -> Any:
        """Return what is described, as the whole list or as a part of it."""
        if not listing.done:
            return UNKNOWN
        whole = self.yes(self.say("init.complete"), otherwise=True)
        return listing.things if whole else {"at_least": listing.things}

    def described(
        self, interview: Interview, question: Question, listing: Listing
    ) -> Listing | None:
        """Ask for one field of a thing until its answer can be right; None for no other thing."""
        self.show(self.view.thing(listing))
        while True:
            text = self.typed(self.view.field(listing), self.view.why_field(listing))
            if not text and listing.step == 0:
                return None
            try:
                after = listing.answered(self.field_value(listing, text))
                interview.answered(question, after.things)
            except (AnswerError, InvalidFileError) as wrong:
                self.show(self.view.refusal(wrong))
            else:
                return after

    def field_value(self, listing: Listing, text: str) -> Any:
        """Return what is said of a field; a name stands as it was typed."""
        if listing.is_fact or listing.form.choices:
            return parsed(text, listing.form, self.say)
        return text or None

    def typed(self, prompt: str, why: RenderableType) -> str:
        """Return a line that is typed, less the commands among them."""
        while True:
            try:
                text = _line(prompt).strip()
            except UnicodeDecodeError:
                self.show(self.view.refusal(AnswerError("init.errors.utf8")))
                continue
            if text == STOP:
                raise _StoppedError
            if text == BACK:
                raise _BackError
            if text != WHY:
                return text
            self.show(why)

    def yes(self, question: str, *, otherwise: bool) -> bool:
        """Ask for a yes or a no; Enter says `otherwise`."""
        while True:
            prompt = self.view.closed(question, otherwise=otherwise)
            text = self.typed(prompt, self.view.note(self.say("init.errors.boolean")))
            try:
                return bool(parsed(text, Form("boolean"), self.say)) if text else otherwise
            except AnswerError as wrong:
                self.show(self.view.refusal(wrong))

    def end_early(self) -> None:
        """Say where the answers are kept, when there are some."""
        path, command = self.target.path, self.target.command("init")
        words = "init.stopped" if path.exists() else "init.interrupted"
        output.warn(self.say(words, path=path, command=command))

    def end(self, interview: Interview) -> None:
        """Say where things stand, and which command comes next, on a line that can be copied."""
        self.target.report_doubts()
        self.show(self.view.end(interview))
        output.warn(self.say("init.next", command=self.target.command("assess")))

    def show(self, view: RenderableType) -> None:
        """Show something between the questions."""
        output.show(view)


def _line(prompt: str) -> str:
    """Read a line from the keyboard; the prompt is given along, so that editing leaves it alone."""
    if sys.stdout.isatty():
        return input(f"{prompt} ")
    sys.stderr.write(f"{prompt} ")
    sys.stderr.flush()
    return input()
