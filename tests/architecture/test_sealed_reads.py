"""Whoever opens what is sealed is known: each place is listed with why its readers leave an event, or need not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SERVICES = Path(__file__).parents[2] / "portal" / "services"
OPENERS = {"sealing.open_text", "sealing.open_bytes"}
#: Function that opens: why.
KNOWN = {
    "absence_proofs.py:open_file": "each opening is an event: absence.proof-opened",
    "archive_requests.py:begin": "the passphrase, for the job that closes the archive with it",
    "audit_exports.py:_first": "the export that its reader asked for; asking and fetching are events",
    "authenticators.py:_secret": "compared with a code; shown to its owner once, when it is set up",
    "checks.py:_files": "a restored portal that nobody uses yet: compared with its checksum, shown to nobody",
    "custom_values.py:open_value": "every caller is listed below",
    "data_exports.py:fetch": "the person's own copy, to themselves; fetching it is an event",
    "documents.py:open_file": "each download is an event: document.downloaded",
    "kept_forms.py:find": "what the person typed themselves, back to their own browser",
    "outbox.py:_content": "goes to its receiver; the page that shows letters is for demonstrations alone",
    "integrity.py:is_what_was_uploaded": "compared with its checksum every night, shown to nobody",
    "memory.py:recall": "put back where it was, sealed as it was; no page gets it",
    "people.py:open_phone": "every caller is listed below",
    "person_data.py:_files": "one's own, on one's own page or in one's own copy",
    "person_data.py:_opened": "one's own, on one's own page or in one's own copy",
    "photos.py:open_photo": "a photo is for everybody in the directory",
    "preview.py:_known_phone": "compared with the file; previews show neither the old number nor the new one",
    "provider_access.py:secret_of": "goes to the provider; no page gets it",
    "quarantine.py:content_of": "goes to the operator's scanner alone; what it says of the file is an event",
    "saml_keys.py:read": "signs our requests and opens the answers to them; no page gets it",
    "sealed_upload.py:open_file": "the uploader's own file, on its way back from their form",
    "second_factors.py:bind": "one's own: it becomes the number that codes go to",
    "second_factors.py:known_number": "one's own, masked, or the receiver of a code",
    "second_factors.py:number_of": "one's own, masked, or the receiver of a code",
    "undoing.py:_recall": "put back where it was, sealed as it was; no page gets it",
    "transactions.py:_trip": "compared with the provider's answer",
    "transactions.py:report_of": "the tester's own",
}
#: Who asks people.open_phone: why.
PHONES = {
    "people_export.py:_value": "each that leaves with a file leaves an event",
    "people.py:_change_phone": "compared with the new number",
    "person_record.py:_read_phone": "leaves an event",
}
#: Who asks custom_values.open_value: why.
OWN_VALUES = {
    "custom_values.py:for_editing": "leaves an event for each that is sealed",
    "custom_values.py:show_sealed": "leaves an event",
    "custom_values.py:write": "compared with the new value",
    "preview.py:_own_changes": "compared with the file; of a sealed one neither is shown",
    "people_export.py:_own_value": "each that leaves with a file leaves an event",
}


def calls(names: set[str]) -> Iterator[str]:
    """`file:function` of each call of one of these."""
    for path in SERVICES.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
                    yield f"{path.name}:{function.name}"


def test_every_place_that_opens_sealed_values_is_known():
    assert set(calls(OPENERS)) == set(KNOWN), "say here why, after calling services/sealed_reads.note"


def test_every_reader_of_phone_numbers_is_known():
    assert set(calls({"people.open_phone", "open_phone"})) == set(PHONES), "say here why"


def test_every_reader_of_the_values_of_own_fields_is_known():
    assert set(calls({"custom_values.open_value", "open_value"})) == set(OWN_VALUES), "say here why"


def test_readings_are_recorded_in_one_place_which_says_under_which_role():
    found = [
        path.name
        for path in SERVICES.rglob("*.py")
        if "EMPLOYEE_VIEWED_SEALED" in path.read_text() and path.name != "audit.py"
    ]
    assert found == ["sealed_reads.py"]
