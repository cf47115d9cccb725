"""One of everything that a company can own, so that a crawl has something to look for."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import ApproverKind, StepMode, StepStatus, SubjectKind
from portal.domain.archives import ArchiveStatus
from portal.domain.custom_fields import FieldGroup, FieldKind, Retention
from portal.domain.data_exports import ExportStatus
from portal.domain.entitlement_plans import Milestone, Plan, SeniorityUnit
from portal.domain.erasures import ErasureOrigin, due
from portal.domain.feeds import FeedScope
from portal.domain.group_entries import GroupKind
from portal.domain.holidays import HolidayPart, HolidaySource
from portal.domain.incidents import ProcessorAnswerKind, Severity
from portal.domain.ledger import EntryKind
from portal.domain.licence_files import Verdict
from portal.domain.overtime import OvertimeStatus
from portal.domain.people_changes import ChangeKind
from portal.domain.periods import Part
from portal.domain.planned_absences import PlannedStatus
from portal.domain.planning_rounds import Outcome, RoundStatus, TieBreak
from portal.domain.sso import ProviderState, Purpose
from portal.domain.staffing import Effect, Measure, Metric, RulePart
from portal.domain.support import GrantKind
from portal.domain.working_patterns import WorkingPattern
from portal.domain.year_ends import LineOutcome, RunStatus
from portal.models import (
    Absence,
    AbsencePart,
    AbsenceProof,
    AbsenceSubstitute,
    AbsenceType,
    ApprovalRule,
    ApprovalStep,
    AuditExport,
    AuditFeedToken,
    Closing,
    CompanyArchive,
    CompanyIncident,
    DataExport,
    Delegation,
    Distribution,
    DistributionRecipient,
    Document,
    DocumentVersion,
    Employment,
    ErasureRequest,
    Feed,
    GroupEntry,
    LapseNotice,
    LawPackChoice,
    LedgerEntry,
    LegalHold,
    LicenceFile,
    OvertimeCredit,
    Passkey,
    PersonCalendar,
    PersonHoliday,
    PlannedAbsence,
    PlanningChoice,
    PlanningRound,
    ProcessorAnswer,
    ProcessorNotice,
    PublishedShift,
    ReleasedShift,
    RequestApprovalRule,
    Role,
    RoleGrant,
    RolePermission,
    Roster,
    ScimGroup,
    ScimGroupMember,
    ScimPerson,
    Shift,
    ShiftTemplate,
    SiteHoliday,
    SiteRegion,
    StaffingBreach,
    StaffingRule,
    StaffingRulePart,
    StepApprover,
    SupportGrant,
    SupportVisit,
    WithdrawnShift,
    YearEndLine,
    YearEndRun,
)
from portal.services import (
    absence_types,
    audit,
    custom_fields,
    custom_values,
    domains,
    entitlement_plans,
    people_changes,
    provisioning_tokens,
    sealing,
)
from portal.services.absence_types import TypeLook
from portal.services.custom_fields import FieldFacts
from portal.services.people_changes import Asked, Chosen
from portal.services.people_import import memory
from portal.services.people_import.snapshots import states_of
from portal.services.sso import transactions
from tests.factories.identity_providers import make_provider
from tests.fixtures.cast import SENTINEL, Cast

DAY = date(2026, 6, 18)
#: The key of the role that Acme has made itself.
OWN_ROLE = "own-night-desk"


def give_acme_everything(uow: UnitOfWork, cast: Cast) -> None:
    """An absence of Eve, a roster of Care with her shift, a document and a role of hers, an import that changed her.

    Every text carries SENTINEL.
    """
    _absence(uow, cast)
    _roster(uow, cast)
    _document(uow, cast)
    _own_values(uow, cast)
    memory.remember(uow, [], states_of(uow, [cast.eve.employee_id]))
    _change_of_many(uow, cast)
    _role(uow, cast)
    _passkey(uow, cast)
    _feed_token(uow, cast)
    _provider(uow, cast)
    _privacy(uow, cast)
    domains.claim(uow, f"{SENTINEL}.example")
    provisioning_tokens.issue(uow, name=f"Directory {SENTINEL}", invites=False)
    _directory(uow, cast)
    _support(uow, cast)
    _incident(uow, cast)
    _feed(uow, cast)
    _absence_type(uow, cast)
    _delegation(uow, cast)
    _approval(uow, cast)
    _closing(uow, cast)
    _licence_file(uow, cast)
    _turns(uow, cast)
    _holidays(uow, cast)
    _staffing(uow, cast)
    _group_entry(uow, cast)
    uow.session.add(
        AuditExport(
            asked_by_id=cast.ana.employee_id, kind="csv", chosen={}, through=1, status=ExportStatus.EXPIRED
        )
    )
    uow.session.add(CompanyArchive(asked_by_id=cast.ana.employee_id, status=ArchiveStatus.GONE))
    audit.record(uow, audit.Action.EMPLOYEE_CHANGED, note=SENTINEL)


def _turns(uow: UnitOfWork, cast: Cast) -> None:
    """Pia works five days and three by turns."""
    long, short = (480, 480, 480, 480, 480, 0, 0), (480, 480, 480, 0, 0, 0, 0)
    for row in uow.session.scalars(select(Employment).where(Employment.employee_id == cast.pia.employee_id)):
        row.working_pattern = WorkingPattern(long, (short,), date(2026, 1, 5))


def _holidays(uow: UnitOfWork, cast: Cast) -> None:
    """A day of its own at the site in Prague, which moves next year."""
    site_id = cast.sites["prague"]
    day = {"date": date(2026, 11, 16), "part": HolidayPart.FULL, "free": True, "source": HolidaySource.MANUAL}
    uow.session.add(SiteHoliday(site_id=site_id, name=f"Founders {SENTINEL}", **day))
    uow.session.add(LawPackChoice(site_id=site_id, pack="CZ", reason=f"Advice {SENTINEL}"))
    uow.session.add(SiteRegion(site_id=site_id, valid_from=date(2027, 1, 1), country="SK"))
    eve, part = cast.eve.employee_id, HolidayPart.FULL
    uow.session.add(
        PersonCalendar(
            employee_id=eve, valid_from=date(2030, 1, 1), country="SK", reason=f"Bratislava {SENTINEL}"
        )
    )
    feast = {"date": date(2030, 1, 7), "part": part, "source": HolidaySource.MANUAL}
    uow.session.add(PersonHoliday(employee_id=eve, name=f"Feast {SENTINEL}", **feast))


def _staffing(uow: UnitOfWork, cast: Cast) -> None:
    """A rule of Care that only says so, and a day that breaks it."""
    rule = StaffingRule(
        id=uuid4(),
        name=f"Care {SENTINEL}",
        team_id=cast.teams["care"],
        metric=Metric.MOST_AWAY,
        measure=Measure.PEOPLE,
        amount=0,
        effect=Effect.INFO,
        weekdays=[1, 2, 3, 4, 5],
        valid_from=DAY,
    )
    uow.session.add(rule)
    uow.session.flush()
    uow.session.add(
        StaffingBreach(rule_id=rule.id, date=DAY, expected=2000, away=1000, noticed_at=uow.clock.now())
    )
    uow.session.add(
        StaffingRulePart(rule_id=rule.id, part=RulePart.EXCEPTED, employee_id=cast.people["pia"].employee_id)
    )


def _group_entry(uow: UnitOfWork, cast: Cast) -> None:
    """A closure of the site in Prague."""
    row = GroupEntry(
        kind=GroupKind.CLOSURE,
        name=f"Christmas {SENTINEL}",
        absence_type_id=uow.session.scalars(select(AbsenceType.id).limit(1)).one(),
        site_id=cast.sites["prague"],
        start_date=date(2026, 12, 28),
        end_date=date(2026, 12, 31),
        first_part=Part.FULL,
        last_part=Part.FULL,
        author_id=cast.ana.employee_id,
    )
    uow.session.add(row)


def _closing(uow: UnitOfWork, cast: Cast) -> None:
    """A wish to close the company that was taken back."""
    now = uow.clock.now()
    uow.session.add(Closing(asked_by_id=cast.ana.employee_id, asked_at=now, ended_at=now))


def _licence_file(uow: UnitOfWork, cast: Cast) -> None:
    """One that another took the place of."""
    now = uow.clock.now()
    uow.session.add(
        LicenceFile(
            number=uuid4(),
            content=f"{{}} {SENTINEL}",
            plan=f"Plan {SENTINEL}",
            persons=10,
            valid_from=DAY,
            valid_until=DAY,
            issued_at=now,
            installed_at=now,
            installed_by_id=cast.ana.employee_id,
            replaced_at=now,
            verdict=Verdict.VALID,
            seen_at=now,
        )
    )


def _passkey(uow: UnitOfWork, cast: Cast) -> None:
    uow.session.add(
        Passkey(
            employee_id=cast.eve.employee_id,
            name=f"Laptop {SENTINEL}",
            credential_id=b"acme",
            public_key=b"acme",
            transports=["usb"],
        )
    )


def _privacy(uow: UnitOfWork, cast: Cast) -> None:
    """A copy of Eve's data that waits for her, her request to be forgotten, and a hold."""
    uow.session.add_all(
        [
            DataExport(employee_id=cast.eve.employee_id, status=ExportStatus.FAILED),
            ErasureRequest(
                employee_id=cast.eve.employee_id,
                origin=ErasureOrigin.HR,
                received_on=DAY,
                due_on=due(DAY),
                extension_reason=f"Long {SENTINEL}",
            ),
            LegalHold(
                employee_id=cast.otto.employee_id,
                reason=f"Lawsuit {SENTINEL}",
                placed_by_id=cast.ana.employee_id,
            ),
        ]
    )


