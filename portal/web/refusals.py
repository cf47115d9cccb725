"""What people read when a rule says no: what happened, why, and what to do. One text per Reason."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import LazyString, format_date, format_datetime, format_decimal
from flask_babel import lazy_gettext as _l

from portal.domain.absence_costs import CountingMethod
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.web.filters import hours
from portal.web.permission_words import PERMISSIONS

R = Reason
SENTENCES: dict[Reason, LazyString] = {
    R.ABSENCE_COSTS_NOTHING: _l("You do not work on these days, so there is nothing to request. Choose other days."),
    R.ABSENCE_OVERLAPS: _l("Part of this time is already requested or approved. Change the dates or withdraw the other request first."),
    R.ABSENCE_TYPE_CODE_TAKEN: _l("Another type of absence has this code. Choose a different one."),
    R.ABSENCE_TYPE_RETIRED: _l("This type is not offered on these days any more. Choose another one."),
    R.ALREADY_DECIDED: _l("Somebody decided or withdrew this request meanwhile. Reload the page to see where it stands."),
    R.ALREADY_SO: _l("Nothing to change: it is like that already."),
    R.APP_CODE_WRONG: _l("That is not the code your app shows now, or it was used already. Wait for the next one and type that; if it never fits, set the clock of your phone to automatic."),
    R.AUDIT_FEED_TOKEN_LIMIT: _l("There are %(limit)s tokens already. Revoke one that is no longer used."),
    R.APP_DISABLED: _l("Too many wrong codes. The authenticator app opens nothing any more; use another way, or ask HR to reset your second factors."),
    R.AUDIENCE_EMPTY: _l("Nobody is in this team now, so nobody would receive the document. Choose another one."),
    R.BALANCE_TOO_LOW: _l("The remaining entitlement is not enough: %(missing_days)s missing. Choose fewer days."),
    R.CHANGE_PAST_UNDO: _l("This can no longer be undone: it is too old, or was undone before."),
    R.CHANGED_MEANWHILE: _l("Somebody changed this while you had it open. Reload the page and try again; nothing was overwritten."),
    R.CLOSING_NEEDS_ADMIN: _l("Another admin of the company has to confirm this. The operator does it only where there is no second admin."),
    R.CODE_EXPIRED: _l("The code is too old. Ask for a new one."),
    R.CODE_SENT_TOO_OFTEN: _l("A code was sent a moment ago, or too many in the last hours. You can ask again at %(again_at)s."),
    R.CODE_TRIES_USED_UP: _l("Too many wrong tries with this code. Ask for a new one."),
    R.CODE_WRONG: _l("That is not the code we sent. Check the newest message and try again."),
    R.CODES_STOPPED: _l("No codes go out in your company right now, because unusually many were asked for. Your admins know. You can ask again at %(again_at)s."),
    R.COMPANY_ERASED: _l("This company is closed, and its data is being erased. There is no way back any more."),
    R.COMPANY_READ_ONLY: _l("The licence of your company is over, so nothing can be changed. Everything can still be read, and your admins can take all of it along or renew the licence."),
    R.COLUMN_NOT_ALLOWED: _l("One of these columns does not exist or is not for you to see, or none was chosen. Nothing was exported."),
    R.COMPANY_SLUG_INVALID: _l("A short name has 2 to 40 characters: small letters, digits and hyphens."),
    R.COMPANY_SLUG_TAKEN: _l("Another company uses this short name. Choose a different one."),
    R.CONFIRMED_ALREADY: _l("You have confirmed this document already. Nothing more to do."),
    R.DATE_OUT_OF_RANGE: _l("This date is too far away. Check the year."),
    R.DOMAIN_CLAIMED_ALREADY: _l("This domain is in your list already."),
    R.DOMAIN_FREE_MAIL: _l("%(domain)s gives a mailbox to anybody, so it is nobody's own. Type the domain that your company's addresses end with."),
    R.DOMAIN_INVALID: _l("This is not the name of a domain, such as example.com. Check the spelling."),
    R.DOMAIN_LIMIT: _l("A company can have at most %(limit)s domains here. Remove one that you no longer use."),
    R.DOMAIN_NOT_ALONE: _l("Type the domain alone, the part of your addresses after the @, such as example.com."),
    R.DOMAIN_PUBLIC_SUFFIX: _l("%(domain)s is an ending that many companies share. Type your own domain below it, such as example.%(domain)s."),
    R.DOMAIN_TAKEN: _l("This e-mail domain belongs to a company here already."),
    R.DAY_NOT_POSSIBLE: _l("Choose a day from today on, at most a year ahead."),
    R.EMAIL_ABOVE_OWN: _l("This person may do more than you may, and their address leads to their password. Ask somebody who may do as much to change it."),
    R.COMPANY_HELD: _l("The operator keeps everything as it is for now, to stop an incident. You can read, and nothing of this step was saved. Your admins find the report under Incidents."),
    R.INCIDENT_SEARCH_INVALID: _l("One of these is none. Addresses look like 192.0.2.7 or 2001:db8::1, sessions like 3f2b8c1e-0000-4000-8000-000000000000."),
    R.INCIDENT_CLOSED: _l("This incident is closed. Open another one if it goes on."),
    R.INCIDENT_IN_FUTURE: _l("This moment is yet to come. Write it in UTC."),
    R.INCIDENT_NO_REPORT: _l("Write and save the report first: companies are told what stands in it."),
    R.INCIDENT_SEARCH_TOO_WIDE: _l("Search over at most %(days)s days, and for at most %(limit)s sessions or addresses at once."),
    R.INCIDENT_UNTOLD: _l("A touched company has not been told. Tell the companies, or search again, before you close it."),
    R.PLAN_NOT_FOR_TYPE: _l("A plan gives days to a type that keeps a balance. This one counts hours or keeps none: say in its rules what a year grants."),
    R.PROCESSOR_TOO_SOON: _l("Companies are told 30 days before. The first possible day is %(earliest)s."),
    R.EMAIL_INVALID: _l("This is not a complete e-mail address, such as eve@example.com."),
    R.EMAIL_TAKEN: _l("Somebody in the company has this e-mail address already."),
    R.EMPLOYEE_NUMBER_TAKEN: _l("Somebody in the company has this number already."),
    R.END_BEFORE_START: _l("The end lies before the start. Swap or correct them."),
    R.FEED_EMPTY: _l("Choose at least one thing that the calendar should show."),
    R.FEED_TOO_WIDE: _l("Shifts are shown of you or of one team. Choose a team, or leave the shifts out."),
    R.FEEDS_TOO_MANY: _l("You have %(limit)s calendar feeds already. Remove one that you no longer use."),
    R.FIELD_CHOICE_IN_USE: _l("Somebody has one of the choices that you took out. Put it back, or change those people first."),
    R.FIELD_NAME_TAKEN: _l("Another field, or a column of the import, has this name already, perhaps one that is put away. Choose another name."),
    R.FIELD_STAYS_SEALED: _l("A field is sealed from the beginning or never. Make a new field instead."),
    R.FIELD_VALUE_INVALID: _l("This does not fit the kind of the field."),
    R.FIELDS_TOO_MANY: _l("A company can have %(limit)s fields of its own."),
    R.ERASURE_ASKED_ALREADY: _l("There is a request already that is not finished, or nothing is left to erase."),
    R.ERASURE_DECIDED: _l("This request is decided. What is erased cannot be brought back."),
    R.ERASURE_NEEDS_ANOTHER: _l("Somebody else has to approve it: not who made the plan, and not the person it is about."),
    R.ERASURE_NOT_EXTENDABLE: _l("The time can be extended once, and only within the first month."),
    R.ERASURE_STILL_EMPLOYED: _l("This person works here, so their data are needed. Decline the request, or wait until they have left."),
    R.EXPORT_ASKED_ALREADY: _l("Your copy is being made, or you have asked %(limit)s times today. Wait for it, or ask again tomorrow."),
    R.EXPORT_GONE: _l("This copy is gone: each is fetched once, within seven days. Ask for a new one."),
    R.FILE_CONTENT_MISMATCH: _l("The content of the file is not what its name says. Save it again in its own format."),
    R.FILE_DAMAGED: _l("The stored file is damaged and was not handed out. Your admin can see it in the audit log; upload it again."),
    R.FILE_EMPTY: _l("The file is empty. Choose another one."),
    R.FILE_HAS_ACTIVE_CONTENT: _l("The file contains scripts, macros or embedded files, which are not accepted. Export it as a plain PDF."),
    R.FILE_NAME_INVALID: _l("The file name cannot be used. Rename the file and choose it again."),
    R.FILE_TOO_LARGE: _l("The file is too large."),
    R.FILE_TYPE_NOT_ALLOWED: _l("Files of this kind are not accepted. Use PDF, Word, Excel, OpenDocument, text, PNG or JPEG."),
    R.FILE_UNREADABLE: _l("The file is damaged or protected and could not be read."),
    R.FORM_EXPIRED: _l("This form was open too long or came from elsewhere. Go back, reload the page and send it again."),
    R.GRANT_ABOVE_OWN: _l("This goes beyond what you may do yourself. Nobody gives, changes or takes away more than they hold."),
    R.HOLIDAY_ROW_UNREADABLE: _l("Row %(row)s could not be read. Each row needs a date such as 2027-05-14, a name, and perhaps am or pm."),
    R.HOLIDAY_THERE_ALREADY: _l("For %(date)s this is decided already. Remove that entry first, or choose another date."),
    R.IMPORT_CHANGED_SINCE: _l("These people were changed since the import, or have begun to use the portal: %(names)s. Nothing was undone."),
    R.IMPORT_ENCODING_UNKNOWN: _l("The file's text encoding is not recognised. Save it as an Excel workbook (XLSX) or as CSV in UTF-8."),
    R.IMPORT_HAS_ERRORS: _l("Some rows need correction. Nothing was imported."),
    R.IMPORT_PAST_UNDO: _l("This import can no longer be undone: it is too old, was undone before, or another one came after it."),
    R.IMPORT_TOO_LARGE: _l("The file has more rows or columns than one import takes. Split it."),
    R.IMPORT_UNREADABLE: _l("The file could not be read as a table with a heading row. Save it as an Excel workbook (XLSX) or as CSV and try again."),
    R.LAST_ADMIN: _l("The company would have no admin left. Make somebody else an admin first."),
    R.LAST_HR: _l("Nobody in the company would be in HR any more. Give the role to somebody else first."),
    R.LAST_FACTOR: _l("Your company asks for a second factor, and this is your only one that works. Add another one first."),
    R.LICENCE_TAKES_NO_NEWCOMERS: _l("Nobody new can be added until the licence is paid. Your admins see the details on the page Licence."),
    R.LEGAL_HOLD: _l("These data are on legal hold. Nothing can be erased until it is lifted."),
    R.LINK_NO_LONGER_VALID: _l("This link was used before, replaced by a newer one, or is too old. Ask for a new one."),
    R.MANAGER_CYCLE: _l("This would make the person their own manager, directly or through others. Choose somebody else."),
    R.MANAGER_UNKNOWN: _l("Nobody in the company has this e-mail address. Check the spelling."),
    R.MISSING: _l("Please fill this in."),
    R.NOBODY_CHOSEN: _l("Nobody is chosen. Tick people in the directory first."),
    R.NO_EMPLOYMENT: _l("There is no employment on %(date)s. Choose days within it."),
    R.HALF_DAYS_NOT_POSSIBLE: _l("This type of absence takes whole days only."),
    R.HOURS_NOT_POSSIBLE: _l("This type of absence takes whole days and halves only, not hours."),
    R.NOTICE_TOO_SHORT: _l("This type has to be asked for in good time: from now on the first possible day is %(earliest)s."),
    R.NUMBER_OUT_OF_RANGE: _l("This number is too small or too large."),
    R.RULES_NOT_BACKDATED: _l("New rules hold from %(earliest)s at the earliest: what is over stays as it was."),
    R.NO_ENTITLEMENT: _l("There is no entitlement for %(date)s yet. Ask HR to grant it."),
    R.NOT_ALL_POSSIBLE: _l("It cannot be done to everybody who is chosen, so nothing was done. Look at the list, or pass over those who cannot be changed."),
    R.NOT_FOUND: _l("This does not exist, or it is not for you to see."),
    R.NOT_OPENED_YET: _l("Open the document before you confirm that you have read it."),
    R.NOT_ONESELF: _l("Nobody does this to themselves."),
    R.NOTHING_TO_CHANGE: _l("There is nobody left to change."),
    R.NOT_PERMITTED: _l("Your role does not allow this."),
    R.OPERATOR_SIGN_IN_FAILED: _l("E-mail, password and code do not fit together. After several wrong tries you have to wait 15 minutes."),
    R.OWN_REQUEST: _l("Nobody decides on their own request. Somebody else has to."),
    R.PART_NOT_POSSIBLE: _l("Half days are possible at the beginning and the end of a period: start with an afternoon or end with a morning."),
    R.PARTS_OVERLAP: _l("Two parts of the request cover the same time."),
    R.PASSKEY_REFUSED: _l("This passkey was not accepted. Try again, or use another way."),
    R.PASSKEYS_TOO_MANY: _l("You have %(limit)s passkeys already. Remove one that you no longer use."),
    R.PASSWORD_BREACHED: _l("This password is on a list that attackers try first. Choose another one."),
    R.PASSWORD_GUESSABLE: _l("This password is made of your name or the company's. Choose one that nobody can guess."),
    R.PASSWORD_OUTGROWN: _l("Your company no longer asks for a code, so your password needs %(minimum)s characters. We have mailed you a link to choose a longer one."),
    R.PASSWORD_TOO_LONG: _l("A password can have at most %(limit)s characters."),
    R.PASSWORD_TOO_SHORT: _l("A password needs at least %(minimum)s characters. Several words in a row are a good one."),
    R.PASSWORD_WRONG: _l("This is not your current password. Nothing was changed."),
    R.PAYMENTS_UNAVAILABLE: _l("Stripe does not answer right now. Nothing was changed; try again in a few minutes."),
    R.PERIOD_TOO_LONG: _l("One request can span at most %(limit_days)s days. Split it."),
    R.PERMISSION_NEEDS_ANOTHER: _l("This does not work by itself. Allow “%(needed)s” as well, at least as far."),
    R.PERSON_LEFT: _l("This person does not work here any more."),
    R.PERSON_UNKNOWN: _l("Nobody who works here has this e-mail address. Check the spelling."),
    R.PHONE_INVALID: _l("This is not a mobile number that can receive codes. Write it with the country code, such as +420 601 123 456."),
    R.PHONE_KIND_NOT_ALLOWED: _l("Codes are sent to mobile numbers only, not to paid, internet or landline numbers."),
    R.PHONE_REGION_NOT_ALLOWED: _l("Codes are not sent to numbers of this country. Ask your admin."),
    R.PHOTO_TYPE_NOT_ALLOWED: _l("A photo is a PNG or a JPEG picture. Choose another file."),
    R.PROVIDER_UNAVAILABLE: _l("The message could not be sent. Wait a moment and ask again."),
    R.REACH_NOT_POSSIBLE: _l("This permission cannot reach that far. Choose one of the offered reaches."),
    R.RECOVERY_CODE_WRONG: _l("This is not one of your recovery codes, or it was used before. Each works once."),
    R.REAUTHENTICATION_NEEDED: _l("Type your current password, so that we know it is you."),
    R.REMINDED_ALREADY: _l("A reminder went out less than a day ago. You can send the next one at %(again_at)s."),
    R.ROLE_BUILT_IN: _l("Built-in roles stay as they are. Copy the role and change the copy."),
    R.ROLE_EMPTY: _l("A role that allows nothing is no use. Choose at least one permission."),
    R.ROLE_HELD: _l("People hold this role. Choose which role they get instead, or take it from them first."),
    R.ROLE_NAME_TAKEN: _l("Another role has this name already. Choose a different one."),
    R.ROLES_TOO_MANY: _l("A company can have %(limit)s roles of its own. Delete one that nobody needs first."),
    R.ROSTER_UNCHANGED: _l("Nothing has changed since this roster was last published, so there is nothing to publish."),
    R.SAML_CERTIFICATE_INVALID: _l("This is not a certificate that can be used: paste one X.509 certificate with an RSA key of at least 2048 bits, or an elliptic curve."),
    R.SAML_CERTIFICATE_LAST: _l("One certificate has to stay, or no answer could be checked. Add the new one first."),
    R.SAML_CERTIFICATE_UNCONFIRMED: _l("Compare the thumbprint with the one that your provider shows, and confirm it. Until then nothing is trusted."),
    R.SAML_CERTIFICATES_FULL: _l("Two certificates are laid in already: the one in use and the next one. Remove the old one first."),
    R.SAML_ENTITY_ID_INVALID: _l("The entity ID is the provider's own name, exactly as it writes it: at most 1024 characters, no spaces around it."),
    R.SAML_KEYS_FULL: _l("There are two keys already: the one in use and the next one. Remove the old one first."),
    R.SAML_METADATA_ENDED: _l("This metadata was valid for a limited time that is over. Download it again from your provider."),
    R.SAML_METADATA_UNREADABLE: _l("This is not the metadata of one identity provider. Download the XML file of the identity provider (not of a service provider) and choose it again."),
    R.SAML_METADATA_URL_REFUSED: _l("Nothing was fetched from there. It has to be a public https address that answers with the metadata itself within five seconds. You can upload the file instead."),
    R.SAML_SIGN_IN_URL_INVALID: _l("The sign-in address has to start with https:// and be the one for HTTP-Redirect."),
    R.SCIM_GROUP_TAKEN: _l("Another group of the directory has this name already."),
    R.SCIM_MEMBER_UNKNOWN: _l("No user of the company has the id %(member)s."),
    R.SCIM_TOKEN_LIMIT: _l("At most %(limit)s tokens work at a time. Revoke the one that is no longer used."),
    R.SECOND_FACTOR_DISABLED: _l("Too many wrong codes. This number no longer receives codes; ask HR to set it up again."),
    R.SHIFT_BREAK_TOO_LONG: _l("The break is as long as the shift."),
    R.SHIFT_HAS_NO_LENGTH: _l("The shift begins and ends at the same time."),
    R.SHIFT_ON_ABSENCE: _l("%(name)s has approved time off on %(date)s. Choose another day or somebody else."),
    R.SHIFT_OUTSIDE_ROSTER: _l("This roster does not cover %(date)s. Choose a day of its month."),
    R.SHIFT_OUTSIDE_TEAM: _l("%(name)s does not belong to this team on %(date)s. Choose somebody else."),
    R.SHIFT_OVERLAPS: _l("%(name)s already works at that time: %(code)s on %(date)s, %(times)s, %(team)s. Remove or move that shift first."),
    R.SHIFT_OVERLAPS_PUBLISHED: _l("%(name)s is still published at that time in another roster: %(code)s on %(date)s, %(times)s, %(team)s. Publish that roster first."),
    R.SHIFT_TEMPLATE_CODE_TAKEN: _l("Another shift template has this code. Choose a different one."),
    R.SHIFT_TEMPLATE_IN_USE: _l("Shifts have been planned with these times, so they stay as they are. Create a new template for the new times."),
    R.SHIFT_TOO_LONG: _l("A shift cannot be that long."),
    R.SIGN_IN_FAILED: _l("E-mail and password do not match. Check both, or set a new password."),
    R.SSO_ATTRIBUTE_MISSING: _l("The provider did not send your name, your address or an id for you. Your admin can see what was missing."),
    R.SSO_BREAK_GLASS_KEPT: _l("This person keeps the emergency way in. Choose another emergency admin in the sign-in settings first."),
    R.SSO_BREAK_GLASS_UNFIT: _l("The emergency admin needs a password and a second factor, and must be an admin who is still active."),
    R.SSO_CANCELLED: _l("The sign-in was not finished at the provider. Start again when you are ready."),
    R.SSO_CLOCK: _l("The clocks of the provider and of this portal do not agree, so its answer cannot be accepted. Try again; if it stays, tell your admin."),
    R.SSO_GOOGLE_CLIENT_INVALID: _l("A client ID of Google ends with .apps.googleusercontent.com. Copy it again from the Google Cloud console."),
    R.SSO_GUID_INVALID: _l("An ID of Microsoft looks like 1b4e28ba-2fa1-11d2-883f-0016d3cca427. Copy it again from the Entra admin center."),
    R.SSO_LAST_PROVIDER: _l("Everybody has to sign in with this provider. Allow passwords again or activate another provider first."),
    R.SSO_LAST_WAY: _l("You are signed in with this account, or have no other way in. Sign in another way first."),
    R.SSO_LINK_NOT_POSSIBLE: _l("This account cannot be linked: it belongs to somebody already, or you have linked another one of this provider."),
    R.SSO_NAME_TAKEN: _l("Another provider has this name. Choose a different one, so that people can tell the buttons apart."),
    R.SSO_NOT_ADMITTED: _l("Your account is fine, but it opens nothing here. If you were invited, open the link of the invitation first; otherwise ask your HR team."),
    R.SSO_NOT_GENUINE: _l("The answer of the provider could not be accepted. Start again; if it happens again, tell your admin, who can see why."),
    R.SSO_NOT_TESTED: _l("Sign in with the test first: only what you have seen working yourself can be switched on."),
    R.SSO_NO_DOMAIN: _l("The company has no verified e-mail domain yet, so nobody can be recognised by theirs."),
    R.SSO_PROVIDER_USED: _l("People sign in with this provider. Switch it off instead; their links are kept."),
    R.SSO_REQUIRED: _l("Your company does not use passwords here. Sign in with the button of your provider."),
    R.SSO_ROLE_NOT_MAPPABLE: _l("Groups cannot lead to this role: it hands out rights itself, or may do more than you may."),
    R.SSO_SETTINGS_INCOMPLETE: _l("The settings are not complete. Fill in every field and save before you test."),
    R.SSO_TENANT_PERSONAL: _l("This is the tenant of personal Microsoft accounts, which anybody can have. Use the ID of your company's tenant."),
    R.SSO_TOO_MANY_GROUPS: _l("At most %(limit)s groups can be mapped."),
    R.SSO_TOO_MANY_PROVIDERS: _l("A company can have at most %(limit)s providers. Remove one that is not used."),
    R.SSO_TRIP_OVER: _l("This sign-in took too long, was finished before, or began in another browser. Start again."),
    R.SSO_UNAVAILABLE: _l("The provider does not answer at the moment. Nothing is wrong with your account; try again in a few minutes."),
    R.NOBODY_TO_ENTER: _l("There is nobody for whom this could be entered. Choose other people or other days."),
    R.PERSON_NOT_REACHED: _l("Nobody whose absences you may enter has the address %(email)s. Correct or remove it; your own is not possible."),
    R.STAFFING_BLOCKED: _l("Too few people would be there on %(date)s (%(rule)s). Choose other days, or talk to HR, who can make an exception."),
    R.STAFFING_NAME_TAKEN: _l("Another rule has this name already. Choose a different one."),
    R.STAFFING_NEEDS_REASON: _l("Too few people would be there on %(date)s (%(rule)s). Write in the note why it is needed all the same."),
    R.STAFFING_NOT_SEEN: _l("Too few people would be there on %(date)s (%(rule)s). Open the request, look at the days, tick that you have seen them, and say why."),
    R.STAFFING_RULES_TOO_MANY: _l("A company can have %(limit)s rules of staffing. Remove one that is no longer needed first."),
    R.SUPPORT_ABOVE_OWN: _l("You can ask for help only with what you may see yourself."),
    R.SUPPORT_HOURS_INVALID: _l("Choose one of the lengths of time in the list."),
    R.SUPPORT_MOVED_ON: _l("This has moved on meanwhile, or its time is over. Look at the list again."),
    R.SUPPORT_NOTHING_OPENED: _l("Choose at least one area, so that support can see what you mean."),
    R.SUPPORT_NOT_OPEN: _l("This is not open to support. The company decides what is; some things never are."),
    R.SUPPORT_ONLY_LOOKS: _l("The company lets you look and not change anything. Nothing was changed."),
    R.SUPPORT_OVER: _l("The company's permission has ended. Nothing more is shown, and nothing was changed."),
    R.SUPPORT_SAME_PERSON: _l("Somebody else of the staff has to confirm this: two people open a company without being asked."),
    R.SUPPORT_SEALED: _l("This value is protected, and the company's permission does not name it."),
    R.TEXT_UNUSABLE: _l("%(attribute)s is too long or contains characters that nobody can see."),
    R.TIME_INVALID: _l("This is not a time of day, such as 9:30."),
    R.TOO_LONG: _l("This text is too long: at most %(limit)s characters."),
    R.TOO_MANY_ATTEMPTS: _l("Too many tries. You can try again at %(again_at)s."),
    R.UNKNOWN_REGION: _l("No public holidays are known for this country or region."),
    R.VIEWING_CHANGES_NOTHING: _l("You are looking at the portal as a role sees it, and nothing can be changed meanwhile. Stop looking first, then do it as yourself."),
    R.VIEWING_OVER: _l("Your look as a role was over, so nothing was changed. You are yourself again: open the page anew."),
    R.WORKING_PATTERN_IMPOSSIBLE: _l("No week can hold these working hours."),
    R.YEAR_HAS_NO_PLAN: _l("This type had no plan at the end of that year, so nothing says what is carried over. Give it a plan first."),
    R.YEAR_NOT_OVER: _l("The year lasts through %(last)s. You can look at the preview now; post it afterwards."),
    R.YEAR_RUN_MOVED_ON: _l("This year end was posted, reversed or dropped meanwhile. Reload the page to see where it stands."),
}  # fmt: skip


#: Of a decision that came too late, when it is known who was faster.
_FASTER = _l(
    "Already decided by %(decided_by)s. Reload the page to see where it stands; nothing was overwritten."
)


def sentence(refusal: Refusal) -> str:
    """The text for this refusal in the reader's language, with its details filled in."""
    details = {name: _readable(value) for name, value in refusal.details.items()}
    if "missing" in refusal.details:
        missing = int(str(refusal.details["missing"]))
        in_hours = refusal.details.get("counting") == CountingMethod.HOURS
        details["missing_days"] = hours(missing) if in_hours else format_decimal(missing / 1000)
    said = _FASTER if refusal.details.get("decided_by") else SENTENCES[refusal.reason]
    return str(said) % _Forgiving(details)


class _Forgiving(dict[str, str]):
    """A detail that a rule did not give leaves a dash; a sentence must never fail."""

    def __missing__(self, _key: str) -> str:
        return "–"


def _readable(value: object) -> str:
    if isinstance(value, Permission):
        return str(PERMISSIONS[value])
    if isinstance(value, datetime):
        return str(format_datetime(value, "short"))
    if isinstance(value, date):
        return str(format_date(value))
    return str(value)
