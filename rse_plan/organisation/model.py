"""The organisation that wants to roll out an enterprise social network, block by block.

Titles and descriptions of the fields stand in ``templates/<language>/organisation.yaml``, one
entry per field; a test holds both to be complete. Levels of a choice are listed from the
lowest to the highest, so that a bound on a choice has a meaning.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rse_plan.files import Document, load
from rse_plan.organisation.fact import (
    UNKNOWN,
    Amount,
    Answer,
    AtLeastOne,
    Count,
    Date,
    Fact,
    Listed,
    Named,
    Number,
    OrUnknown,
    Rate,
    Section,
    Share,
    Text,
)

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$"), Named("Identifier")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$"), Named("Country")]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$"), Named("LanguageCode")]

EmployerType = Literal["private", "association", "public"]
SponsorLevel = Literal["none", "below-executive-committee", "executive-committee", "top-leader"]
Function = Literal["digital", "communication", "it", "hr", "business"]
Recognition = Literal["none", "ranking", "ranking-opt-in", "without-ranking"]
TeamRole = Literal["project-lead", "community-manager", "trainer", "communication", "it", "other"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Block(BaseModel):
    """A group of facts; a key it does not have is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class PlaybookReference(Block):
    """The playbook whose questions the answers were given to."""

    name: Text
    version: Text


class Period(Block):
    """Days on which nothing may happen, both included."""

    start: Date
    end: Date
    reason: Text | None = None


class Site(Block):
    """A place of work, which gets a mini-project of its own."""

    id: Identifier
    name: Text
    country: Fact[Country] = UNKNOWN
    headcount: Fact[Count] = UNKNOWN
    headquarters: Fact[bool] = UNKNOWN
    zone: Fact[Text] = UNKNOWN
    language: Fact[LanguageCode] = UNKNOWN
    connected_share: Fact[Share] = UNKNOWN
    local_lead: Fact[Text] = UNKNOWN
    relays: Fact[Count] = UNKNOWN
    director_met: Fact[bool] = UNKNOWN
    business_leads_met: Fact[bool] = UNKNOWN
    hr_met: Fact[bool] = UNKNOWN
    tools_mapped: Fact[bool] = UNKNOWN
    blackouts: Listed[Period] = ()
    earliest_launch: Date | None = None
    latest_launch: Date | None = None


class WorkingDays(Block):
    """The working days of a country, where they are not those of its published calendar.

    `region` names a part of the country, as ISO 3166-2 does; `weekend` takes the place of the
    usual one, `days_off` and `days_worked` are added to the holidays or taken from them.
    """

    country: Country
    region: Text | None = None
    weekend: Annotated[Listed[Weekday], Field(max_length=6)] | None = None
    days_off: Listed[Date] = ()
    days_worked: Listed[Date] = ()


class Employer(Block):
    """Who employs the staff, which decides what law applies."""

    type: Fact[EmployerType] = UNKNOWN
    turnover: Fact[Amount] = UNKNOWN


class Sponsorship(Block):
    """Who at the top carries the project, and how visibly."""

    sponsor: Fact[Text] = UNKNOWN
    level: Fact[SponsorLevel] = UNKNOWN
    backed_on: Fact[Date] = UNKNOWN
    messages_per_month: Fact[Amount] = UNKNOWN
    top_managers_active: Fact[Share] = UNKNOWN


class Executive(Block):
    """One member of the executive committee."""

    role: Text
    name: Text | None = None
    briefed: Fact[bool] = UNKNOWN
    committed: Fact[bool] = UNKNOWN


class ExecutiveCommittee(Block):
    """The executive committee, one by one or as shares."""

    members: Fact[Listed[Executive]] = UNKNOWN
    briefed_share: Fact[Share] = UNKNOWN
    committed_share: Fact[Share] = UNKNOWN
    assistant_tandem: Fact[bool] = UNKNOWN


class SelectionPanel(Block):
    """The users who help choose the tool; neither pilot users nor ambassadors."""

    people: Fact[Count] = UNKNOWN
    tools_tested: Fact[Count] = UNKNOWN
    business_scenario: Fact[bool] = UNKNOWN