def _feed_token(uow: UnitOfWork, cast: Cast) -> None:
    uow.session.add(
        AuditFeedToken(name=f"SIEM {SENTINEL}", token_hash=b"acme", created_by_id=cast.ana.employee_id)
    )


def _support(uow: UnitOfWork, cast: Cast) -> None:
    """Ana has let support in, and one of them came."""
    now = uow.clock.now()
    grant = SupportGrant(
        kind=GrantKind.REQUEST,
        areas=["people"],
        sealed=[],
        writes=False,
        hours=4,
        reason=f"Help {SENTINEL}",
        asked_at=now,
        asked_by_id=cast.ana.employee_id,
        granted_at=now,
        granted_by_id=cast.ana.employee_id,
        until=now + timedelta(hours=4),
    )
    uow.session.add(grant)
    uow.session.flush()
    uow.session.add(
        SupportVisit(
            support_grant_id=grant.id,
            staff_id=uuid4(),
            staff_name="Sam",
            staff_email="sam@operator.example",
            first_at=now,
            last_at=now,
        )
    )


def _incident(uow: UnitOfWork, cast: Cast) -> None:
    """Acme was told of one; and of a processor, to which it agreed."""
    now, processor_id = uow.clock.now(), uuid4()
    uow.session.add(
        CompanyIncident(
            incident_id=uuid4(),
            title=f"Incident {SENTINEL}",
            severity=Severity.HIGH,
            since=now - timedelta(days=1),
            until=now,
            ips=[],
            sessions=[],
            actions=[],
            found_at=now,
            event_count=1,
            people_count=1,
            report=f"Report {SENTINEL}",
            told_at=now,
        )
    )
    uow.session.add(
        ProcessorAnswer(
            processor_id=processor_id,
            processor_name=f"Processor {SENTINEL}",
            answer=ProcessorAnswerKind.AGREED,
            answered_at=now,
            answered_by_id=cast.ana.employee_id,
        )
    )
    uow.session.add(
        ProcessorNotice(processor_id=processor_id, told_at=now, begins_on=(now + timedelta(days=30)).date())
    )


