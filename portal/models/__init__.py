"""The tables. Importing this package registers every one of them with the metadata."""

from portal.models.absence import Absence, AbsencePart
from portal.models.absence_proof import AbsenceProof
from portal.models.absence_substitute import AbsenceSubstitute
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.approval import ApprovalRule, ApprovalStep, RequestApprovalRule, StepApprover
from portal.models.audit_event import AuditEvent
from portal.models.audit_export import AuditExport
from portal.models.audit_feed_token import AuditFeedToken
from portal.models.backup import BackupRun, Drill, OperatorAlarm
from portal.models.billing import BillingEvent
from portal.models.company import Company, CompanyKey, VerifiedDomain
from portal.models.company_archive import CompanyArchive
from portal.models.custom_field import CustomField, CustomValue
from portal.models.data_export import DataExport
from portal.models.delegation import Delegation
from portal.models.distribution import Confirmation, Distribution, DistributionRecipient
from portal.models.document import Document, DocumentVersion
from portal.models.domain_claim import DomainClaim
from portal.models.employee import Employee, Employment
from portal.models.entitlement_plan import AgreedEntitlement, EntitlementPlan
from portal.models.erasure import ErasureRequest, ErasureStep, LegalHold
from portal.models.factor import Authenticator, Passkey, PasskeyChallenge, RecoveryCode
from portal.models.feed import Feed, WithdrawnShift
from portal.models.group_entry import GroupEntry
from portal.models.holiday import SiteHoliday, SiteRegion
from portal.models.identity import (
    Identity,
    OneTimeCode,
    PhoneFactor,
    SignInAttempt,
    SignInLink,
    SignInSession,
)
from portal.models.identity_provider import IdentityProvider, SignInPolicy, SsoTransaction
from portal.models.incident import CompanyIncident, Incident, IncidentEntry
from portal.models.law_pack_choice import LawPackChoice
from portal.models.ledger_entry import LedgerEntry
from portal.models.licence import Closing, Erasure, LicenceNotice
from portal.models.licence_file import LicenceFile
from portal.models.line_management import LineManagement
from portal.models.operator import (
    OperatorChallenge,
    OperatorEvent,
    OperatorPasskey,
    OperatorSession,
    OperatorStaff,
)
from portal.models.outbox_message import OutboxMessage
from portal.models.overtime_credit import OvertimeCredit
from portal.models.people_change import PeopleChange
from portal.models.people_import import PeopleImport
from portal.models.person_holiday import PersonCalendar, PersonHoliday
from portal.models.planned_absence import PlannedAbsence
from portal.models.planning_round import PlanningChoice, PlanningRound
from portal.models.processor import Processor, ProcessorAnswer, ProcessorNotice
from portal.models.provisioning import ScimGroup, ScimGroupMember, ScimPerson, ScimRoleGrant, ScimToken
from portal.models.released_shift import ReleasedShift
from portal.models.role import Role, RoleGrant, RolePermission
from portal.models.roster import Roster
from portal.models.saml import CertificateWarning, UsedAssertion
from portal.models.shift import PublishedShift, Shift, ShiftTemplate
from portal.models.staffing import StaffingBreach, StaffingRule, StaffingRulePart
from portal.models.support import SupportGrant, SupportVisit
from portal.models.team import Site, Team, TeamMembership
from portal.models.year_end import LapseNotice, YearEndLine, YearEndRun

__all__ = [
    "Absence",
    "AbsencePart",
    "AbsenceProof",
    "AbsenceSubstitute",
    "AbsenceType",
    "AbsenceTypeVersion",
    "AgreedEntitlement",
    "ApprovalRule",
    "ApprovalStep",
    "AuditEvent",
    "AuditExport",
    "AuditFeedToken",
    "Authenticator",
    "BackupRun",
    "BillingEvent",
    "CertificateWarning",
    "Closing",
    "Company",
    "CompanyArchive",
    "CompanyIncident",
    "CompanyKey",
    "Confirmation",
    "CustomField",
    "CustomValue",
    "DataExport",
    "Delegation",
    "Distribution",
    "DistributionRecipient",
    "Document",
    "DocumentVersion",
    "DomainClaim",
    "Drill",
    "Employee",
    "Employment",
    "EntitlementPlan",
    "Erasure",
    "ErasureRequest",
    "ErasureStep",
    "Feed",
    "GroupEntry",
    "Identity",
    "IdentityProvider",
    "Incident",
    "IncidentEntry",
    "LapseNotice",
    "LawPackChoice",
    "LedgerEntry",
    "LegalHold",
    "LicenceFile",
    "LicenceNotice",
    "LineManagement",
    "OneTimeCode",
    "OperatorAlarm",
    "OperatorChallenge",
    "OperatorEvent",
    "OperatorPasskey",
    "OperatorSession",
    "OperatorStaff",
    "OutboxMessage",
    "OvertimeCredit",
    "Passkey",
    "PasskeyChallenge",
    "PeopleChange",
    "PeopleImport",
    "PersonCalendar",
    "PersonHoliday",
    "PhoneFactor",
    "PlannedAbsence",
    "PlanningChoice",
    "PlanningRound",
    "Processor",
    "ProcessorAnswer",
    "ProcessorNotice",
    "PublishedShift",
    "RecoveryCode",
    "ReleasedShift",
    "RequestApprovalRule",
    "Role",
    "RoleGrant",
    "RolePermission",
    "Roster",
    "ScimGroup",
    "ScimGroupMember",
    "ScimPerson",
    "ScimRoleGrant",
    "ScimToken",
    "Shift",
    "ShiftTemplate",
    "SignInAttempt",
    "SignInLink",
    "SignInPolicy",
    "SignInSession",
    "Site",
    "SiteHoliday",
    "SiteRegion",
    "SsoTransaction",
    "StaffingBreach",
    "StaffingRule",
    "StaffingRulePart",
    "StepApprover",
    "SupportGrant",
    "SupportVisit",
    "Team",
    "TeamMembership",
    "UsedAssertion",
    "VerifiedDomain",
    "WithdrawnShift",
    "YearEndLine",
    "YearEndRun",
]