class Pilot(Block):
    """The pilot: its dates, its users, and what is done with what they say."""

    start: Fact[Date] = UNKNOWN
    end: Fact[Date] = UNKNOWN
    months: Fact[Amount] = UNKNOWN
    users: Fact[Count] = UNKNOWN
    profiles_represented: Fact[Share] = UNKNOWN
    feedback_cycles_per_month: Fact[Amount] = UNKNOWN
    feedback_answered: Fact[Share] = UNKNOWN


class Ambassadors(Block):
    """The named network of people who help their colleagues."""

    count: Fact[Count] = UNKNOWN
    with_problem_to_solve: Fact[Share] = UNKNOWN
    days_per_month: Fact[Amount] = UNKNOWN
    sites_with_relay: Fact[Share] = UNKNOWN


class Indicator(Block):
    """A measure of a use case, before and after."""

    name: Text
    unit: Text | None = None
    baseline: Fact[Number] = UNKNOWN
    target: Fact[Number] = UNKNOWN
    result: Fact[Number] = UNKNOWN


class UseCase(Block):
    """A precise reason to use the network."""

    id: Identifier
    title: Text
    owner: Fact[Text] = UNKNOWN
    population: Fact[Text] = UNKNOWN
    problem: Fact[Text] = UNKNOWN
    personal_benefit: Fact[Text] = UNKNOWN
    group_benefit: Fact[Text] = UNKNOWN
    channel_retired: Fact[Text] = UNKNOWN
    cross_department: Fact[bool] = UNKNOWN
    success_published: Fact[bool] = UNKNOWN
    testimonial: Fact[bool] = UNKNOWN
    kpi: Annotated[Indicator | None, OrUnknown(lambda: None)] = None


class Wave(Block):
    """A group of sites that open together."""

    id: Identifier
    name: Text
    zone: Fact[Text] = UNKNOWN
    start: Fact[Date] = UNKNOWN
    headcount: Fact[Count] = UNKNOWN
    sites: Listed[Identifier] = ()


class Roadmap(Block):
    """What the project aims at, how far ahead, and in which steps."""

    objective: Fact[Text] = UNKNOWN
    objectives_tied_to_need: Fact[Share] = UNKNOWN
    beyond_email: Fact[bool] = UNKNOWN
    horizon_months: Fact[Amount] = UNKNOWN
    bricks_at_launch: Fact[Count] = UNKNOWN
    waves_by_zone: Fact[bool] = UNKNOWN
    headquarters_first: Fact[bool] = UNKNOWN
    waves: Fact[Listed[Wave]] = UNKNOWN
    sites_met: Fact[Share] = UNKNOWN
    change_announced_as_slow: Fact[bool] = UNKNOWN
    own_context_analysed: Fact[bool] = UNKNOWN


class Absence(Period):
    """Days on which some of the people of a role are not there, both included."""

    people: Amount = 1.0


class TeamMember(Block):
    """A role of the project team and how many full-time people fill it."""

    role: TeamRole
    people: Fact[Amount] = UNKNOWN
    days_per_week: Fact[Amount] = UNKNOWN
    absences: Listed[Absence] = ()


class Means(Block):
    """Money, people and time."""

    budget: Fact[Amount] = UNKNOWN
    budget_approved: Fact[bool] = UNKNOWN
    people_assigned: Fact[bool] = UNKNOWN
    time_granted: Fact[bool] = UNKNOWN
    team: Fact[Listed[TeamMember]] = UNKNOWN


class DigitalMaturity(Block):
    """How far staff are used to such tools, and who would be left behind."""

    survey_date: Fact[Date] = UNKNOWN
    survey_response: Fact[Share] = UNKNOWN
    non_users_identified: Fact[Share] = UNKNOWN
    non_users_supported: Fact[Share] = UNKNOWN
    connected_share: Fact[Share] = UNKNOWN
    office_use: Fact[Share] = UNKNOWN
    field_use: Fact[Share] = UNKNOWN
    entities_mapped: Fact[Share] = UNKNOWN


