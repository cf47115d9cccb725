#!/usr/bin/env python3
"""Checks an exported audit log of Staffroom without the portal. Needs Python 3.9 or newer, and nothing else.

    python3 verify_audit_log.py audit-log.jsonl
    python3 verify_audit_log.py audit-log.jsonl --anchor 1200:9f86d0...     number and checksum from a letter
    python3 verify_audit_log.py audit-log.jsonl --anchors FOLDER            the files of the anchor store
    python3 verify_audit_log.py audit-log.jsonl --earlier last-year.jsonl   an export, or a feed, kept from before

It prints what it has checked and ends with 0; with 1 and the number of the first event that is not as it was written;
with 2 when the file is no such log. The format is described in docs/audit.md of Staffroom.
"""

import argparse
import hashlib
import json
import pathlib
import sys

FORMAT, VERSION = "staffroom-audit-log", 1
ANCHOR_FORMAT = "staffroom-audit-anchor"
TEXTS = ("company", "at", "action", "version", "commitment", "hash")


class Broken(Exception):
    """The log was changed; `seq` is the first number that is not as it was written, `since` the last that is."""

    def __init__(self, seq, why, since=None):
        super().__init__(why)
        self.seq, self.why, self.since = seq, why, since


class Unusable(Exception):
    """This is no log that can be checked."""


def main(arguments=None):
    asked = _arguments().parse_args(arguments)
    try:
        anchors = {(None, seq): digest for seq, digest in asked.anchor}
        for path in asked.anchors:
            anchors.update(_anchors_in(path))
        found = verify(asked.log, anchors, earlier=asked.earlier)
    except Broken as broken:
        print(f"BROKEN at event {broken.seq}: {broken.why}")
        return 1
    except (Unusable, OSError, UnicodeDecodeError) as wrong:
        print(f"This cannot be checked: {wrong}")
        return 2
    for line in _report(found):
        print(line)
    return 0


def verify(path, anchors, earlier=None):
    """Everything that can be known of the log at `path`; raises Broken. `anchors`: checksums by company (None: this
    log's) and number."""
    log = Log(anchors)
    with open(path, encoding="utf-8", newline="\n") as lines:
        if earlier is None:
            for record in _records(lines):
                log.take(record)
        else:
            with open(earlier, encoding="utf-8", newline="\n") as old_lines:
                old = _by_number(old_lines)
                for record in _records(lines):
                    log.take(record)
                    _compare(log, record, old)
    log.finish()
    return log


