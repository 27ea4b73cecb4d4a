"""What the documents of a plan are made from, in whatever language they are to be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from rse_plan.assessment import Assessment, assess
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.model import Plan
from rse_plan.plan.translation import translated
from rse_plan.playbook import Playbook


@dataclass(frozen=True)
class Material:
    """A plan, the organisation it was made for if that is there, and its playbook by language.

    `draws` says whether charts can be drawn.
    """

    plan: Plan
    playbook: Callable[[str], Playbook]
    organisation: Organisation | None = None
    draws: bool = False

    def dossier(self, code: str) -> Dossier:
        """Return what documents in a language are filled from.

        The words of the plan are translated where they are those that were drafted, which only
        the organisation can tell.
        """
        if code not in self._dossiers:
            playbook = self.playbook(code)
            assessment, plan = self._assessment(playbook), self.plan
            if assessment is not None and code != plan.language:
                plan = translated(plan, self._draft(plan.language), self._draft(code))
            self._dossiers[code] = Dossier(plan, playbook, Language(code), assessment, self.draws)
        return self._dossiers[code]

    @cached_property
    def _dossiers(self) -> dict[str, Dossier]:
        return {}

    @cached_property
    def site_languages(self) -> tuple[str, ...]:
        """The languages of sites in which there are documents."""
        spoken = {(site.language or "").partition("-")[0] for site in self.plan.sites}
        return tuple(code for code in languages() if code in spoken)

    def is_mixed(self, code: str) -> bool:
        """Say whether documents in a language would have the plan's words in another one."""
        return self.organisation is None and code != self.plan.language

    def _assessment(self, playbook: Playbook) -> Assessment | None:
        if self.organisation is None:
            return None
        return assess(self.organisation, playbook, self.plan.made_from.organisation_as_of)

    def _draft(self, code: str) -> Plan:
        """Draft the plan again, to know its words in a language."""
        assessment = self._assessment(self.playbook(code))
        if assessment is None:
            raise ValueError(code)
        as_of = self.plan.made_from.organisation_as_of
        return draft(
            assessment.organisation, assessment.standing, self.plan.settings, Language(code), as_of
        )