class Managers(Block):
    """The middle managers."""

    briefed_as_relays: Fact[Share] = UNKNOWN
    team_leads_active: Fact[Share] = UNKNOWN
    trained_in_new_posture: Fact[Share] = UNKNOWN
    transverse_time_agreed: Fact[bool] = UNKNOWN
    direct_exchange_accepted: Fact[bool] = UNKNOWN


class Adoption(Block):
    """How many use it, and whether they stay."""

    accounts: Fact[Count] = UNKNOWN
    active_users: Fact[Count] = UNKNOWN
    active_definition: Fact[Text] = UNKNOWN
    engaged_users: Fact[Count] = UNKNOWN
    monthly_growth: Fact[Rate] = UNKNOWN
    months_to_critical_mass: Fact[Amount] = UNKNOWN
    retention_month_3: Fact[Share] = UNKNOWN


class Communication(Block):
    """How the project is told and proven."""

    plan: Fact[bool] = UNKNOWN
    audiences_with_pitch: Fact[Share] = UNKNOWN
    proof_figures: Fact[bool] = UNKNOWN
    proof_testimonies: Fact[bool] = UNKNOWN
    proof_business_link: Fact[bool] = UNKNOWN
    peer_persuasion: Fact[bool] = UNKNOWN


class Training(Block):
    """How staff are helped to begin."""

    managers_shown_benefits: Fact[Share] = UNKNOWN
    staff_in_simulation: Fact[Share] = UNKNOWN
    staff_helped_to_first_post: Fact[Share] = UNKNOWN
    support_adjusted_after_pilot: Fact[bool] = UNKNOWN


class Animation(Block):
    """Who keeps the network alive, and how contributors are thanked."""

    community_manager_fte: Fact[Amount] = UNKNOWN
    rites_per_week: Fact[Amount] = UNKNOWN
    recognition: Fact[Recognition] = UNKNOWN
    free_groups: Fact[bool] = UNKNOWN


class Culture(Block):
    """What makes people dare to write."""

    freedom_to_speak_stated: Fact[bool] = UNKNOWN
    use_voluntary: Fact[bool] = UNKNOWN
    kindness_and_transparency_stated: Fact[bool] = UNKNOWN
    common_practices_agreed: Fact[bool] = UNKNOWN


class Meetings(Block):
    """Where people meet in the flesh."""

    round_tables_per_quarter: Fact[Amount] = UNKNOWN
    space: Fact[bool] = UNKNOWN
    follow_up_published: Fact[bool] = UNKNOWN


class Tools(Block):
    """The network's tool and its neighbours."""

    network: Fact[Text] = UNKNOWN
    chat_groups_of_20: Fact[Count] = UNKNOWN
    network_is_central: Fact[bool] = UNKNOWN
    overlapping_tools: Fact[Count] = UNKNOWN
    business_integration: Fact[bool] = UNKNOWN
    mobile: Fact[bool] = UNKNOWN
    search: Fact[bool] = UNKNOWN


class Directory(Block):
    """Who is who."""

    rich_profiles: Fact[Share] = UNKNOWN
    single_directory: Fact[bool] = UNKNOWN


class Governance(Block):
    """Who decides and who takes part."""

    lead: Fact[Text] = UNKNOWN
    functions: Fact[Listed[Function]] = UNKNOWN


class Vendor(Block):
    """The supplier, and how far it is believed."""

    feedback_handled: Fact[bool] = UNKNOWN
    claims_checked: Fact[bool] = UNKNOWN
    exit_planned: Fact[bool] = UNKNOWN


class WorksCouncil(Block):
    """The consultation of the staff's representatives (CSE, or CSA in public service)."""

    consultation_start: Fact[Date] = UNKNOWN
    consultation_end: Fact[Date] = UNKNOWN
    expert: Fact[bool] = UNKNOWN
    monitoring_consulted: Fact[bool] = UNKNOWN


