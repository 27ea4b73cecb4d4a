"""Read an answer as people type it: ``oui``, ``12,5 %``, ``au moins 1 000 | annuaire``."""

import re
from typing import Any

from rse_plan.files import InvalidFileError, read_text
from rse_plan.files.reader import MAX_DIGITS
from rse_plan.interview.questions import Form
from rse_plan.language import Language
from rse_plan.organisation.fact import percentage

UNKNOWN, NOTHING = "unknown", "none"
_BAR = re.compile(r"(?:^|\s)\|(?:\s|$)")
_BEFORE_A_REASON = " \u00a0\u202f:,;–—-"


class AnswerError(ValueError):
    """Name the words that say what is wrong with an answer."""


def parsed(text: str, form: Form, say: Language) -> Any:
    """Return what an answer says as it stands in a file.

    After a bar stands who says so. What YAML writes in brackets is read as in a file, except in a
    text. Raise AnswerError or InvalidFileError for what says nothing; whether a value is allowed is
    for the model to say.
    """
    said, source = _parted(utf8(text))
    origin = {"source": source} if source else {}
    if not said or said.casefold() in say.words("init.unknown"):
        return {"value": UNKNOWN, **origin} if origin else UNKNOWN
    reason = _after(said, say.words("init.not_applicable"))
    if reason is not None:
        if not reason:
            raise AnswerError("init.errors.reason")
        return {"not_applicable": reason, **origin}
    if form.kind != "text" and said.startswith(("{", "[")):
        return read_text(said, "").data
    if form.kind not in {"text", "boolean"}:
        bounds = {"at_least": say.words("init.at_least"), "at_most": say.words("init.at_most")}
        for key, words in bounds.items():
            if bound := _after(said, words):
                return {key: _value(bound, form, say), **origin}
    value = _value(said, form, say)
    return {"value": value, **origin} if origin else value


def utf8(text: str) -> str:
    """Return a text that files can hold; raise AnswerError for half a character of another code."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise AnswerError("init.errors.utf8") from None
    return text


def reasons(wrong: AnswerError | InvalidFileError, say: Language) -> list[str]:
    """Say why an answer cannot be right, and how to mend it."""
    if isinstance(wrong, AnswerError):
        return [say(str(wrong))]
    # Some hints speak of how a file is written, not of what is typed.
    hints = say.table("terms")["init"]["hints"]
    said = [(say.message(one), hints.get(one.code, say.hint(one))) for one in wrong.diagnostics]
    return [line for both in said for line in both if line]


def _parted(text: str) -> tuple[str, str]:
    """Part what is said from who says so."""
    said, *source = _BAR.split(text, maxsplit=1)
    return said.strip(), "".join(source).strip()


def _after(said: str, words: tuple[str, ...]) -> str | None:
    """Return what follows one of the words that a text begins with; None if it begins with none."""
    for word in words:
        rest = said[len(word) :]
        if said.casefold().startswith(word) and not (word[-1].isalnum() and rest[:1].isalnum()):
            return rest.strip(_BEFORE_A_REASON)
    return None


def _value(said: str, form: Form, say: Language) -> Any:
    if form.kind in {"list", "countries", "items"}:
        if _is_nothing(said, say):
            return []
        return [_one(part.strip(), form, say) for part in said.split(",") if part.strip()]
    return _one(said, form, say)


def _one(said: str, form: Form, say: Language) -> Any:
    if form.choices:
        return _chosen(said, form.choices)
    match form.kind:
        case "boolean":
            return _yes_or_no(said, say)
        case "number" | "share":
            return _number(said, form.kind, say)
        case "countries":
            return said.upper()
        case "text" if _is_nothing(said, say):
            return NOTHING
    return said


def _is_nothing(said: str, say: Language) -> bool:
    return said.casefold() in say.words("init.none")


def _chosen(said: str, choices: tuple[str, ...]) -> str:
    """Return a choice by its name or its number; a name that is a number is a name."""
    names = {choice.casefold(): choice for choice in choices}
    if name := names.get(said.casefold()):
        return name
    if said.isdecimal() and 1 <= int(said) <= len(choices):
        return choices[int(said) - 1]
    raise AnswerError("init.errors.choice")


def _yes_or_no(said: str, say: Language) -> bool:
    word = said.casefold()
    if word in say.words("init.yes"):
        return True
    if word in say.words("init.no"):
        return False
    raise AnswerError("init.errors.boolean")


def _number(said: str, kind: str, say: Language) -> float | str:
    """Read a number as the language writes it, or with a point; a percentage stays one."""
    if percentage(said) is not None:
        return said
    symbols = say.locale.number_symbols["latn"]
    group, decimal = (re.escape(symbols[name]) for name in ("group", "decimal"))
    whole = rf"[0-9]+|[0-9]{{1,3}}(?:(?:[ \u00a0\u202f]|{group})[0-9]{{3}})+"
    found = re.fullmatch(rf"([-+]?)({whole})(?:(?:\.|{decimal})([0-9]+))?", said)
    digits = re.sub("[^0-9]", "", found[2]) if found else ""
    if found is None or len(digits) > MAX_DIGITS:
        raise AnswerError(f"init.errors.{kind}")
    sign, part = found[1], found[3] or "0"
    return float(f"{sign}{digits}.{part}") if part.strip("0") else int(sign + digits)
