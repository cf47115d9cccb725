"""The record of processing: every table with its purpose, ground and end, on a page and as a file."""

from __future__ import annotations

import csv
import io

import pytest

from portal.services import data_map


@pytest.mark.parametrize("who", ["ana"])
def test_hr_reads_the_record_of_processing(client, cast, who):
    page = client.sign_in(cast.people[who]).get("/c/acme/privacy/record").text
    for wanted in (
        "Time off",
        "Employment contract, GDPR Art. 6(1)(b)",
        "employee.phone_sealed",
        "Emptied at once",
    ):
        assert wanted in page


def test_the_file_has_a_line_for_each_column(client, cast):
    answer = client.sign_in(cast.ana).get("/c/acme/privacy/record.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 1 + sum(len(one.fields) for one in data_map.cards())
    [phone] = [row for row in rows if row[1:3] == ["employee", "phone_sealed"]]
    assert phone[-2:] == ["In the copy, opened", "Emptied at once"]


@pytest.mark.parametrize("who", ["mats", "eve", "pia"])
def test_others_do_not(client, cast, who):
    client.sign_in(cast.people[who])
    for address in ("/c/acme/privacy/record", "/c/acme/privacy/record.csv"):
        assert client.get(address).status_code == 403