def _feed(uow: UnitOfWork, cast: Cast) -> None:
    """Eve's, of her team, and a shift that was hers."""
    eve = cast.eve.employee_id
    uow.session.add(
        Feed(
            employee_id=eve,
            name=f"Phone {SENTINEL}",
            scope=FeedScope.TEAM,
            team_id=cast.teams["care"],
            absences=True,
            shifts=True,
            holidays=True,
            busy_only=False,
            token_hash=b"acme",
        )
    )
    shift = uow.session.scalars(select(PublishedShift)).first()
    uow.session.add(
        WithdrawnShift(
            shift_id=uuid4(),
            roster_id=shift.roster_id,
            employee_id=eve,
            shift_template_id=shift.shift_template_id,
            date=DAY,
            during=shift.during,
            shared_version=2,
            withdrawn_at=uow.clock.now(),
        )
    )


def _provider(uow: UnitOfWork, cast: Cast) -> None:
    """A draft that nobody has tested, and an admin's trip to it."""
    provider = make_provider(uow, name=f"Accounts {SENTINEL}", state=ProviderState.DRAFT)
    transactions.begin(
        uow,
        provider,
        Purpose.TEST,
        state=transactions.new_state(),
        kept={},
        browser_secret=transactions.new_state(),
        employee_id=cast.ana.employee_id,
    )


