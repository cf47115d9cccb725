"""The columns of an import and the words that people head them with, in English, Czech and German."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Column(StrEnum):
    """What a row can say about a person; the value is the heading in our own files."""

    EMAIL = "email"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMPLOYEE_NUMBER = "employee_number"
    JOB_TITLE = "job_title"
    TEAM = "team"
    SITE = "site"
    LINE_MANAGER_EMAIL = "line_manager_email"
    START_DATE = "start_date"
    WEEKLY_HOURS = "weekly_hours"
    WORKING_DAYS = "working_days"
    BY_ROSTER = "by_roster"
    PHONE = "phone"
    LANGUAGE = "language"
    ROLE = "role"


REQUIRED = (Column.EMAIL, Column.FIRST_NAME, Column.LAST_NAME, Column.START_DATE)

# Without case, accents, spaces and signs: "E-mail nadřízeného" is found as emailnadrizeneho.
_HEADINGS: dict[Column, str] = {
    Column.EMAIL: "email mail emailaddress workemail pracovniemail emailovaadresa emailadresse",
    Column.FIRST_NAME: "firstname givenname forename jmeno krestnijmeno vorname rufname",
    Column.LAST_NAME: "lastname surname familyname prijmeni nachname familienname",
    Column.EMPLOYEE_NUMBER: "employeenumber employeeid employeeno staffnumber personalnumber osobnicislo "
    "cislozamestnance personalnummer mitarbeiternummer",
    Column.JOB_TITLE: "jobtitle position job pozice pracovnipozice funkce stellenbezeichnung stelle funktion",
    Column.TEAM: "team teams department tym tymy oddeleni abteilung",
    Column.SITE: "site location office pobocka pracoviste misto standort niederlassung",
    Column.LINE_MANAGER_EMAIL: "linemanageremail linemanager manager manageremail supervisor nadrizeny "
    "emailnadrizeneho vedouci emailvedouciho vorgesetzter vorgesetzte emailvorgesetzter emailvorgesetzte "
    "emaildesvorgesetzten emaildervorgesetzten",
    Column.START_DATE: "startdate start hiredate joined nastup datumnastupu eintritt eintrittsdatum",
    Column.WEEKLY_HOURS: "weeklyhours hoursperweek hours uvazek tydenniuvazek hodintydne hodinytydne tydennihodiny "
    "wochenstunden stundenprowoche",
    Column.WORKING_DAYS: "workingdays hoursofeachday pracovnidny hodinydnu arbeitstage stundenjetag",
    Column.BY_ROSTER: "byroster worksbytheroster podlerozpisu podleplanusmen pracujepodlerozpisu nachdienstplan "
    "arbeitetnachdienstplan",
    Column.PHONE: "phone phonenumber mobile mobilephone telefon telefonnicislo mobil mobilnitelefon telefonnummer "
    "handy handynummer",
    Column.LANGUAGE: "language jazyk sprache",
    Column.ROLE: "role opravneni rolle",
}
_COLUMN_OF = {word: column for column, words in _HEADINGS.items() for word in words.split()}
_NOT_A_LETTER = re.compile(r"[\W_]+")


def column_of(heading: str) -> Column | None:
    """The column that a heading means, or None: unknown columns are left out, not guessed."""
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _COLUMN_OF.get(_NOT_A_LETTER.sub("", letters))


def recognised(headings: Iterable[str]) -> int:
    """How many columns of a header are known."""
    return sum(column_of(heading) is not None for heading in headings)
