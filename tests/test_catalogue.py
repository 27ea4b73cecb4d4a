"""The core playbook and the words of the product: complete, cited, reachable, well written."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from rse_plan.files import read_file
from rse_plan.language import languages
from rse_plan.organisation import Fact, Organisation
from rse_plan.organisation.model import Block
from rse_plan.playbook import Playbook, playbook_folder, read_playbook
from rse_plan.playbook.model import Entry, Indicator, Sourced
from rse_plan.playbook.rollout import Criterion, Measurement

ROOT = Path(__file__).parents[1]

ARTICLES = {"rayrole-lecko", "talkspirit", "fredwpt", "relation-client"}
LAW = {
    "altajuris-public", "bfm-rse-law", "cnil-aipd-list", "code-travail-l1121-1",
    "code-travail-l1222-4", "code-travail-l1321-6", "code-travail-l2242-17",
    "code-travail-l2312-14", "code-travail-l2312-38", "code-travail-l2312-8",
    "code-travail-r2312-6", "code-travail-r4121-2", "deloitte-accessibility", "inkivari-photo",
    "liaisons-sociales-ri", "rgpd", "tj-nanterre-2025",
}  # fmt: skip
GUIDES = {"workplace-champions", "jive-advocates", "ouni-jdn"}

# Facts that no indicator reads, and what they are for.
NOT_SCORED = {
    "adoption.accounts": "checked: no more active people than accounts",
    "adoption.active_definition": "says what active_users counts; shown with it",
    "ambassadors.days_per_month": "the cost of the network, for the plan",
    "country_count": "context where the countries are not listed",
    "executive_committee.assistant_tandem": "context for the plan: no article names a threshold",
    "languages": "the languages of the plan's documents",
    "legal.works_council.consultation_start": "checked: before consultation_end",
    "legal.works_council.expert": "decides how long the consultation takes, for the plan",
    "means.budget": "money is shown; no source ties an amount to success",
    "means.team": "capacity, for the plan",
    "means.team.days_per_week": "capacity, for the plan",
    "means.team.people": "capacity, for the plan",
    "roadmap.objective": "words for the documents; what it is worth is asked apart",
    "roadmap.waves": "checked for repeated ids; the plan's waves",
    "roadmap.waves.headcount": "the plan's waves",
    "roadmap.waves.start": "the plan's waves",
    "roadmap.waves.zone": "the plan's waves",
    "sector": "context, never scored",
    "selection_panel.people": "checked against the headcount; never scored, as the texts say",
    "selection_panel.tools_tested": "context, never scored",
    "sites.headquarters": "the order of the plan's sites",
    "sites.language": "the languages of the plan's documents",
    "sites.local_lead": "the owner of a site's mini-project, for the plan",
    "sites.zone": "the plan's waves",
    "sponsorship.sponsor": "a name for the documents; the level is what is scored",
    "tools.network": "a name for the documents",
    "use_cases.problem": "words for the documents",
}

LONGEST = {
    "name": 65, "question": 240, "why": 460, "weight": 320, "gap": 110, "title": 75, "how": 450,
    "mend": 150, "settled": 180, "text": 160,
}  # fmt: skip


@cache
def core(language: str = "fr") -> Playbook:
    return read_playbook(playbook_folder("core"), language)


Keys = tuple[object, ...]


def texts_in(data: object, here: Keys = ()) -> Iterator[tuple[Keys, str]]:
    if isinstance(data, str):
        yield here, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from texts_in(value, (*here, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from texts_in(value, (*here, index))


@cache
def written(language: str) -> dict[Keys, str]:
    """Return every text of one language, by its file and its keys."""
    folders = (ROOT / "playbooks" / "core" / "texts" / language, ROOT / "templates" / language)
    return {
        (folder.parent.name, path.relative_to(folder).as_posix(), *keys): text
        for folder in folders
        for path in sorted(folder.rglob("*.yaml"))
        for keys, text in texts_in(read_file(path).data)
    }


def faulty(language: str, pattern: str) -> list[Keys]:
    return [(*keys, found[0]) for keys, text in written(language).items()
            if (found := re.search(pattern, text))]  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_the_core_playbook_has_no_fault_in_any_language(language: str) -> None:
    playbook = core(language)
    assert playbook.language == language
    assert playbook.factor_texts.keys() >= {factor.id for factor in playbook.factors}


def listed(playbook: Playbook) -> list[Entry]:
    """List every entry, also those that have the same id."""
    kinds = (
        playbook.factors, playbook.levels, playbook.gates, playbook.tensions, playbook.phases,
        playbook.roles, playbook.audiences, playbook.kpis, playbook.risks, playbook.decisions,
        playbook.budget,
    )  # fmt: skip
    return [
        *(entry for entries in kinds for entry in entries),
        *(i for factor in playbook.factors for i in factor.indicators),
        *(a for factor in playbook.factors for a in factor.actions),
        *(one for phase in playbook.phases for one in phase.waiting),
    ]


def criteria() -> list[Criterion]:
    gates = (phase.gate for phase in core().phases if phase.gate)
    return [criterion for gate in gates for criterion in gate.criteria]


def test_no_two_entries_share_an_id() -> None:
    playbook = core()
    named = (entry.id for entry in listed(playbook))
    ids = Counter([*named, *playbook.documents, *playbook.sources])
    assert [name for name, times in ids.items() if times > 1] == []
    assert playbook.entries.keys() == {entry.id for entry in listed(playbook)}


def test_weights_are_percentages() -> None:
    assert sum(factor.weight for factor in core().factors) == 100


def test_every_source_is_cited_and_every_citation_has_a_source() -> None:
    playbook = core()
    entries = (one for one in (*listed(playbook), *criteria()) if isinstance(one, Sourced))
    cited = {source for entry in entries for source in entry.sources}
    cited |= {n.source for i in playbook.indicators.values() for n in i.networks}
    cited |= {source for tension in playbook.tensions for side in tension.sides for source in side}
    assert playbook.sources.keys() - cited == set()
    assert cited - playbook.sources.keys() == set()


def test_a_source_without_a_title_is_described_in_every_language() -> None:
    untitled = {name for name, source in core().sources.items() if source.title is None}
    for language in languages():
        assert set(core(language).source_texts) == untitled


def test_a_threshold_called_documented_stands_in_an_article_a_law_or_a_guide() -> None:
    named = ARTICLES | LAW | GUIDES
    assert named <= core().sources.keys()
    rules: list[Indicator | Measurement | Criterion] = [
        *core().indicators.values(), *core().kpis, *criteria(),
    ]  # fmt: skip
    unsupported = [
        rule.id for rule in rules if rule.basis == "documented" and not named & set(rule.sources)
    ]
    assert unsupported == []


def test_every_article_is_used() -> None:
    used = {source for indicator in core().indicators.values() for source in indicator.sources}
    assert used >= ARTICLES


def best_values() -> dict[str, float]:
    """Return the most that actions make of each indicator."""
    best: dict[str, float] = {}
    for action in core().actions.values():
        for name, raw in action.sets.items():
            worth = core().indicators[name].value.at(raw)
            best[name] = max(best.get(name, 0.0), worth)
    return best


def test_some_action_raises_every_indicator() -> None:
    best = best_values()
    assert [name for name in core().indicators if best.get(name, 0) < 0.5] == []


def test_actions_can_bring_every_factor_to_the_highest_verdict() -> None:
    best = best_values()
    for factor in core().factors:
        total = sum(indicator.weight for indicator in factor.indicators)
        reached = sum(i.weight * best[i.id] for i in factor.indicators) / total
        assert reached >= core().levels[-1].score, factor.id


def test_actions_can_open_every_gate() -> None:
    best = best_values()
    for gate in core().gates:
        for indicator, least in gate.requires.items():
            assert best[indicator] >= least, gate.id


def test_no_gate_stops_at_the_highest_verdict_where_it_would_stop_nothing() -> None:
    highest = core().levels[-1].id
    assert [gate.id for gate in core().gates if gate.caps_at == highest] == []


def test_everybody_in_the_rollout_has_something_to_do() -> None:
    book = core()
    busy = {task.role for task in book.tasks.values()} | {one.role for one in book.decisions}
    busy |= {phase.gate.role for phase in book.phases if phase.gate}
    busy |= {action.role for action in book.actions.values() if action.role}
    busy |= {one.owner for one in book.kpis} | {one.owner for one in book.risks}
    assert {role.id for role in book.roles} - busy == set()


def test_what_is_called_legal_cites_the_law() -> None:
    legal = [task for task in core().tasks.values() if task.legal]
    assert legal
    assert [task.id for task in legal if not LAW & set(task.sources)] == []


def test_headquarters_and_sites_are_launched_and_followed_up_at_once() -> None:
    (launch,) = (task for task in core().tasks.values() if task.launches)
    assert launch.per == "site"
    followed = [
        link
        for task in core().tasks.values()
        for link in task.after
        if link.task == launch.id and link.within_days is not None
    ]
    assert followed


def blocks_in(kind: Any) -> list[type[Block]]:
    if isinstance(kind, type) and issubclass(kind, Block):
        return [kind]
    return [block for argument in get_args(kind) for block in blocks_in(argument)]


def facts_of(block: type[Block], prefix: str = "") -> Iterator[str]:
    for name, field in block.model_fields.items():
        if getattr(field.annotation, "__origin__", None) is Fact:
            yield prefix + name
        for inner in blocks_in(field.annotation):
            yield from facts_of(inner, f"{prefix}{name}.")


def facts_read() -> set[str]:
    read = {"sites.country", "sites.headcount"}  # by staff-in, through the sites
    for indicator in core().indicators.values():
        conditions = (*indicator.applies_when, *indicator.applies_when_any)
        for measure in (indicator.measure, *(condition.measure for condition in conditions)):
            read |= set(measure.paths)
            if measure.type in {"share", "count"}:
                read |= {f"{measure.over}.{path}" for path in (*measure.where, *measure.positive)}
            if measure.type == "mean":
                read |= {f"{measure.over}.{measure.of}", f"{measure.over}.{measure.weight}"}
    return read


def test_every_fact_that_is_asked_is_used() -> None:
    assert set(facts_of(Organisation)) - facts_read() == NOT_SCORED.keys()


def test_every_fact_that_is_read_is_asked() -> None:
    assert facts_read() - set(facts_of(Organisation)) == set()


def test_french_punctuation_has_its_no_break_spaces() -> None:
    assert faulty("fr", r".{0,20} [:;!?%»]") == []
    assert faulty("fr", r"« .{0,20}") == []


def test_french_punctuation_is_not_glued_to_its_word() -> None:
    assert faulty("fr", r".{0,20}[^\s\u00a0\u202f][;!?»]") == []
    assert faulty("fr", r"«[^\s\u00a0\u202f].{0,20}") == []


def test_english_has_no_french_spaces_and_no_guillemets() -> None:
    assert faulty("en", r".{0,20}[«»].{0,20}") == []
    assert faulty("en", r".{0,20}(\w[ \u00a0\u202f][:;!?]|\d[ \u00a0\u202f]%)") == []


def test_no_text_was_left_in_the_other_language() -> None:
    # Short words are the same in both: Site, Budget, Score.
    same = [
        keys
        for keys, text in written("fr").items()
        if written("en").get(keys) == text and len(re.sub(r"\{\w+\}", "", text).split()) > 2
    ]
    assert same == []


def test_the_languages_say_the_same_things() -> None:
    french, english = (
        {keys for keys in written(language) if keys[-1] not in {"one", "many", "other"}}
        for language in ("fr", "en")
    )
    assert french ^ english == set()


@pytest.mark.parametrize("language", languages())
def test_no_text_has_stray_spaces(language: str) -> None:
    # The words of the terminal hold their own columns.
    stray = faulty(language, r"^\s|\s$|  |\n")
    assert [keys for keys in stray if keys[1] != "terms.yaml"] == []


@pytest.mark.parametrize("language", languages())
def test_questions_are_questions_and_sentences_end(language: str) -> None:
    playbook = core(language)
    for name in playbook.indicators:
        texts = playbook.indicator_texts(name)
        assert texts.question.endswith("?"), name
        assert texts.why.endswith("."), name
        assert texts.gap.endswith("."), name
    for name in playbook.actions:
        assert playbook.action_texts(name).how.endswith("."), name
        assert not playbook.action_texts(name).title.endswith("."), name
    for name in playbook.tasks:
        assert playbook.task_texts(name).why.endswith("."), name
        assert not playbook.task_texts(name).title.endswith("."), name
    for name, said in playbook.rollout_texts.decisions.items():
        assert said.question.endswith("?"), name


@pytest.mark.parametrize("language", languages())
def test_texts_stay_short_enough_to_be_read(language: str) -> None:
    too_long = [
        (*keys, len(text))
        for keys, text in written(language).items()
        if keys[0] == "texts" and len(text) > LONGEST.get(str(keys[-1]), 500)
    ]
    assert too_long == []


@pytest.mark.parametrize("language", languages())
def test_names_tell_entries_apart(language: str) -> None:
    playbook = core(language)
    names = Counter(
        [
            *(playbook.indicator_texts(name).name for name in playbook.indicators),
            *(playbook.factor_texts[factor.id].name for factor in playbook.factors),
        ]
    )
    titles = Counter(playbook.action_texts(name).title for name in playbook.actions)
    assert [name for name, times in (names + titles).items() if times > 1] == []