def _directory(uow: UnitOfWork, cast: Cast) -> None:
    eve, now = cast.eve.employee_id, uow.clock.now()
    group = ScimGroup(display_name=f"Group {SENTINEL}", synced_at=now)
    uow.session.add_all([group, ScimPerson(employee_id=eve, external_id=SENTINEL, synced_at=now)])
    uow.session.flush()
    uow.session.add(ScimGroupMember(group_id=group.id, employee_id=eve))


def _absence(uow: UnitOfWork, cast: Cast) -> None:
    vacation = uow.session.scalars(select(AbsenceType).where(AbsenceType.key == "vacation")).one()
    eve = cast.eve.employee_id
    absence = Absence(
        employee_id=eve,
        absence_type_id=vacation.id,
        status=AbsenceStatus.REQUESTED,
        start_date=DAY,
        end_date=DAY,
        charge=1000,
        note=f"Wedding {SENTINEL}",
        requested_by_id=eve,
        requested_at=uow.clock.now(),
    )
    uow.session.add(absence)
    uow.session.flush()
    start = datetime.combine(DAY, datetime.min.time())
    uow.session.add(
        AbsencePart(
            absence_id=absence.id,
            employee_id=eve,
            date=DAY,
            part=Part.FULL,
            during=Range(start, start + timedelta(days=1), bounds="[)"),
            charge=1000,
        )
    )
    uow.session.add(
        LedgerEntry(
            employee_id=eve,
            absence_type_id=vacation.id,
            kind=EntryKind.GRANT,
            amount=25_000,
            effective_date=date(2026, 1, 1),
            origin_year=2026,
            usable_from=date(2026, 1, 1),
            usable_through=date(2026, 12, 31),
            rule="tests",
            reason=f"Granted {SENTINEL}",
        )
    )
    _proof(uow, absence)
    absence.cover_note = f"Keys {SENTINEL}"
    uow.session.add(AbsenceSubstitute(absence_id=absence.id, employee_id=cast.pia.employee_id))
    uow.session.add(
        PlannedAbsence(
            employee_id=eve,
            absence_type_id=vacation.id,
            start_date=date(2026, 7, 6),
            end_date=date(2026, 7, 10),
            first_part=Part.FULL,
            last_part=Part.FULL,
            weight=3,
            note=f"Wedding {SENTINEL}",
            status=PlannedStatus.PLANNED,
            planned_at=uow.clock.now(),
        )
    )
    planning = PlanningRound(
        name=f"Summer {SENTINEL}",
        start_date=date(2026, 7, 1),
        end_date=date(2026, 8, 31),
        deadline=date(2026, 6, 20),
        tie_break=TieBreak.ROTATION,
        outcome=Outcome.ABSENCES,
        status=RoundStatus.OPEN,
    )
    uow.session.add(planning)
    uow.session.flush()
    wish_id = uow.session.scalars(select(PlannedAbsence.id)).first()
    uow.session.add(
        PlanningChoice(
            round_id=planning.id, planned_absence_id=wish_id, employee_id=eve, granted=True, by_hand=True
        )
    )
    uow.session.add(
        OvertimeCredit(
            employee_id=eve,
            absence_type_id=vacation.id,
            worked_on=date(2026, 5, 4),
            worked_minutes=90,
            status=OvertimeStatus.PROPOSED,
            note=f"Stocktaking {SENTINEL}",
            proposed_by_id=eve,
            proposed_at=uow.clock.now(),
        )
    )


