"""The vocabulary of the data map: why data are kept, on what ground, how long, and what becomes of them.

The map itself, table by table, is in services/data_map; the sentences that people read are in
web/data_map_words.py.
"""

from enum import StrEnum


class Purpose(StrEnum):
    """What a table is for, in the order in which the record of processing shows it."""

    EMPLOYMENT = "employment"
    TIME_OFF = "time-off"
    ROSTERS = "rosters"
    DOCUMENTS = "documents"
    SIGN_IN = "sign-in"
    LETTERS = "letters"
    ACCOUNTABILITY = "accountability"
    RIGHTS = "rights"
    COMPANY = "company"


class Basis(StrEnum):
    """The legal ground (GDPR Art. 6(1))."""

    CONTRACT = "contract"
    LEGAL_DUTY = "legal-duty"
    INTEREST = "interest"
    #: Nothing about a person.
    NONE = "none"


class Retention(StrEnum):
    """How long rows stay when nobody asks for anything; the periods are in domain/retention.py."""

    #: As long as the company is a customer.
    COMPANY = "company"
    #: While the person works here, and until they are erased.
    EMPLOYMENT = "employment"
    #: Until claims from the employment have lapsed.
    CLAIMS = "claims"
    #: As each field of the company's own says.
    FIELD = "field"
    #: Traces of signing in.
    TRACES = "traces"
    LETTERS = "letters"
    #: Codes, links and trips that are good for minutes or days.
    SECRETS = "secrets"
    #: Copies of a person's data that were made for them.
    EXPORTS = "exports"


class Rows(StrEnum):
    """What erasing a person does to the rows of a table."""

    #: They are about no person.
    UNTOUCHED = "untouched"
    DELETED = "deleted"
    #: They stay under a pseudonym, without the fields that are emptied.
    PSEUDONYMOUS = "pseudonymous"


class Erase(StrEnum):
    """What erasing a person does to one field of a row that stays."""

    NULL = "null"
    BLANK = "blank"
    PSEUDONYM = "pseudonym"


class Export(StrEnum):
    """How a field stands in the copy that a person gets of their data."""

    PLAIN = "plain"
    #: Sealed in the database, readable in the copy.
    SEALED = "sealed"
    #: The key of a sealed file that lies in the file store: the copy holds the file.
    FILE = "file"
    #: An id of another person: the copy says their name.
    NAME = "name"
    #: Would open a door, or is a fingerprint of what does: the copy says only that it exists.
    SECRET = "secret"  # noqa: S105
    #: Says nothing about a person.
    TECHNICAL = "technical"