class Log:
    """Walks the log from its first event to its last, holding one of them at a time."""

    def __init__(self, anchors):
        self.given, self.anchors = anchors, {}
        self.company = self.head = self.end = None
        self.count = self.erased = self.anchored = self.compared = 0
        self.first = self.last = self.last_hash = self.agreed = None
        self.gaps = []

    @property
    def whole(self):
        return bool(self.head and self.head.get("whole")) or self.head is None

    def take(self, record):
        kind = record.get("kind")
        if kind == "head":
            self._take_head(record)
        elif kind == "end":
            self.end = record
        elif kind == "event":
            if self.end is not None:
                raise Unusable("there are events behind the end")
            self._take_event(record)
        else:
            raise Unusable(f"a line of the kind {kind!r}")

    def finish(self):
        if self.count == 0 and self.head is None:
            raise Unusable("there is no event in it")
        after = (self.last or 0) + 1
        if self.head is not None and self.end is None:
            raise Broken(after, "the file is cut off: its end is missing", self.last)
        if self.end is not None and (self.end.get("events"), self.end.get("last")) != (self.count, self.last):
            raise Broken(after, "the file is cut off at its end", self.last)
        if not self.whole:
            return
        if self.head is not None and self.head.get("through") != (self.last or 0):
            raise Broken(after, "events are missing at the end", self.last)
        beyond = [seq for seq in self.anchors if seq > (self.last or 0)]
        if beyond and self.head is not None:
            raise Broken(
                after, f"the log ends here, but event {max(beyond)} was anchored outside: the tail is cut off"
            )

    def _take_head(self, record):
        if record.get("format") != FORMAT:
            raise Unusable("it is not an audit log of Staffroom")
        if record.get("version") != VERSION:
            raise Unusable(
                f"version {record.get('version')} of the format is not known; take a newer program"
            )
        if self.head is not None or self.count:
            raise Unusable("there is more than one log in it")
        self.head = record
        self._is_of(record.get("company"))

    def _is_of(self, company):
        """An anchor store has the anchors of every company of the portal; those of others say nothing here."""
        self.company = company
        self.anchors = {seq: digest for (of, seq), digest in self.given.items() if of in (None, company)}

    def _take_event(self, record):
        seq = _number(record)
        self._follows(record, seq)
        if _chained(record) != record["hash"]:
            raise Broken(seq, "it is not as it was written: its checksum does not fit", self.last)
        if record.get("payload") is None:
            self.erased += 1
        elif _commitment(record) != record["commitment"]:
            raise Broken(seq, "who, from where or what changed is not as it was written", self.last)
        self._anchored(record, seq)
        self.first = self.first if self.first is not None else seq
        self.last, self.last_hash = seq, record["hash"]
        self.count += 1

    def _follows(self, record, seq):
        if self.company is not None and record["company"] != self.company:
            raise Broken(seq, "it belongs to another company", self.last)
        if self.company is None:
            self._is_of(record["company"])
        if self.last is not None and seq <= self.last:
            raise Broken(seq, f"it stands behind event {self.last}", self.last)
        next_one = (self.last or 0) + 1
        if self.last is None and self.head is None:
            next_one = seq  # a piece of a feed begins anywhere
        kept = _kept_by_restore(record)
        if kept is not None and kept != seq - 1 and (self.last or 0) == kept:
            if kept and record.get("previous") != self.last_hash:
                raise Broken(seq, f"it does not follow upon event {self.last}", self.last)
            self.gaps.append((kept, record))
            return
        if self.whole and seq != next_one:
            raise Broken(next_one, f"it is missing; after event {next_one - 1} comes event {seq}", self.last)
        if self.last == seq - 1 and record.get("previous") != self.last_hash:
            raise Broken(seq, f"it does not follow upon event {self.last}", self.last)
        if seq == 1 and record.get("previous") not in (None, _beginning(record)):
            raise Broken(seq, "it does not begin a log")

    def _anchored(self, record, seq):
        if seq not in self.anchors:
            return
        if self.anchors[seq] != record["hash"]:
            since = f"after event {self.agreed}" if self.agreed else "anywhere before"
            raise Broken(
                seq,
                f"the anchor that was written outside says otherwise: the log was rewritten {since}, up to here",
                self.agreed,
            )
        self.agreed = seq
        self.anchored += 1