def _proof(uow: UnitOfWork, absence: Absence) -> None:
    """A note that proves the absence."""
    content = f"Sick note {SENTINEL}".encode()
    proof_id, key = uuid4(), uuid4()
    sealed = sealing.seal(uow, content, row=AbsenceProof, column="content", row_id=proof_id)
    uow.outside.files.put(uow.company.id, key, sealed)
    uow.session.add(
        AbsenceProof(
            id=proof_id,
            absence_id=absence.id,
            employee_id=absence.employee_id,
            file_name=f"note-{SENTINEL}.txt",
            content_type="text/plain",
            size_bytes=len(content),
            sha256=hashlib.sha256(content).digest(),
            storage_key=str(key),
            uploaded_by_id=absence.employee_id,
        )
    )


def _absence_type(uow: UnitOfWork, cast: Cast) -> None:
    """A type of the company's own, with rules that are planned."""
    look = TypeLook(f"Wellness {SENTINEL}", "WX", "pink")
    made = absence_types.create(uow, look, TypeRules())
    uow.session.flush()
    absence_types.change_rules(
        uow, made.id, TypeRules(yearly_entitlement=5_000, notice_days=7), valid_from=DAY
    )
    _entitlements(uow, cast, made.id)


def _entitlements(uow: UnitOfWork, cast: Cast, type_id: UUID) -> None:
    """A plan of that type that is still to come, what was agreed with Eve, a year end of hers and a letter."""
    eve, now = cast.eve.employee_id, uow.clock.now()
    milestones = (Milestone(0, SeniorityUnit.DAYS, 5_000),)
    entitlement_plans.change(uow, type_id, Plan(date(2027, 1, 1), milestones))
    entitlement_plans.agree(uow, eve, type_id, valid_from=DAY, yearly=6_000, reason=f"Promised {SENTINEL}")
    run = YearEndRun(id=uuid4(), absence_type_id=type_id, year=2025, status=RunStatus.DRAFT, people=1, done=0)
    uow.session.add(run)
    uow.session.flush()
    figures = dict.fromkeys(("held_back", "protected", "owed", "written_off"), 0)
    uow.session.add_all(
        [
            YearEndLine(
                run_id=run.id,
                employee_id=eve,
                rest=3_000,
                carried=2_000,
                lapsed=1_000,
                outcome=LineOutcome.PLANNED,
                **figures,
            ),
            LapseNotice(
                employee_id=eve,
                absence_type_id=type_id,
                origin_year=2025,
                usable_through=date(2026, 6, 30),
                amount=2_000,
                sent_at=now,
                reminders=0,
            ),
        ]
    )


def _delegation(uow: UnitOfWork, cast: Cast) -> None:
    """Mats hands his decisions to Pia, from a later day on: it changes nothing for what other tests ask."""
    uow.session.add(
        Delegation(
            employee_id=cast.mats.employee_id,
            deputy_id=cast.pia.employee_id,
            start_date=DAY,
            end_date=DAY,
            reason=f"Away {SENTINEL}",
            author_id=cast.mats.employee_id,
        )
    )


def _approval(uow: UnitOfWork, cast: Cast) -> None:
    """Steps of approval that are planned, and a route that is over."""
    absence = uow.session.scalars(select(Absence)).first()
    kind = uow.session.scalars(select(AbsenceType).where(AbsenceType.key == "vacation")).one()
    uow.session.add(ApprovalRule(absence_type_id=kind.id, valid_from=DAY, steps=[]))
    overtime = SubjectKind.OVERTIME
    uow.session.add(RequestApprovalRule(subject=overtime, absence_type_id=kind.id, valid_from=DAY, steps=[]))
    step = ApprovalStep(
        id=uuid4(),
        absence_id=absence.id,
        position=1,
        approver=ApproverKind.HR,
        mode=StepMode.ANY,
        status=StepStatus.CLOSED,
    )
    uow.session.add(step)
    uow.session.flush()
    uow.session.add(StepApprover(step_id=step.id, employee_id=cast.ana.employee_id))