class Legal(Block):
    """The social and legal steps, each of which needs its evidence."""

    works_council: Section[WorksCouncil] = WorksCouncil.model_construct()
    activity_monitored: Fact[bool] = UNKNOWN
    staff_informed_of_monitoring: Fact[bool] = UNKNOWN
    personal_data_file: Fact[bool] = UNKNOWN
    impact_assessment_screened: Fact[bool] = UNKNOWN
    photo_optional: Fact[bool] = UNKNOWN
    usage_charter: Fact[bool] = UNKNOWN
    charter_disciplinary: Fact[bool] = UNKNOWN
    charter_filed: Fact[bool] = UNKNOWN
    disconnection: Fact[bool] = UNKNOWN
    french_version: Fact[bool] = UNKNOWN
    accessibility_checked: Fact[bool] = UNKNOWN
    psychosocial_risks_reviewed: Fact[bool] = UNKNOWN


class ExternalFact(Block):
    """Something said elsewhere about the organisation, shown but never scored."""

    statement: Text
    source: Text
    as_of: Date | None = None


class Organisation(Block):
    """All that is known of one organisation at one date."""

    kind: Literal["organisation"]
    name: Text
    invented: bool = False
    as_of: Date | None = None
    playbook: PlaybookReference | None = None
    sector: Fact[Text] = UNKNOWN
    headcount: Fact[AtLeastOne] = UNKNOWN
    countries: Fact[Listed[Country]] = UNKNOWN
    country_count: Fact[AtLeastOne] = UNKNOWN
    languages: Fact[Listed[LanguageCode]] = UNKNOWN
    employer: Section[Employer] = Employer.model_construct()
    sites: Fact[Listed[Site]] = UNKNOWN
    closures: Listed[Period] = ()
    working_days: Listed[WorkingDays] = ()
    sponsorship: Section[Sponsorship] = Sponsorship.model_construct()
    executive_committee: Section[ExecutiveCommittee] = ExecutiveCommittee.model_construct()
    selection_panel: Section[SelectionPanel] = SelectionPanel.model_construct()
    pilot: Section[Pilot] = Pilot.model_construct()
    ambassadors: Section[Ambassadors] = Ambassadors.model_construct()
    use_cases: Fact[Listed[UseCase]] = UNKNOWN
    roadmap: Section[Roadmap] = Roadmap.model_construct()
    means: Section[Means] = Means.model_construct()
    digital_maturity: Section[DigitalMaturity] = DigitalMaturity.model_construct()
    managers: Section[Managers] = Managers.model_construct()
    adoption: Section[Adoption] = Adoption.model_construct()
    communication: Section[Communication] = Communication.model_construct()
    training: Section[Training] = Training.model_construct()
    animation: Section[Animation] = Animation.model_construct()
    culture: Section[Culture] = Culture.model_construct()
    meetings: Section[Meetings] = Meetings.model_construct()
    tools: Section[Tools] = Tools.model_construct()
    directory: Section[Directory] = Directory.model_construct()
    governance: Section[Governance] = Governance.model_construct()
    vendor: Section[Vendor] = Vendor.model_construct()
    legal: Section[Legal] = Legal.model_construct()
    answers: dict[str, Fact[Answer]] = Field(default_factory=dict)
    external_facts: Listed[ExternalFact] = ()

    def fact(self, path: str) -> Fact[Any]:
        """Return the fact at a dotted path such as ``pilot.users`` or ``answers.my-question``."""
        return fact_at(self, path)


def fact_at(block: BaseModel, path: str) -> Fact[Any]:
    """Return the fact at a dotted path inside a block."""
    here: Any = block
    for name in path.split("."):
        here = here.get(name, UNKNOWN) if isinstance(here, dict) else getattr(here, name, UNKNOWN)
    if not isinstance(here, Fact):
        # A name that stands outside a fact (a use case's title) is known as it stands.
        return UNKNOWN if here is None else Fact(here)
    return here


def read_organisation(document: Document) -> Organisation:
    """Check a document against the model; raise InvalidFileError with every fault."""
    return load(Organisation, document)
