"""Attacks by connections: half requests, and streams of events."""

# Counterpart among the tests: server/tests/processes/full_house.rs.

import socket
import time

from host import PATIENCE, Host
from measure import Outcome
from provider import Provider


def connect(host, text):
    """A connection that has said something."""
    one = socket.create_connection(host.address(), PATIENCE)
    try:
        one.sendall(text.encode())
    except OSError:
        # It was sent away already: others have its place.
        pass
    return one


def half_requests(binary):
    """330 half requests at a host of 300 files"""
    outcome = Outcome()
    halves = {
        "half heads": "GET / HTTP/1.1\r\nX-A: ",
        "nothing": "",
        "half bodies": "POST /api/fn/accounts/sign-in HTTP/1.1\r\nhost: localhost\r\n"
        "content-type: application/json\r\ncontent-length: 1000\r\n\r\n{",
    }
    with Host(binary, files=300) as host:
        for name, half in halves.items():
            begun = time.monotonic()
            sockets = [connect(host, half) for _ in range(330)]
            answered = 0
            while answered < 10 and host.is_healthy():
                answered += 1
            seconds = time.monotonic() - begun
            outcome.hold(answered == 10, f"{name}: {answered} of 10 answered in {seconds:.1f} s")
            for one in sockets:
                one.close()
    return outcome


def slow_heads(binary):
    """A head that never ends, a letter a second"""
    outcome = Outcome()
    with Host(binary) as host:
        one = connect(host, "GET / HTTP/1.1\r\nX-A: ")
        one.settimeout(1)
        begun = time.monotonic()
        while time.monotonic() - begun < 30:
            try:
                one.sendall(b"a")
                if one.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        seconds = time.monotonic() - begun
        outcome.hold(seconds < 20, f"closed after {seconds:.1f} s (at most 10 and a little)")
        one.close()
    return outcome


def slow_bodies(binary):
    """A body of 1,000 bytes, one a second"""
    outcome = Outcome()
    head = (
        "POST /api/fn/accounts/sign-in HTTP/1.1\r\nhost: localhost\r\n"
        "content-type: application/json\r\ncontent-length: 1000\r\n\r\n"
    )
    with Host(binary) as host:
        one = connect(host, head)
        one.settimeout(1)
        begun = time.monotonic()
        said = b""
        while time.monotonic() - begun < 60 and not said:
            try:
                one.sendall(b" ")
                said = one.recv(12) or b"closed"
            except TimeoutError:
                continue
            except OSError:
                said = b"closed"
        seconds = time.monotonic() - begun
        outcome.hold(seconds < 45, f"{said.decode()!r} after {seconds:.1f} s (at most 30 and a little)")
        one.close()
    return outcome


def streams(binary):
    """1,100 streams of progress of one token, at a host of 1,024 files"""
    outcome = Outcome()
    with Provider("Kipu.", pause=30) as provider:
        with Host(binary, files=1024, **provider.environment()) as host:
            project = host.project("Watch", ["openai"], 2)
            run = host.start(project)
            request = (
                f"GET /api/runs/{run}/events HTTP/1.1\r\nhost: localhost\r\n"
                f"authorization: Bearer {host.token}\r\n\r\n"
            )
            sockets, answered = [], 0
            for number in range(1100):
                sockets.append(connect(host, request))
                if number % 110 == 0:
                    answered += host.is_healthy()
            outcome.hold(answered == 10, f"{answered} of 10 answered meanwhile")
            outcome.hold(host.is_healthy(), "healthy afterwards")
            outcome.hold(*_watched(sockets))
            for one in sockets:
                one.close()
    return outcome


def _watched(sockets):
    watched = 0
    for one in sockets:
        one.settimeout(PATIENCE)
        try:
            watched += one.recv(12) == b"HTTP/1.1 200"
        except OSError:
            continue
    return 1 <= watched <= 10, f"{watched} streams of one user (at most 10)"
