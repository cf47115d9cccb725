"""Fetching from an address that a customer typed never becomes a way into our network. T166."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from portal.integrations import outbound
from portal.integrations.outbound import LIMIT, Outbound, OutboundRefused
from tests.fixtures.tls import server_context, server_keys

PUBLIC = "93.184.215.14"
INSIDE = """
    127.0.0.1 ::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254
    0.0.0.0 100.64.0.1 224.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 240.0.0.1 fe80::1 fc00::1 fec0::1
    ff02::1 :: 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:db8::1 ::127.0.0.1
"""
Answering = Callable[[ssl.SSLSocket], None]


class Server:
    """A real https server on this machine, that answers as told, once, and notes what it was asked."""

    def __init__(self, keys: Path, answer: Answering) -> None:
        self.answer = answer
        self.asked: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.context = server_context(keys)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        try:
            plain, _ = self.listener.accept()
            with closing(self.context.wrap_socket(plain, server_side=True)) as secure:
                self.asked.append(secure.recv(65536))
                self.answer(secure)
        except OSError:
            return

    def close(self) -> None:
        self.listener.close()
        self.thread.join(timeout=10)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return server_keys(tmp_path_factory.mktemp("tls"), "idp.acme.test")


@pytest.fixture
def serve(keys: Path) -> Iterator[Callable[[Answering], Server]]:
    running: list[Server] = []

    def start(answer: Answering) -> Server:
        running.append(Server(keys, answer))
        return running[-1]

    yield start
    for server in running:
        server.close()


class Dialled:
    """Connects to the server on this machine, whatever public address was checked, and notes which that was."""

    def __init__(self, server: Server | None = None) -> None:
        self.server = server
        self.to: list[tuple[str, int]] = []

    def __call__(self, address: str, port: int, seconds: float) -> socket.socket:
        self.to.append((address, port))
        assert self.server is not None, "nothing may be dialled"
        return socket.create_connection(self.server.listener.getsockname(), timeout=seconds)


def reach(server: Server, keys: Path, *, addresses: tuple[str, ...] = (PUBLIC,)) -> tuple[Outbound, Dialled]:
    dial = Dialled(server)
    trust = ssl.create_default_context(cafile=str(keys / "ca.pem"))
    return Outbound(resolve=lambda _name, _left: list(addresses), dial=dial, trust=trust), dial


def says(head: str, body: bytes = b"") -> Answering:
    return lambda secure: secure.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)


def why(fetcher: Outbound, url: str = "https://idp.acme.test/metadata") -> str:
    started = monotonic()
    with pytest.raises(OutboundRefused) as caught:
        fetcher.fetch(url)
    assert monotonic() - started < 6
    return caught.value.why


def test_a_document_is_fetched(serve: Callable[[Answering], Server], keys: Path) -> None:
    server = serve(says("HTTP/1.1 200 OK\nContent-Length: 4", b"<x/>"))
    fetcher, dial = reach(server, keys)
    assert fetcher.fetch("https://idp.acme.test:8443/metadata?a=b") == b"<x/>"
    assert dial.to == [(PUBLIC, 8443)]
    assert server.asked[0].startswith(b"GET /metadata?a=b HTTP/1.0\r\nHost: idp.acme.test:8443\r\n")


def test_a_document_in_chunks_or_without_length_is_fetched(
    serve: Callable[[Answering], Server], keys: Path
) -> None:
    chunks = serve(says("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"4\r\n<x/>\r\n0\r\n\r\n"))
    assert reach(chunks, keys)[0].fetch("https://idp.acme.test/") == b"<x/>"
    until_the_end = serve(says("HTTP/1.0 200 OK", b"<x/>"))
    assert reach(until_the_end, keys)[0].fetch("https://idp.acme.test/") == b"<x/>"


@pytest.mark.parametrize(
    "address",
    INSIDE.split(),
)
def test_t166_no_address_inside_is_dialled(address: str) -> None:
    dial = Dialled()
    fetcher = Outbound(resolve=lambda _name, _left: [address], dial=dial)
    assert why(fetcher) == "the name does not lead to a public address"
    mixed = Outbound(resolve=lambda _name, _left: [PUBLIC, address], dial=dial)
    assert why(mixed) == "the name does not lead to a public address"
    assert dial.to == []


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.acme.test/",
        "file:///etc/passwd",
        "gopher://idp.acme.test/",
        "ftp://idp.acme.test/",
        "//idp.acme.test/",
        "",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://localhost/",
        "https://a@idp.acme.test/",
        "https://idp.acme.test:x/",
        "https://idp.acme.test:70000/",
        "https://idp.acme.test/\r\nX: y",
        "https://idp.acme.test/ x",
        "https://idp.acme.test./",
        "https://idp\u3002acme\u3002test/",
        "https://idp.acme.test\\@evil.test/",
        "https:///x",
        "https://idp.acme.test/\u00e9",
    ],
)
def test_t166_other_kinds_of_address_are_not_even_resolved(url: str) -> None:
    asked: list[str] = []

    def resolve(name: str, _left: float) -> list[str]:
        asked.append(name)
        return [PUBLIC]

    why(Outbound(resolve=resolve, dial=Dialled()), url)
    assert asked == []


def test_t166_a_name_is_resolved_once(serve: Callable[[Answering], Server], keys: Path) -> None:
    """DNS rebinding: public when asked, private when asked again; the checked address is the dialled one."""
    answers = [[PUBLIC], ["127.0.0.1"]]
    dial = Dialled(serve(says("HTTP/1.1 200 OK\nContent-Length: 4", b"<x/>")))
    trust = ssl.create_default_context(cafile=str(keys / "ca.pem"))
    fetcher = Outbound(resolve=lambda _name, _left: answers.pop(0), dial=dial, trust=trust)
    assert fetcher.fetch("https://idp.acme.test/") == b"<x/>"
    assert dial.to == [(PUBLIC, 443)]
    assert answers == [["127.0.0.1"]]


def test_t166_no_redirect_is_followed(serve: Callable[[Answering], Server], keys: Path) -> None:
    for status in (301, 302, 303, 307, 308):
        server = serve(says(f"HTTP/1.1 {status} Found\nLocation: http://127.0.0.1/\nContent-Length: 0"))
        fetcher, dial = reach(server, keys)
        assert "another address" in why(fetcher)
        assert len(dial.to) == 1


def test_t166_more_than_a_mebibyte_is_refused(serve: Callable[[Answering], Server], keys: Path) -> None:
    """Declared, or simply sent without end."""
    declared = serve(says("HTTP/1.1 200 OK\nContent-Length: 1073741824", b"<x/>"))
    assert "1 MiB" in why(reach(declared, keys)[0])

    def endless(secure: ssl.SSLSocket) -> None:
        secure.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(64):
            secure.sendall(b"x" * 65536)

    assert "1 MiB" in why(reach(serve(endless), keys)[0])
    exact = serve(says(f"HTTP/1.1 200 OK\nContent-Length: {LIMIT}", b"x" * LIMIT))
    assert len(reach(exact, keys)[0].fetch("https://idp.acme.test/")) == LIMIT


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"], ids=["head", "body"]
)
def test_t166_dripping_bytes_end_at_the_deadline(
    serve: Callable[[Answering], Server], keys: Path, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    """Slow-loris: each byte comes in time, all of them together do not."""
    monkeypatch.setattr(outbound, "SECONDS", 1.0)

    def drip(secure: ssl.SSLSocket) -> None:
        secure.sendall(head or b"H")
        for _ in range(200):
            sleep(0.05)
            secure.sendall(b"x")

    started = monotonic()
    assert "in time" in why(reach(serve(drip), keys)[0])
    assert monotonic() - started < 2


def test_a_resolver_that_hangs_or_fails_is_an_honest_refusal() -> None:
    def fail(_name: str, _left: float) -> list[str]:
        raise OSError("no such name")

    assert "in time" in why(Outbound(resolve=fail, dial=Dialled()))
    assert "public" in why(Outbound(resolve=lambda _n, _l: [], dial=Dialled()))
    assert "in time" in why(Outbound(resolve=lambda _n, _l: ["not an address"], dial=Dialled()))


def test_the_servers_certificate_must_be_trusted_and_for_this_name(
    serve: Callable[[Answering], Server], keys: Path
) -> None:
    unknown = Outbound(resolve=lambda _n, _l: [PUBLIC], dial=Dialled(serve(says("HTTP/1.1 200 OK"))))
    assert "not trusted" in why(unknown)
    fetcher, _ = reach(serve(says("HTTP/1.1 200 OK")), keys)
    assert "not trusted" in why(fetcher, "https://other.acme.test/")


@pytest.mark.parametrize("head", ["HTTP/1.1 404 Not Found\nContent-Length: 0", "SSH-2.0-x", "HTTP/1.1 abc"])
def test_anything_but_a_document_is_refused(
    serve: Callable[[Answering], Server], keys: Path, head: str
) -> None:
    assert why(reach(serve(says(head)), keys)[0])
