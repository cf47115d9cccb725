"""Letters: the ones we ship, and what a hostile name can do to one (nothing)."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from portal.integrations.gsm_text import segments, to_gsm
from portal.integrations.letters import PORTAL, LetterWriter, render_letter, render_sms
from portal.services.factor_letters import Change

CONTEXT: dict[str, object] = {
    "last": "14 July 2026",
    "file_name": "rules.pdf",
    "found": "Win.Test",
    "company_name": "Acme",
    "round_name": "Summer",
    "waits": True,
    "granted": ["4-8 May 2026 (Vacation)"],
    "refused": ["11-15 May 2026 (Vacation)"],
    "person_name": "Eve",
    "ends_on": "3 May 2026",
    "employee_name": "Eve",
    "decided_by": "Mats",
    "sender_name": "Ana",
    "team_name": "Ward 1",
    "link": "https://staff.example.com/c/acme/x",
    "expires": "3 May 2026, 10:00",
    "handed_by": "Ana",
    "broken": [
        {
            "day": "Mon 4 May 2026",
            "rule": "Enough of us",
            "present": "1",
            "expected": "3",
            "away": "2",
            "waiting": "1",
            "blocks": "1",
        }
    ],
    "broken_more": 2,
    "only_in_portal": False,
    "by_law": True,
    "page": "https://staff.example.com/c/acme/y",
    "changed_at": "2 May 2026, 9:00",
    "processor": "Post",
    "purpose": "Sends letters",
    "data": "Addresses",
    "place": "Vienna",
    "title": "Stolen laptop",
    "requests": [
        {
            "employee_name": "Eve",
            "absence_type": "Vacation",
            "day": "4 May 2026",
            "matter": "overtime",
            "amount": "2:30 h",
            "status": "booked",
            "period": "4-8 May 2026",
            "since": "1 May 2026",
            "escalated": True,
        }
    ],
    "count": 1,
    "mixed": True,
    "team": "Ward 1",
    "most_days": 5,
    "rules": [{"name": "Ward 1", "days": ["4 May 2026"], "more": 2}],
    "more": 2,
    "report": "What happened: a laptop was stolen.",
    "events": 3,
    "people": 2,
    "since": "1 May 2026, 9:00",
    "deadline": "5 May 2026, 9:00",
    "linked_at": "2 May 2026, 9:00",
    "removed_at": "2 May 2026, 9:00",
    "provider": "Google",
    "domain": "acme.example",
    "record_name": "_staffroom-challenge.acme.example",
    "record_value": "staffroom-verification=0a1b",
    "token_name": "Entra 2026",
    "created_by": "Ana",
    "created_at": "2 May 2026, 9:00",
    "actor_name": "Ana",
    "over": False,
    "event": "granted",
    "happened_at": "2 May 2026, 9:00",
    "staff": "Sam",
    "second_staff": "Kim",
    "reason": "The list looks wrong",
    "ticket": "T-1",
    "ends_at": "2 June 2026, 9:00",
    "thumbprint": "AB:CD:EF",
    "phone": "+420 ••• ••• 456",
    "period": "4-8 May 2026",
    "absence_type": "Vacation",
    "day": "4 May 2026",
    "status": "booked",
    "amount": "5 days",
    "planned": "176:00 h",
    "contract": "168:00 h",
    "last_day": "31 December 2026",
    "cost_before": "5 days",
    "cost_after": "4 days",
    "holiday": "Founders' Day",
    "document_title": "House rules",
    "due": "10 May 2026",
    "approved": True,
    "priced_days": [("Tue 23 Jun 2026", "1 day", "0 days")],
    "given_back": "6 May 2026",
    "note": "Enjoy!",
    "notice": "ends",
    "days": 14,
    "on": "30 June 2026",
    "by_file": False,
    "certificate": "https://staff.example.com/erasures/x",
    "asks": True,
    "code": "012345",
    "number": 1200,
    "checksum": "ab" * 32,
    "anchored_at": "2 May 2026, 9:00",
    "minutes": 5,
    "old": "eve@example.com",
    "new": "eve.two@example.com",
    "until": "2 May 2026, 10:00",
    "prefix": "+42060",
    "due_on": "10 May 2026",
    "by_hr": True,
    "change": "passkey-added",
    "name": "Laptop",
    "certain": True,
    "own": False,
    "shifts": ["Mon 4 May 2026: E, 06:00–14:30"],
    "can": True,
    "left": 9,
    "added": ["Mon 4 May 2026: E, 06:00–14:30"],
    "removed": ["Wed 6 May 2026: L, 14:00–22:30"],
    "changed": [("Tue 5 May 2026: E, 06:00–14:30", "Tue 5 May 2026: N, 22:00–06:30")],
}
MAILS = sorted(path.stem for path in (PORTAL / "templates/emails").glob("[a-z]*.txt"))
MESSAGES = sorted(path.stem for path in (PORTAL / "templates/sms").glob("[a-z]*.txt"))
#: Who is erased has no page to go to.
WITHOUT_LINK = {"erasure_approved"}
LANGUAGES = ["en", "cs", "de"]
HOSTILE = "Eve\r\nBcc: all@example.com <script>alert(1)</script> {{ 7*7 }} %(link)s"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAILS)
def test_every_mail_is_whole_in_every_language(name: str, language: str) -> None:
    letter = render_letter(name, language, CONTEXT)
    assert letter.subject
    assert "\n" not in letter.subject
    assert ("https://staff.example.com/c/acme/x" in letter.text) is (name not in WITHOUT_LINK)
    assert "\n\n\n" not in letter.text
    assert "Acme" in letter.text
    assert letter.text == letter.text.strip() + "\n"
    assert "%(" not in letter.text + letter.subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
def test_every_sms_is_one_message(name: str, language: str) -> None:
    """One message in every language, even for the longest name of a company."""
    company = "Vodohospodářská společnost Žďár nad Sázavou, s.r.o."
    letter = render_sms(name, language, CONTEXT | {"company_name": company})
    assert segments(letter.text) == 1
    assert len(letter.text) <= 160
    assert "\n" not in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_of_a_factor_has_its_own_sentence(language: str) -> None:
    texts = {render_letter("factor_changed", language, CONTEXT | {"change": str(one)}).text for one in Change}
    assert len(texts) == len(Change)
    assert not any("\n\n\n" in text for text in texts)


@pytest.mark.parametrize("language", ["en", "cs", "de"])
def test_a_name_that_ends_in_a_full_stop_ends_its_sentence(language: str) -> None:
    context = CONTEXT | {"company_name": "Nordbau s.r.o."}
    letter = render_letter("invitation", language, context)
    assert "Nordbau s.r.o. " in letter.text
    assert "s.r.o.." not in letter.subject + letter.text
    assert "s.r.o.." not in render_sms("decisions_wait", language, context).text


def test_the_code_stands_first() -> None:
    letter = render_sms("second_factor_code", "en", CONTEXT)
    assert letter.text.startswith("012345 is your Staffroom code for Acme. It is valid for 5 minutes.")


def test_a_decision_reads_differently_when_it_is_a_no() -> None:
    yes = render_letter("absence_decided", "en", CONTEXT)
    no = render_letter("absence_decided", "en", CONTEXT | {"approved": False, "note": ""})
    assert yes.subject == "Approved: your time off, 4-8 May 2026"
    assert no.subject == "Not approved: your time off, 4-8 May 2026"
    assert "Note: Enjoy!" in yes.text
    assert "Note" not in no.text


@pytest.mark.parametrize("name", MAILS)
def test_a_forgotten_variable_is_an_error(name: str) -> None:
    with pytest.raises(UndefinedError):
        render_letter(name, "en", {})


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_name_stays_text(name: str) -> None:
    """T122: a line break in a name makes no header, and what looks like a template is not run."""
    hostile = {key: HOSTILE if isinstance(value, str) else value for key, value in CONTEXT.items()}
    letter = render_letter(name, "en", hostile)
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "49" not in letter.subject + letter.text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "invitation.txt", "Invitation", "", "_signature", "a/b"]
)
def test_the_name_of_a_letter_is_no_path(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a letter"):
        render_letter(name, "en", CONTEXT)


def test_html_is_escaped_and_text_is_not(tmp_path: Path) -> None:
    """T122: a name with markup is inert in the HTML part, in a translated sentence too."""
    folder = tmp_path / "emails"
    folder.mkdir()
    (folder / "hello.txt").write_text("Subject: Hello {{ name }}\nDear {{ name }}\n")
    (folder / "hello.html").write_text('<p>{{ _("Dear %(name)s", name=name) }} {{ name }}</p>')
    letter = LetterWriter(templates=tmp_path).mail("hello", "en", {"name": "<img src=x>"})
    assert letter.text == "Dear <img src=x>\n"
    assert letter.html == "<p>Dear &lt;img src=x&gt; &lt;img src=x&gt;</p>"


def test_a_mail_without_a_subject_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "hello.txt").write_text("Dear {{ name }}\n")
    with pytest.raises(ValueError, match="Subject"):
        LetterWriter(templates=tmp_path).mail("hello", "en", {"name": "Eve"})


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Škoda Žďár", "Skoda Zdar"),
        ("Müller Größe à é", "Müller Größe à é"),
        ("It’s – “ready”…", 'It\'s - "ready"...'),
        ("東京", "東京"),
        ("Łódź", "Lodz"),
    ],
)
def test_accents_that_gsm_lacks_are_dropped(text: str, sent: str) -> None:
    assert to_gsm(text) == sent


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
     ("š" * 70, 1), ("š" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("", 1)],
)  # fmt: skip
def test_what_a_text_costs(text: str, count: int) -> None:
    assert segments(text) == count
