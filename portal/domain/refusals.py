"""Why the portal says no: one reason per rule. The sentences people read live in portal/web/refusals.py."""

from enum import StrEnum


class Reason(StrEnum):
    """Sorted by value. The comment says when it is given and which details come with it."""

    # The days asked for contain no scheduled work that a holiday leaves over. start_date, end_date
    ABSENCE_COSTS_NOTHING = "absence-costs-nothing"
    ABSENCE_OVERLAPS = "absence-overlaps"  # The person already has a live absence at that time.
    ABSENCE_TYPE_CODE_TAKEN = "absence-type-code-taken"  # Another type of absence has this code.
    ABSENCE_TYPE_RETIRED = "absence-type-retired"  # The type is not offered any more on these days.
    # More days agreed a week than days on which they may lie. possible
    AGREED_DAYS_IMPOSSIBLE = "agreed-days-impossible"
    # Someone was faster, or the thing has moved on: that decision is no longer open. status
    ALREADY_DECIDED = "already-decided"
    ALREADY_SO = "already-so"  # The person has already what they were to get.
    # The code is not one that the authenticator app shows now, or it was used before.
    APP_CODE_WRONG = "app-code-wrong"
    APP_DISABLED = "app-disabled"  # Too many wrong codes in a row: the authenticator app must be set up anew.
    # They have had a say in this request, or it is their turn.
    APPROVER_ASKED_ALREADY = "approver-asked-already"
    APPROVER_IS_OWNER = "approver-is-owner"  # Nobody decides over their own request, handed over or not.
    AUDIENCE_EMPTY = "audience-empty"  # Nobody would receive it.
    AUDIT_EXPORT_IN_WORK = "audit-export-in-work"  # One file of the audit log at a time.
    AUDIT_EXPORT_TOO_LONG = "audit-export-too-long"  # More events than a workbook takes. limit
    # No more tokens for the feed of the audit log. limit
    AUDIT_FEED_TOKEN_LIMIT = "audit-feed-token-limit"  # noqa: S105
    # The entitlement does not reach. available, missing (thousandths of a day or minutes), date
    BALANCE_TOO_LOW = "balance-too-low"
    CANCEL_NEEDS_APPROVAL = "cancel-needs-approval"  # The type says that somebody has to agree to cancelling.
    # Days that are over, or begun, are not moved.
    CHANGE_OF_PAST_DAYS = "change-of-past-days"
    # A change of many people that is too old, was undone, or is none that can be taken back.
    CHANGE_PAST_UNDO = "change-past-undo"
    CHANGE_WAITS = "change-waits"  # Another change of the same absence waits for a decision.
    CHANGED_MEANWHILE = "changed-meanwhile"  # The row changed since the form was opened.
    # The operator confirms a closing only where there is no second admin.
    CLOSING_NEEDS_ADMIN = "closing-needs-admin"
    CLOSURE_STANDS = "closure-stands"  # An absence that a closure made is not the person's to give up. name
    CODE_EXPIRED = "code-expired"  # The one-time code is older than its lifetime.
    CODE_SENT_TOO_OFTEN = "code-sent-too-often"  # Too many codes were sent lately. again_at
    CODE_TRIES_USED_UP = "code-tries-used-up"  # All tries of this one-time code are used up.
    CODE_WRONG = "code-wrong"  # The one-time code is not the one that was sent. tries_left
    # The company's codes are stopped for a while, because it looked like fraud with messages. again_at
    CODES_STOPPED = "codes-stopped"
    # A column of an export that is unknown, or not for this reader; the two must not be told apart.
    COLUMN_NOT_ALLOWED = "column-not-allowed"
    COMPANY_ERASED = "company-erased"  # the company is being erased: nothing is left to look at.
    COMPANY_HELD = "company-held"  # the operator keeps the company as it is, to stop an incident.
    # The licence is over: what is there can be read and taken along, not changed.
    COMPANY_READ_ONLY = "company-read-only"
    COMPANY_SLUG_INVALID = "company-slug-invalid"  # a short name that no address can carry.
    COMPANY_SLUG_TAKEN = "company-slug-taken"  # another company uses this short name.
    CONFIRMED_ALREADY = "confirmed-already"  # already confirmed by this person.
    CYCLE_BEGINS_ON_MONDAY = "cycle-begins-on-monday"  # Another day was given. date: the Monday before it
    # A date so far away that it can only be a slip of the pen. earliest, latest
    DATE_OUT_OF_RANGE = "date-out-of-range"
    DAY_NOT_POSSIBLE = "day-not-possible"  # A day before today, or too far ahead.
    DEADLINE_OUTSIDE = "deadline-outside"  # Before today, or not before what it is about begins.
    DOMAIN_CLAIMED_ALREADY = "domain-claimed-already"  # The company has claimed this domain already.
    DOMAIN_FREE_MAIL = "domain-free-mail"  # Anybody gets a mailbox there. domain
    DOMAIN_INVALID = "domain-invalid"  # Not the name of a domain.
    DOMAIN_LIMIT = "domain-limit"  # The company has claimed as many domains as it may. limit
    DOMAIN_NOT_ALONE = "domain-not-alone"  # A whole e-mail or web address where a domain was asked for.
    DOMAIN_PUBLIC_SUFFIX = "domain-public-suffix"  # Strangers register names below it. domain
    DOMAIN_TAKEN = "domain-taken"  # The e-mail domain leads to another company, or to this one already.
    EMAIL_ABOVE_OWN = "email-above-own"  # Not an e-mail address that mail can be sent to.
    EMAIL_INVALID = "email-invalid"
    EMAIL_TAKEN = "email-taken"  # Someone else in the company has this address.
    EMPLOYEE_NUMBER_TAKEN = "employee-number-taken"  # Someone else in the company has this number.
    END_BEFORE_START = "end-before-start"  # the end lies before the start
    # The person is erased already, or has a request that is not finished.
    ERASURE_ASKED_ALREADY = "erasure-asked-already"
    ERASURE_DECIDED = "erasure-decided"  # The decision was made; it is not taken back.
    # Whoever made the plan does not approve it, nor does the person concerned.
    ERASURE_NEEDS_ANOTHER = "erasure-needs-another"
    ERASURE_NOT_EXTENDABLE = "erasure-not-extendable"  # Extended before, or the first month is over.
    # The person works here, and their data are needed for that.
    ERASURE_STILL_EMPLOYED = "erasure-still-employed"
    # A copy of the data is being made, or enough were made today.
    EXPORT_ASKED_ALREADY = "export-asked-already"
    EXPORT_GONE = "export-gone"  # Fetched before, or it waited too long.
    FEED_EMPTY = "feed-empty"  # Nothing that a calendar feed could show was chosen.
    FEED_TOO_WIDE = "feed-too-wide"  # The shifts of a whole company in one calendar.
    FEEDS_TOO_MANY = "feeds-too-many"  # Somebody has as many calendar feeds as they may. limit
    FIELD_CHOICE_IN_USE = "field-choice-in-use"  # Somebody has this choice; it cannot go.
    FIELD_NAME_TAKEN = "field-name-taken"  # Another field, or a column of every import, is called so.
    FIELD_STAYS_SEALED = "field-stays-sealed"  # A field is sealed from the beginning or never.
    FIELD_VALUE_INVALID = "field-value-invalid"  # The text is no value of the field's kind. problem
    FIELDS_TOO_MANY = "fields-too-many"  # limit
    # The name says one kind, the content is another, or two at once.
    FILE_CONTENT_MISMATCH = "file-content-mismatch"
    FILE_DAMAGED = "file-damaged"  # What is stored is not what was uploaded.
    FILE_EMPTY = "file-empty"
    # The file carries what runs or reaches out when opened: macros, scripts, launch actions, outside content.
    FILE_HAS_ACTIVE_CONTENT = "file-has-active-content"
    FILE_HELD_INFECTED = "file-held-infected"  # The antivirus found something in it after it was kept.
    FILE_INFECTED = "file-infected"  # The antivirus finds something in it. found
    FILE_NAME_INVALID = "file-name-invalid"  # Nothing is left of the name, or it has no ending.
    FILE_NOT_SCANNED = "file-not-scanned"  # The antivirus does not answer, and the file is of no use unread.
    FILE_QUARANTINED = "file-quarantined"  # The antivirus has not answered for it yet.
    # The file is larger than allowed, or becomes so when unpacked. limit_bytes
    FILE_TOO_LARGE = "file-too-large"
    FILE_TYPE_NOT_ALLOWED = "file-type-not-allowed"  # A kind of file that is not accepted.
    FILE_UNREADABLE = "file-unreadable"  # Damaged, encrypted, or too intricate to check.
    FORM_EXPIRED = "form-expired"  # The form's token is missing, old, or another visitor's.
    GRANT_ABOVE_OWN = "grant-above-own"  # A role or permission wider than the granter's own.
    HALF_DAYS_NOT_POSSIBLE = "half-days-not-possible"  # Absences of this type take whole days.
    # A row of a file of holidays without date, name or a known part. row
    HOLIDAY_ROW_UNREADABLE = "holiday-row-unreadable"
    # The site has decided something for this date already. date
    HOLIDAY_THERE_ALREADY = "holiday-there-already"
    HOURS_NOT_POSSIBLE = "hours-not-possible"  # Absences of this type take whole days or halves.
    # People of the import were changed since, or have begun to use the portal. names
    IMPORT_CHANGED_SINCE = "import-changed-since"
    # The text is in no encoding that can be told for certain.
    IMPORT_ENCODING_UNKNOWN = "import-encoding-unknown"
    IMPORT_HAS_ERRORS = "import-has-errors"  # Rows have problems; nothing was imported. count
    # The time for undoing an import is over, or it was undone, or it is not the last one.
    IMPORT_PAST_UNDO = "import-past-undo"
    IMPORT_TOO_LARGE = "import-too-large"  # More rows or bytes than one import takes. limit
    IMPORT_UNREADABLE = "import-unreadable"  # Not a table: empty, or broken quoting. row
    INCIDENT_CLOSED = "incident-closed"  # the incident is closed.
    INCIDENT_IN_FUTURE = "incident-in-future"  # nobody can have noticed it yet.
    INCIDENT_NO_REPORT = "incident-no-report"  # nothing is written that a company could be told.
    INCIDENT_SEARCH_INVALID = "incident-search-invalid"  # no address, or no id of a session
    INCIDENT_SEARCH_TOO_WIDE = "incident-search-too-wide"  # more than days, or than limit of a kind
    INCIDENT_UNTOLD = "incident-untold"  # a touched company has not been told yet.
    KEYS_UNAVAILABLE = "keys-unavailable"  # What opens the company's keys does not answer.
    LAST_ADMIN = "last-admin"  # The company would be left without an admin.
    LAST_FACTOR = "last-factor"  # The company asks for a second factor, and this is the only one.
    LAST_HR = "last-hr"  # Nobody in the company could keep its records any more.
    LEGAL_HOLD = "legal-hold"  # The law or a dispute forbids to erase the person now.
    # The clock says an earlier time than the portal has seen, or than the file was made at. now
    LICENCE_FILE_CLOCK_BACK = "licence-file-clock-back"
    LICENCE_FILE_ENDED = "licence-file-ended"  # Its time is over. last
    LICENCE_FILE_FORGED = "licence-file-forged"  # Something in it was changed after it was signed.
    LICENCE_FILE_ISSUER_UNKNOWN = "licence-file-issuer-unknown"  # Whoever signed it does not count here.
    LICENCE_FILE_NOT_YET = "licence-file-not-yet"  # Its first day is still to come. first
    LICENCE_FILE_OLDER = "licence-file-older"  # A later one of the issuer was installed before.
    LICENCE_FILE_OTHER_COMPANY = "licence-file-other-company"  # It names another company. company
    LICENCE_FILE_OTHER_PORTAL = "licence-file-other-portal"  # It names another portal. deployment, here
    LICENCE_FILE_UNREADABLE = "licence-file-unreadable"  # It is no licence file.
    # All persons of the licence file are there already. persons
    LICENCE_FULL = "licence-full"
    # A payment has been missing too long, or the licence is over: nobody is added.
    LICENCE_TAKES_NO_NEWCOMERS = "licence-takes-no-newcomers"
    LIMIT_OF_NOTHING = "limit-of-nothing"  # What does not count has no limit up to which it does.
    LINK_NO_LONGER_VALID = "link-no-longer-valid"  # A link from a mail that was used, replaced or is too old.
    MANAGER_CYCLE = "manager-cycle"  # The person would lead themselves, directly or through others.
    MANAGER_UNKNOWN = "manager-unknown"  # Nobody of the company has the line manager's address.
    MISSING = "missing"  # A required value is empty.
    NO_EMPLOYMENT = "no-employment"  # There is no working contract on that date. date
    # The person has no entitlement to this type of absence on that date. date
    NO_ENTITLEMENT = "no-entitlement"
    # A type without a plan has nothing that an agreement could replace.
    NO_PLAN_TO_DIFFER_FROM = "no-plan-to-differ-from"
    NOBODY_CHOSEN = "nobody-chosen"  # A change of many people without anybody in it.
    NOBODY_TO_ENTER = "nobody-to-enter"  # Everybody would be left out, or nobody was chosen.
    # Some of those chosen cannot be changed, and nobody said to pass them over. count
    NOT_ALL_POSSIBLE = "not-all-possible"
    NOT_FOUND = "not-found"  # Missing or out of reach; the two must not be told apart.
    NOT_ONESELF = "not-oneself"  # Nobody does this to themselves.
    NOT_OPENED_YET = "not-opened-yet"  # A document is confirmed after it was opened.
    NOT_PERMITTED = "not-permitted"  # The action is not open to this person.
    NOTHING_TO_CHANGE = "nothing-to-change"  # Everybody is as asked for already, or cannot be changed.
    NOTICE_TOO_SHORT = "notice-too-short"  # The request comes later than the type asks for. earliest
    NUMBER_OUT_OF_RANGE = "number-out-of-range"  # A number outside of what makes sense there.
    # E-mail, password and code of the operator's staff do not fit; which of them is not said.
    OPERATOR_SIGN_IN_FAILED = "operator-sign-in-failed"
    OPERATOR_SIGN_IN_OLD = "operator-sign-in-old"  # What is asked for needs a sign-in of just now.
    # A type that takes overtime in grants nothing by the year.
    OVERTIME_BESIDE_GRANT = "overtime-beside-grant"
    OVERTIME_IN_USE = "overtime-in-use"  # Hours were booked on this type.
    OVERTIME_LAPSED = "overtime-lapsed"  # Hours of that day could not be used any more. through
    OVERTIME_NEEDS_HOURS = "overtime-needs-hours"  # The type counts days.
    OVERTIME_NOT_TAKEN = "overtime-not-taken"  # The type takes no overtime in.
    OVERTIME_OF_ROSTER_TWICE = "overtime-of-roster-twice"  # Another type takes the hours of the roster in.
    OVERTIME_OVER_CAP = "overtime-over-cap"  # More than the account has room for. cap, room (minutes)
    OVERTIME_TO_COME = "overtime-to-come"  # The day is not there yet.
    OVERTIME_USED = "overtime-used"  # Time off was taken or asked for from these hours.
    OWN_REQUEST = "own-request"  # Nobody decides over their own request.
    # The part does not fit the day: a range can only begin with an afternoon and end with a morning.
    PART_NOT_POSSIBLE = "part-not-possible"
    PARTS_OVERLAP = "parts-overlap"  # Two parts of one request cover the same time. date
    # What the passkey signed is not what it was asked to, or the passkey is not one of this person's.
    PASSKEY_REFUSED = "passkey-refused"
    PASSKEYS_TOO_MANY = "passkeys-too-many"  # More than anybody needs. limit
    # The password is on the list of passwords known to attackers.
    PASSWORD_BREACHED = "password-breached"  # noqa: S105
    # Little more than the names of the company and the person.
    PASSWORD_GUESSABLE = "password-guessable"  # noqa: S105
    # The company asks for a code no longer, and the password is too short to stand alone. minimum
    PASSWORD_OUTGROWN = "password-outgrown"  # noqa: S105
    PASSWORD_TOO_LONG = "password-too-long"  # noqa: S105  # limit
    PASSWORD_TOO_SHORT = "password-too-short"  # noqa: S105  # minimum
    # The current password, asked for again before something sensitive, is not right.
    PASSWORD_WRONG = "password-wrong"  # noqa: S105
    PAYMENTS_UNAVAILABLE = "payments-unavailable"  # Stripe does not answer; nothing was changed.
    PERIOD_HAS_NO_END = "period-has-no-end"  # The employment before has no last day yet.
    PERIOD_TOO_LONG = "period-too-long"  # More days than one request may span. limit_days
    # A permission of a role whose pages open only with another one, at least as far. needed
    PERIODS_OVERLAP = "periods-overlap"  # Employed on that day already; `date` is the first free one.
    PERMISSION_NEEDS_ANOTHER = "permission-needs-another"
    PERSON_LEFT = "person-left"  # The person does not work here any more.
    PERSON_NOT_REACHED = "person-not-reached"  # Nobody within reach has this address. email
    PERSON_UNKNOWN = "person-unknown"  # Nobody of the company has this address.
    PHONE_INVALID = "phone-invalid"  # Not a telephone number.
    # A kind of number that codes are not sent to: landline, premium rate, VoIP, pager.
    PHONE_KIND_NOT_ALLOWED = "phone-kind-not-allowed"
    PHONE_REGION_NOT_ALLOWED = "phone-region-not-allowed"  # A number of a country that codes are not sent to.
    PHOTO_TYPE_NOT_ALLOWED = "photo-type-not-allowed"  # A person's photo is a PNG or a JPEG.
    PLACE_IN_USE = "place-in-use"  # People, rosters or settings refer to the team or site.
    PLACE_NAME_SPLITS = (
        "place-name-splits"  # The name has a semicolon, which parts teams in a file of people.
    )
    PLACE_NAME_TAKEN = "place-name-taken"  # Another team, or another site, has this name.
    # A type that keeps no balance, or takes overtime, gives by no plan.
    PLAN_NOT_FOR_TYPE = "plan-not-for-type"
    PLANNED_ALREADY = "planned-already"  # The person has planned one of these days before. date
    PLANNED_TOO_LATE = "planned-too-late"  # Days that have begun are not planned any more.
    PLANNED_TOO_MANY = "planned-too-many"  # So many plans may stand at once. limit
    PROCESSOR_TOO_SOON = "processor-too-soon"  # customers hear of it days before. earliest
    # The provider of messages did not answer; the second factor is never skipped for it.
    PROOF_LIMIT = "proof-limit"  # An absence has as many proofs as there may be. limit
    PROVIDER_UNAVAILABLE = "provider-unavailable"
    REACH_NOT_POSSIBLE = "reach-not-possible"  # A permission of a role with a reach that it cannot have.
    # A sensitive step needs the password or a code again.
    REAUTHENTICATION_NEEDED = "reauthentication-needed"
    RECOVERY_CODE_WRONG = "recovery-code-wrong"  # Not on the person's list of recovery codes, or used before.
    REJECTION_NEEDS_NOTE = "rejection-needs-note"  # The company wants a reason for every no of this type.
    # Those who have not confirmed were written to a moment ago. again_at
    REMINDED_ALREADY = "reminded-already"
    # The approved absence that a request would replace is not approved any more.
    REPLACED_IS_GONE = "replaced-is-gone"
    REPORT_DAY = "report-day"  # There is no report on such a day. first, last
    ROLE_BUILT_IN = "role-built-in"  # Built-in roles stay as they are.
    ROLE_EMPTY = "role-empty"  # A role without a single permission.
    ROLE_HELD = "role-held"  # People hold the role that is to go. count
    ROLE_NAME_TAKEN = "role-name-taken"  # Another role of the company has this name.
    ROLES_TOO_MANY = "roles-too-many"  # More roles of its own than a company can have. limit
    ROSTER_UNCHANGED = "roster-unchanged"  # Nothing was added, changed or removed since the last publishing.
    ROUND_CLOSED = "round-closed"  # A planning round that was decided or given up before.
    RULES_NOT_BACKDATED = "rules-not-backdated"  # New rules would hold for days that are over. earliest
    # Neither a certificate nor the text of one, or one whose signatures would prove nothing.
    SAML_CERTIFICATE_INVALID = "saml-certificate-invalid"
    # The provider would be left without a certificate that its answers are compared with.
    SAML_CERTIFICATE_LAST = "saml-certificate-last"
    # Nobody has said yet that the thumbprint was compared with the provider's own page.
    SAML_CERTIFICATE_UNCONFIRMED = "saml-certificate-unconfirmed"
    SAML_CERTIFICATES_FULL = "saml-certificates-full"  # One in use and one to come are enough; limit
    SAML_ENTITY_ID_INVALID = "saml-entity-id-invalid"  # Empty, padded, too long.
    SAML_KEYS_FULL = "saml-keys-full"  # One of the portal's own in use and one to come are enough.
    SAML_METADATA_ENDED = "saml-metadata-ended"  # Its own validity is over.
    # Not the metadata of exactly one identity provider with a sign-in address and a certificate.
    SAML_METADATA_UNREADABLE = "saml-metadata-unreadable"
    # Not a public https address that answers with a document in time.
    SAML_METADATA_URL_REFUSED = "saml-metadata-url-refused"
    SAML_SIGN_IN_URL_INVALID = "saml-sign-in-url-invalid"  # Browsers are sent to https only.
    SCIM_GROUP_TAKEN = "scim-group-taken"  # Another group of the directory has this name.
    SCIM_MEMBER_UNKNOWN = "scim-member-unknown"  # Nobody of the company has this id. member
    SCIM_TOKEN_LIMIT = "scim-token-limit"  # noqa: S105  # As many tokens work as may. limit
    # Too many failed codes in a row: the telephone must be bound anew.
    SECOND_FACTOR_DISABLED = "second-factor-disabled"
    # The break takes the whole shift. duration_minutes, break_minutes
    SHIFT_BREAK_TOO_LONG = "shift-break-too-long"
    # The shift begins and ends at the same moment, or does so once the clock change is counted.
    SHIFT_HAS_NO_LENGTH = "shift-has-no-length"
    SHIFT_ON_ABSENCE = "shift-on-absence"  # The person has the whole day off, approved. name, date
    SHIFT_OUTSIDE_ROSTER = "shift-outside-roster"  # A date that the roster does not cover. date
    # The person does not belong to the team on that date. name, date
    SHIFT_OUTSIDE_TEAM = "shift-outside-team"
    # The person already works at that time. name, code, date, times, team: those of the other shift
    SHIFT_OVERLAPS = "shift-overlaps"
    # The person is still published in another team's roster at that time. name, code, date, times, team
    SHIFT_OVERLAPS_PUBLISHED = "shift-overlaps-published"
    SHIFT_TEMPLATE_CODE_TAKEN = "shift-template-code-taken"  # Another shift template has this code.
    # Shifts were made from the template: its times are theirs.
    SHIFT_TEMPLATE_IN_USE = "shift-template-in-use"
    SHIFT_TOO_LONG = "shift-too-long"  # limit_minutes
    SICKNESS_ALREADY_ACCEPTED = "sickness-already-accepted"  # Only HR takes back what HR has accepted.
    SICKNESS_IS_REPORTED = "sickness-is-reported"  # Asked for like time off, or entered like it.
    SICKNESS_NOT_LONGER = "sickness-not-longer"  # The new last day is not after the old one.
    SICKNESS_NOT_SHORTER = (
        "sickness-not-shorter"  # The new last day is not within the report. earliest, latest
    )
    SICKNESS_SPLITS_DAY = "sickness-splits-day"  # Half a day of sickness on a whole day of time off. date
    SICKNESS_STAYS_HIDDEN = "sickness-stays-hidden"  # A type cannot be sickness and be shown to colleagues.
    SIGN_IN_FAILED = "sign-in-failed"  # E-mail or password is wrong; which of the two stays unsaid.
    # The answer lacks the person's name, address or id: the provider must be told to send it.
    SSO_ATTRIBUTE_MISSING = "sso-attribute-missing"
    # The emergency admin keeps their rights while everybody else must come by a provider.
    SSO_BREAK_GLASS_KEPT = "sso-break-glass-kept"
    # The emergency admin lacks a password, a second factor or the right to manage the sign-in.
    SSO_BREAK_GLASS_UNFIT = "sso-break-glass-unfit"
    # The person turned back at the provider, or the provider turned them away.
    SSO_CANCELLED = "sso-cancelled"
    SSO_CLOCK = "sso-clock"  # The clocks of the provider and of the portal disagree.
    SSO_GOOGLE_CLIENT_INVALID = "sso-google-client-invalid"  # Not a client id as Google makes them.
    SSO_GUID_INVALID = "sso-guid-invalid"  # Not an id as Microsoft makes them.
    SSO_LAST_PROVIDER = "sso-last-provider"  # The last provider by which everybody comes in stays.
    SSO_LAST_WAY = "sso-last-way"  # The account is the way in of this very session, or the only one left.
    # The account cannot be added: it is somebody's, or the person has another one there.
    SSO_LINK_NOT_POSSIBLE = "sso-link-not-possible"
    SSO_NAME_TAKEN = "sso-name-taken"  # Another provider of the company has this name.
    # Strangers are to be let in by their domain, and the company has shown none to be its own.
    SSO_NO_DOMAIN = "sso-no-domain"
    # The provider's word is good, and nobody here is meant by it; who is inactive reads the same.
    SSO_NOT_ADMITTED = "sso-not-admitted"
    SSO_NOT_GENUINE = "sso-not-genuine"  # What came back is not the provider's own word for this sign-in.
    # No test sign-in has succeeded with these settings, or none of the admin who asks.
    SSO_NOT_TESTED = "sso-not-tested"
    SSO_PROVIDER_USED = "sso-provider-used"  # People have a way in by this provider.
    SSO_REQUIRED = "sso-required"  # Everybody signs in by a provider; a password opens nothing.
    # A role over the rights of others, or above the admin's own, is not given by groups.
    SSO_ROLE_NOT_MAPPABLE = "sso-role-not-mappable"
    SSO_SETTINGS_INCOMPLETE = "sso-settings-incomplete"  # The settings are not complete. field
    SSO_TENANT_PERSONAL = "sso-tenant-personal"  # The tenant of personal Microsoft accounts.
    SSO_TOO_MANY_GROUPS = "sso-too-many-groups"  # limit
    SSO_TOO_MANY_PROVIDERS = "sso-too-many-providers"  # limit
    # The trip to the provider took too long, was finished before, or began in another browser.
    SSO_TRIP_OVER = "sso-trip-over"
    # The provider or its keys are out of reach; nothing else is tried instead.
    SSO_UNAVAILABLE = "sso-unavailable"
    STAFFING_BLOCKED = "staffing-blocked"  # A rule of staffing would be broken, and it blocks. rule, date
    STAFFING_COUNTS_NOBODY = "staffing-counts-nobody"  # Everybody whom a rule names is left out of it.
    STAFFING_NAME_TAKEN = "staffing-name-taken"  # Another rule of staffing has this name.
    STAFFING_NAMES_TOO_FEW = "staffing-names-too-few"  # Not all of them at once: of fewer than two.
    STAFFING_NAMES_TOO_MANY = "staffing-names-too-many"  # limit
    STAFFING_NEEDS_REASON = (
        "staffing-needs-reason"  # A rule would be broken; somebody has to say why. rule, date
    )
    STAFFING_NOBODY_CALLED_SO = "staffing-nobody-called-so"  # email
    STAFFING_NOT_SEEN = "staffing-not-seen"  # Who approves has not said that they saw it. rule, date
    STAFFING_RULES_TOO_MANY = "staffing-rules-too-many"  # limit
    STEP_NUMBER = "step-number"  # A number of a step of approval makes no sense. least, most, step
    SUBSTITUTE_IS_OWNER = "substitute-is-owner"  # Nobody covers for themselves.
    SUBSTITUTE_MISSING = "substitute-missing"  # The type wants to know who covers.
    SUBSTITUTE_NOT_ASKED = "substitute-not-asked"  # The type does not ask who covers.
    SUBSTITUTES_TOO_MANY = "substitutes-too-many"  # limit
    # A person asks the operator's help with what they may not see themselves.
    SUPPORT_ABOVE_OWN = "support-above-own"
    SUPPORT_HOURS_INVALID = "support-hours-invalid"  # Not one of the lengths on offer.
    # Somebody was faster, or its time is over: that step is no longer open.
    SUPPORT_MOVED_ON = "support-moved-on"
    # The grant does not cover this page, or nobody can ever open it to support.
    SUPPORT_NOT_OPEN = "support-not-open"
    SUPPORT_NOTHING_OPENED = "support-nothing-opened"  # No area was chosen.
    SUPPORT_ONLY_LOOKS = "support-only-looks"  # The grant is for looking: nothing can be changed.
    SUPPORT_OVER = "support-over"  # The grant of the page that was open has ended meanwhile.
    SUPPORT_SAME_PERSON = "support-same-person"  # An emergency opening needs a second member of the staff.
    SUPPORT_SEALED = "support-sealed"  # A protected value that the grant does not name.
    TEXT_HOURS_EMPTY = "text-hours-empty"  # Messages would go out at no hour.
    TEXT_UNUSABLE = "text-unusable"  # Control characters in a text, or far too long. attribute
    TIME_INVALID = "time-invalid"  # Not a time of the day.
    TOO_LONG = "too-long"  # Text longer than its column. limit
    TOO_MANY_ATTEMPTS = "too-many-attempts"  # Too many attempts. again_at
    # No public holidays are known for this country or region. country, subdivision
    UNKNOWN_REGION = "unknown-region"
    # One looks at the portal as a role sees it: nothing can be changed.
    VIEWING_CHANGES_NOTHING = "viewing-changes-nothing"
    VIEWING_OVER = "viewing-over"  # the look as a role was over when the form was sent: nothing was changed.
    # A pattern of weekly work that no week can hold.
    WORKING_PATTERN_IMPOSSIBLE = "working-pattern-impossible"
    YEAR_HAS_NO_PLAN = "year-has-no-plan"  # No plan says what becomes of the rest of that year.
    YEAR_NOT_OVER = "year-not-over"  # The year of the entitlement is not over yet. last
    # Another run of this year waits or is being posted, or this one is past that step.
    YEAR_RUN_MOVED_ON = "year-run-moved-on"


class Refusal(Exception):
    """A rule said no: why, about which field of the form, and the facts that the sentence needs."""

    def __init__(self, reason: Reason, *, field: str | None = None, **details: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.field = field
        self.details: dict[str, object] = details