def _kept_by_restore(record):
    """Up to which event a restored backup had the log, when this event says that it was restored; else None.

    What it says is covered by its commitment, which is checked like that of every other event.
    """
    if record["action"] != "company.restored" or record.get("payload") is None:
        return None
    try:
        kept = json.loads(record["payload"])["facts"]["through"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return kept if isinstance(kept, int) and 0 <= kept < record["seq"] else None


def _chained(record):
    """The hash that the portal must have computed when it wrote the event."""
    before = bytes.fromhex(record["previous"] or _beginning(record))
    parts = [
        str(record["seq"]),
        record["company"],
        record["at"],
        record.get("actor_id") or "-",
        record["action"],
        record["version"],
        record.get("subject_type") or "-",
        record.get("subject_id") or "-",
        record["commitment"],
    ]
    return hashlib.sha256(before + "\n".join(parts).encode()).hexdigest()


def _beginning(record):
    """What the first event of a company follows upon."""
    return hashlib.sha256(record["company"].encode()).hexdigest()


def _commitment(record):
    salt = bytes.fromhex(record.get("salt") or "")
    return hashlib.sha256(salt + record["payload"].encode()).hexdigest()


def _compare(log, record, old):
    """With an export from before: the same number has the same checksum, or it was rewritten since."""
    if record.get("kind") != "event":
        return
    seq = record["seq"]
    known = old(seq)
    if known is None:
        return
    if known != record["hash"]:
        raise Broken(seq, "it is another event than in the earlier log", log.last)
    log.compared += 1


def _by_number(lines):
    """The checksum of a number in the earlier log, which is read along, never all at once."""
    events = (record for record in _records(lines) if record.get("kind") == "event")
    state = {"held": next(events, None)}

    def find(seq):
        while state["held"] is not None and _number(state["held"]) < seq:
            state["held"] = next(events, None)
        held = state["held"]
        return held["hash"] if held is not None and held["seq"] == seq else None

    return find


def _records(lines):
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise Unusable(f"line {number} is no JSON") from None
        if not isinstance(record, dict):
            raise Unusable(f"line {number} is no record")
        yield record


def _number(record):
    """The number of an event whose fields are what they have to be."""
    seq = record.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
        raise Unusable("an event has no number")
    for name in TEXTS:
        if not isinstance(record.get(name), str):
            raise Unusable(f"event {seq} has no {name}")
    for name in ("payload", "salt", "previous", "actor_id", "subject_type", "subject_id"):
        if not isinstance(record.get(name), (str, type(None))):
            raise Unusable(f"event {seq} has a wrong {name}")
    for name in ("hash", "commitment", "salt", "previous"):
        try:
            bytes.fromhex(record.get(name) or "")
        except ValueError:
            raise Broken(seq, f"its {name} is no checksum") from None
    return seq


def _anchors_in(path):
    """Company, number and checksum of each anchor in a file, or in the files of a folder."""
    place = pathlib.Path(path)
    files = sorted(place.rglob("*.json*")) if place.is_dir() else [place]
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for record in _records(lines):
                if record.get("format") != ANCHOR_FORMAT:
                    raise Unusable(f"{file} is no anchor")
                yield (record.get("company"), record["seq"]), record["hash"]


def _anchor(text):
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError("write it as NUMBER:CHECKSUM")
    return int(number), digest.lower()


def _report(log):
    yield f"Company {log.company}: {log.count} events, each as it was written."
    if log.count:
        yield f"First event {log.first}, last event {log.last}, checksum {log.last_hash}"
    if log.head is None:
        yield "This is a piece of a feed: it is whole from its first event to its last."
    elif log.whole:
        yield "The log is whole: no event was changed, moved, put in or taken out."
    else:
        yield "This is a selection: each event is genuine, but what was left out cannot be seen."
    for kept, record in log.gaps:
        lost = [seq for seq in log.anchors if kept < seq < record["seq"]]
        yield (
            f"Events {kept + 1} to {record['seq'] - 1} are not in it: event {record['seq']} ({record['at']}) says that "
            f"a backup was restored, and what was logged since it was made is lost. Anchors of {len(lost)} of them "
            "were kept. Ask whoever runs the portal, if you did not hear of it."
        )
    if log.erased:
        yield f"Of {log.erased} events the personal data were erased; that they happened is still proven."
    if log.anchored:
        yield f"{log.anchored} anchors from outside agree, the last at event {log.agreed}."
    elif log.given:
        yield "None of the anchors belongs to an event in this file."
    else:
        yield "Without an anchor from outside, a log that was rewritten as a whole cannot be told from the true one."
    if log.compared:
        yield f"{log.compared} events are the same as in the earlier log."


def _arguments():
    parser = argparse.ArgumentParser(description="Checks an exported audit log of Staffroom.")
    parser.add_argument("log", help="the exported file (JSON lines)")
    parser.add_argument(
        "--anchor", action="append", default=[], type=_anchor, metavar="NUMBER:CHECKSUM", help="from a letter"
    )
    parser.add_argument(
        "--anchors",
        action="append",
        default=[],
        metavar="PATH",
        help="a file, or the folder of the anchor store",
    )
    parser.add_argument("--earlier", metavar="FILE", help="an export or a feed from before, to compare with")
    return parser


if __name__ == "__main__":
    sys.exit(main())
