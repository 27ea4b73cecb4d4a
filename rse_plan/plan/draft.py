"""From an assessed organisation to a plan without dates: what is to do, and on what it stands."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from json import dumps

from rse_plan.assessment.standing import Standing
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.assumptions import assumptions
from rse_plan.plan.backing import budget, decisions, kpis, legal_steps, risks, wishes
from rse_plan.plan.calendars import calendars
from rse_plan.plan.given import Given, team_roles
from rse_plan.plan.model import Calendar, Gate, Lag, Origin, Phase, Plan, Settings, Site, Task
from rse_plan.plan.places import ambassador_network, places, plan_sites, waves
from rse_plan.plan.tasks import Node, nodes

# Calendars are looked up so far ahead; no rollout of the cases took longer.
_YEARS_AHEAD = 8


def draft(
    organisation: Organisation,
    standing: Standing,
    settings: Settings,
    language: Language,
    as_of: date,
    known: tuple[Calendar, ...] | None = None,
) -> Plan:
    """Write down what an organisation has to do, with no dates yet.

    `known` calendars spare a draft to look them up.
    """
    playbook = standing.playbook
    listed = places(organisation, language)
    roles = team_roles(organisation, playbook)
    if known is None:
        last = settings.start + timedelta(days=round(365.25 * _YEARS_AHEAD))
        countries = [place.country for place in listed]
        known = calendars(countries, organisation, settings.start, last)
    given = Given(
        organisation, standing, playbook, settings, listed,
        {role.id: role for role in roles}, known, language, as_of,
    )  # fmt: skip
    made = nodes(given)
    phases, sites = _laid_out(made, given)
    opened = tuple(waves(organisation, listed, language))
    return Plan(
        kind="plan",
        organisation=organisation.name,
        invented=organisation.invented,
        language=language.code,
        made_from=Origin(
            organisation_as_of=as_of,
            organisation_digest=digest(organisation),
            playbook=playbook.name,
            playbook_version=playbook.version,
            generation="draft",
        ),
        settings=settings,
        assumptions=tuple(assumptions(given, opened)),
        decisions=tuple(decisions(given, made)),
        wishes=tuple(wishes(given, made, opened)),
        phases=phases,
        waves=opened,
        sites=sites,
        ambassadors=ambassador_network(organisation, listed, settings.ambassador_share, language),
        legal_steps=tuple(legal_steps(given, made)),
        kpis=tuple(kpis(given)),
        risks=tuple(risks(given)),
        budget=budget(given, [node.task for node in made if node.task]),
        roles=roles,
        closures=organisation.closures,
        calendars=known,
    )


def digest(organisation: Organisation) -> str:
    """Return a fingerprint of the facts, whatever the layout of their file."""
    facts = organisation.model_dump(mode="json", exclude_defaults=True)
    said = dumps(facts, sort_keys=True, ensure_ascii=False)
    return sha256(said.encode()).hexdigest()[:16]


def _laid_out(made: Sequence[Node], given: Given) -> tuple[tuple[Phase, ...], tuple[Site, ...]]:
    """Put tasks under their phase, those of a site under the site."""
    of_sites = next((node.phase for node in made if node.place), None)
    grouped: dict[str, list[Node]] = {}
    at_sites: dict[str, list[Node]] = {}
    for node in made:
        grouped.setdefault(node.phase, []).append(node)
        if node.place and node.task:
            at_sites.setdefault(node.place.id, []).append(node)
    phases = tuple(
        Phase(
            id=name,
            name=given.playbook.phase_texts[name].name,
            by_site=name == of_sites,
            why=given.playbook.phase_texts[name].why,
            tasks=tuple(_waiting(node) for node in inside if node.task and not node.place),
            gate=next((_gate(node) for node in inside if node.gate), None),
        )
        for name, inside in grouped.items()
    )
    described = plan_sites(given.places, given.settings.ambassador_share)
    sites = tuple(
        site.model_copy(
            update={
                "tasks": tuple(
                    _waiting(node, None if node.phase == of_sites else node.phase)
                    for node in at_sites.get(site.id, ())
                )
            }
        )
        for site in described
    )
    return phases, sites


def _waiting(node: Node, phase: str | None = None) -> Task:
    """Say in a task what it waits for."""
    if node.task is None:
        raise KeyError(node.key)
    return node.task.model_copy(update={"phase": phase, **_links(node)})


def _gate(node: Node) -> Gate:
    if node.gate is None:
        raise KeyError(node.key)
    return node.gate.model_copy(update=_links(node))


def _links(node: Node) -> dict[str, object]:
    lags = [
        Lag(id=wait.key, least_days=wait.least, most_days=wait.most)
        for wait in node.waits
        if wait.least or wait.most is not None
    ]
    return {"after": tuple(wait.key for wait in node.waits), "lags": tuple(lags)}