def _roster(uow: UnitOfWork, cast: Cast) -> None:
    template = uow.session.scalars(select(ShiftTemplate).where(ShiftTemplate.code == "E")).one()
    template.name = f"Early {SENTINEL}"
    roster = Roster(
        team_id=cast.teams["care"],
        start_date=date(2026, 6, 1),
        end_date=date(2026, 6, 30),
        version=1,
        published_at=uow.clock.now(),
    )
    uow.session.add(roster)
    uow.session.flush()
    start = datetime(2026, 6, 16, 4, tzinfo=UTC)
    shared = {
        "id": uuid4(),
        "roster_id": roster.id,
        "employee_id": cast.eve.employee_id,
        "shift_template_id": template.id,
        "date": date(2026, 6, 16),
        "during": Range(start, start + timedelta(hours=8), bounds="[)"),
        "paid_minutes": 450,
    }
    uow.session.add_all([Shift(**shared), PublishedShift(**shared)])
    absence = uow.session.scalars(select(Absence)).first()
    freed = shared | {"id": uuid4(), "shift_id": uuid4(), "absence_id": absence.id, "beside": 1}
    uow.session.add(ReleasedShift(**freed))


def _own_values(uow: UnitOfWork, cast: Cast) -> None:
    """A sealed field with a value of Eve's, so that it cannot be found and opened from elsewhere."""
    facts = FieldFacts(f"Account {SENTINEL}", FieldKind.TEXT, FieldGroup.SEALED, Retention.TEN_YEARS, 0)
    field_id = custom_fields.create(uow, facts)
    field = next(one for one in custom_fields.in_use(uow, [FieldGroup.SEALED]) if one.id == field_id)
    custom_values.write(uow, cast.eve.employee_id, field, None, f"CZ65 {SENTINEL}")


def _change_of_many(uow: UnitOfWork, cast: Cast) -> None:
    chosen = Chosen(ids=(cast.eve.employee_id,))
    asked = Asked(kind=ChangeKind.HOURS, weekly_minutes=1800, from_day=uow.today())
    digest = people_changes.plan(uow, chosen, asked).digest
    people_changes.order(uow, chosen, asked, digest=digest, only_possible=False)


def _document(uow: UnitOfWork, cast: Cast) -> None:
    content = f"House rules {SENTINEL}".encode()
    document = Document(title=f"Rules {SENTINEL}", description=SENTINEL, owner_id=cast.ana.employee_id)
    uow.session.add(document)
    uow.session.flush()
    version_id, key = uuid4(), uuid4()
    sealed = sealing.seal(uow, content, row=DocumentVersion, column="content", row_id=version_id)
    uow.outside.files.put(uow.company.id, key, sealed)
    uow.session.add(
        DocumentVersion(
            id=version_id,
            document_id=document.id,
            number=1,
            file_name=f"rules-{SENTINEL}.txt",
            content_type="text/plain",
            size_bytes=len(content),
            sha256=hashlib.sha256(content).digest(),
            storage_key=str(key),
            uploaded_by_id=cast.ana.employee_id,
        )
    )
    uow.session.flush()
    distribution = Distribution(
        document_version_id=version_id,
        team_id=cast.teams["care"],
        distributed_by_id=cast.ana.employee_id,
        distributed_at=uow.clock.now(),
    )
    uow.session.add(distribution)
    uow.session.flush()
    uow.session.add(DistributionRecipient(distribution_id=distribution.id, employee_id=cast.eve.employee_id))


def _role(uow: UnitOfWork, cast: Cast) -> None:
    role = Role(key=OWN_ROLE, name=f"Night desk {SENTINEL}")
    uow.session.add(role)
    uow.session.flush()
    uow.session.add(RolePermission(role_id=role.id, permission="directory:view", reach="company"))
    uow.session.add(RoleGrant(employee_id=cast.eve.employee_id, role_id=role.id))
