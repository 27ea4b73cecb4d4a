"""What the tasks of a plan are made from, and who there is to do them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rse_plan.assessment.standing import Standing
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.organisation.model import TeamMember, UseCase
from rse_plan.plan.model import Calendar, RoleOnTeam, Settings
from rse_plan.plan.places import Place
from rse_plan.playbook import Playbook
from rse_plan.playbook.rollout import Role

# Working days of a week in which a person is planned whole.
WEEK = 5


@dataclass(frozen=True)
class Given:
    """What tasks are made from."""

    organisation: Organisation
    standing: Standing
    playbook: Playbook
    settings: Settings
    places: tuple[Place, ...]
    roles: Mapping[str, RoleOnTeam]
    calendars: tuple[Calendar, ...]
    language: Language
    as_of: date

    @cached_property
    def carried_out(self) -> set[str]:
        """The actions that some task of the playbook carries out."""
        return {name for task in self.playbook.tasks.values() for name in task.carries_out}

    @cached_property
    def assumed_roles(self) -> set[str]:
        """The roles of the team whose people nobody counted."""
        return {
            role.id
            for role in self.playbook.roles
            if role.team and not _all_counted(_members(role, self.organisation))
        }

    @cached_property
    def use_cases(self) -> tuple[UseCase, ...]:
        """The use cases that are known."""
        return self.organisation.use_cases.low or ()

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """The audiences that there are, or may be."""
        return tuple(
            audience.id
            for audience in self.playbook.audiences
            if all(
                test.holds(self.organisation, self.as_of) is not False
                for test in audience.applies_when
            )
        )


def team_roles(organisation: Organisation, playbook: Playbook) -> tuple[RoleOnTeam, ...]:
    """List who does tasks; the people whom the organisation does not count are assumed."""
    return tuple(_role(role, organisation, playbook) for role in playbook.roles)


def _members(role: Role, organisation: Organisation) -> list[TeamMember]:
    """List those of the organisation's team who have a role."""
    team = organisation.means.team.low or ()
    return [member for member in team if member.role == role.team]


def _all_counted(found: Iterable[TeamMember]) -> bool:
    """Say whether there are people, and all of them are counted."""
    counted = [member.people.low is not None for member in found]
    return bool(counted) and all(counted)


def _role(role: Role, organisation: Organisation, playbook: Playbook) -> RoleOnTeam:
    name = playbook.rollout_texts.roles[role.id]
    if role.team is None:
        return RoleOnTeam(id=role.id, name=name)
    found = _members(role, organisation)
    if not _all_counted(found):
        return RoleOnTeam(
            id=role.id, name=name, people=role.people, days_per_week=role.days_per_week
        )
    people = sum(one.people.low or 0.0 for one in found)
    usual = role.days_per_week or WEEK
    days = sum((one.people.low or 0.0) * (one.days_per_week.low or usual) for one in found)
    return RoleOnTeam(
        id=role.id,
        name=name,
        people=people,
        days_per_week=round(days / people, 2) if people else usual,
        absences=tuple(absence for one in found for absence in one.absences),
    )
