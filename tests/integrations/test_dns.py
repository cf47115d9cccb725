"""TXT records from a real name server on the loopback, through the real resolver."""

from __future__ import annotations

import socket

import dns.rcode
import pytest

from portal.integrations.dns import DnsLookup, FileLookup, NoAnswer, ascii_name, readable_name
from tests.fixtures.name_server import name_server

NAME = "_staffroom-challenge.acme.example"


@pytest.fixture
def zone():
    with name_server() as zone:
        yield zone


@pytest.fixture
def lookup(zone):
    return DnsLookup(["127.0.0.1"], port=zone.port, patience=2)


def test_all_values_at_the_name_are_found(zone, lookup):
    zone.txt(NAME, "staffroom-verification=a", "v=spf1 -all")
    assert sorted(lookup.txt(NAME)) == ["staffroom-verification=a", "v=spf1 -all"]
    assert zone.asked == [NAME]


def test_a_name_that_does_not_exist_has_no_values(lookup):
    assert lookup.txt(NAME) == []


def test_a_name_with_other_records_alone_has_no_values(zone, lookup):
    zone.records[NAME, "MX"] = ["10 mail.acme.example."]
    assert lookup.txt(NAME) == []


def test_a_value_in_several_pieces_is_one(zone, lookup):
    zone.records[NAME, "TXT"] = ['"staffroom-verification=" "abc"']
    assert lookup.txt(NAME) == ["staffroom-verification=abc"]


def test_an_alias_is_followed(zone, lookup):
    zone.records[NAME, "CNAME"] = ["proofs.hoster.example"]
    zone.txt("proofs.hoster.example", "x")
    assert lookup.txt(NAME) == ["x"]


def test_a_long_answer_comes_by_tcp_and_is_cut(zone, lookup):
    zone.txt(NAME, *(f"{number:03}{'x' * 100}" for number in range(60)))
    assert len(lookup.txt(NAME)) == 50


def test_bytes_that_are_no_text_break_nothing(zone, lookup):
    zone.records[NAME, "TXT"] = ['"\\255\\000a"']
    assert lookup.txt(NAME)[0].endswith("a")


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_a_server_that_refuses_is_no_answer(zone, lookup, rcode):
    zone.rcode = rcode
    with pytest.raises(NoAnswer):
        lookup.txt(NAME)


def test_a_server_that_keeps_silent_is_no_answer_in_time(zone):
    zone.silent = True
    with pytest.raises(NoAnswer):
        DnsLookup(["127.0.0.1"], port=zone.port, patience=0.3).txt(NAME)


def test_no_server_is_no_answer():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NoAnswer):
        DnsLookup(["127.0.0.1"], port=port, patience=0.3).txt(NAME)


def test_the_twin_reads_a_file(tmp_path):
    path = tmp_path / "dns.txt"
    assert FileLookup(path).txt(NAME) == []
    path.write_text(f"{NAME} staffroom-verification=a\n\nhalf\nother.example x\n{NAME.upper()} b\n")
    assert FileLookup(path).txt(NAME) == ["staffroom-verification=a", "b"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ACME.example", "acme.example"),
        ("müller.de", "xn--mller-kva.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("xn--mller-kva.de", "xn--mller-kva.de"),
        ("příklad。cz", "xn--pklad-zsa96e.cz"),
    ],
)
def test_names_are_kept_as_the_dns_writes_them(typed, kept):
    assert ascii_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["a..b", "", ".", "a b.de", "x" * 64 + ".de", "xn--zzzzzzzz99999.de", "a\0.de", "\u202eacme.de"]
)
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        ascii_name(typed)


def test_names_are_shown_in_their_own_letters():
    assert readable_name("xn--mller-kva.de") == "müller.de"
    assert readable_name("xn--zzzzzzzz99999.de") == "xn--zzzzzzzz99999.de"
