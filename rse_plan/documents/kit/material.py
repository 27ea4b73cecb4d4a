"""What the documents of a plan are made from, in whatever language they are to be."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from rse_plan.assessment import Assessment, assess
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.model import Plan
from rse_plan.plan.translation import translated
from rse_plan.playbook import Playbook


@dataclass
class Material:
    """A plan, the organisation it was made for if that is there, and its playbook by language.

    `draws` says whether charts can be drawn.
    """

    plan: Plan
    playbook: Callable[[str], Playbook]
    organisation: Organisation | None = None
    draws: bool = False
    dossiers: dict[str, Dossier] = field(default_factory=dict, init=False, repr=False)

    def dossier(self, code: str) -> Dossier:
        """Return what documents in a language are filled from, made once."""
        if code not in self.dossiers:
            self.dossiers[code] = self._dossier(code)
        return self.dossiers[code]

    @cached_property
    def site_languages(self) -> tuple[str, ...]:
        """The languages of sites in which there are documents."""
        spoken = {(site.language or "").partition("-")[0] for site in self.plan.sites}
        return tuple(code for code in languages() if code in spoken)

    def is_mixed(self, code: str) -> bool:
        """Say whether documents in a language would have the plan's words in another one."""
        return self.organisation is None and code != self.plan.language

    def _dossier(self, code: str) -> Dossier:
        """Assess the organisation in a language, and say the plan in it.

        Its words are translated where they are those that were drafted, which only the
        organisation can tell.
        """
        playbook, say, plan = self.playbook(code), Language(code), self.plan
        if self.organisation is None:
            return Dossier(plan, playbook, say, draws=self.draws)
        found = assess(self.organisation, playbook, plan.made_from.organisation_as_of)
        if code != plan.language and (theirs := self.dossier(plan.language).assessment):
            plan = translated(plan, self._draft(theirs, plan.language), self._draft(found, code))
        return Dossier(plan, playbook, say, found, self.draws)

    def _draft(self, found: Assessment, code: str) -> Plan:
        """Draft the plan again, to know its words in a language."""
        plan, say = self.plan, Language(code)
        settings, as_of, known = plan.settings, found.as_of, plan.calendars
        return draft(found.organisation, found.standing, settings, say, as_of, known)
