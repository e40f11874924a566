"""Attacks by what is said: answers, passwords, lists, bodies, files."""

# Counterparts among the tests: guessers.rs, hostile_lists.rs, long_answers.rs in server/tests/processes.

import json
import socket
import time

from host import ADMIN, MIB, REST, Host
from measure import Onlooker, Outcome, at_most_doubles, at_once, from_elsewhere, p95, waits
from provider import Provider

# Bytes of growth that count as none: "memory returns to within 100 MB".
MOST_GROWTH = 100 * MIB


def growth(outcome, before, after, most=MOST_GROWTH):
    """Memory that is not given back."""
    grown = after - before
    outcome.hold(
        grown < most,
        f"memory {before / MIB:.0f} to {after / MIB:.0f} MiB (at most {most / MIB:.0f} more)",
    )


def counted(statuses):
    """How often each status came."""
    return ", ".join(f"{statuses.count(one)} x {one}" for one in sorted(set(statuses)))


def long_host_names(binary):
    """Five answers with a host name of 600 KB"""
    outcome = Outcome()
    text = "Acme. http://" + "a." * 300_000
    with Provider(text) as provider, Host(binary, **provider.environment()) as host:
        theirs = lambda: host.ask("GET", REST + "/projects", None, host.other_token)[0]
        quiet = p95(waits(theirs, 20))
        project = host.project("Watch", ["openai"], 5)
        with Onlooker(theirs, 1.0) as onlooker:
            run = host.start(project)
            seconds = host.run_ends(project, run, 60)
        outcome.hold(seconds is not None, f"run of {seconds or 60:.1f} s (at most 60)")
        during = onlooker.p95()
        outcome.hold(
            at_most_doubles(quiet, during),
            f"another tenant's p95 {quiet * 1000:.0f} to {during * 1000:.0f} ms",
        )
    return outcome


def sign_ups(binary):
    """600 sign-ups at a closed door, ten at a time"""
    outcome = Outcome()
    with Host(binary) as host:
        host.is_healthy()
        before = host.memory()

        def sign_up(number):
            draft = {
                "email": f"{number}@strangers.test",
                "password": "correct horse battery 9",
                "invitation": None,
            }
            return host.call("accounts/sign-up", {"draft": draft})[0]

        statuses = at_once(sign_up, range(600), 10)
        outcome.note(counted(statuses))
        outcome.hold(200 not in statuses and 0 not in statuses, "nobody got in, all were answered")
        growth(outcome, before, host.settled_memory())
    return outcome


def guesses(binary):
    """200 guesses of one password at once"""
    outcome = Outcome()
    with Host(binary) as host:

        def guess(number):
            draft = {"email": ADMIN, "password": f"guess {number} of many words"}
            return host.call("accounts/sign-in", {"draft": draft}, timeout=60)[0]

        statuses = at_once(guess, range(200), 200)
        outcome.note(counted(statuses))
        checked = statuses.count(401)
        outcome.hold(checked <= 10, f"{checked} were checked (at most 10)")
        outcome.hold(200 not in statuses, "none was right")
        outcome.hold(host.is_healthy(), "healthy afterwards")
    return outcome


def lists(binary):
    """50 requests with lists of 120,000 models"""
    outcome = Outcome()
    with Host(binary) as host:
        project = host.project("Watch", ["simulator"], 1)
        host.call("projects/list", {}, host.token)
        before = host.memory()
        statuses = []
        for number in range(50):
            query = {
                "project_id": project,
                "from": "2026-01-01",
                "to": "2026-02-01",
                "model_ids": list(range(number * 120_000, (number + 1) * 120_000)),
            }
            call = ("dashboard/get", "sources/list", "dashboard/prompt-map")[number % 3]
            statuses.append(host.call(call, {"query": query}, host.token)[0])
        outcome.note(counted(statuses))
        outcome.hold(all(400 <= one < 500 for one in statuses), "all were refused")
        growth(outcome, before, host.settled_memory(), 50 * MIB)
    return outcome


def bodies(binary):
    """12 bodies of 31 MiB from nobody, kept open"""
    outcome = Outcome()
    with Host(binary) as host:
        host.is_healthy()
        before = host.memory()
        length = 31 * MIB
        head = (
            f"POST /api/fn/x/queries/csv HTTP/1.1\r\nhost: localhost\r\n"
            f"content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        )
        sockets, taken = [], 0
        for _ in range(12):
            one = socket.create_connection(host.address(), 10)
            one.settimeout(1)
            sockets.append(one)
            try:
                one.sendall(head.encode())
                for _ in range(length // MIB - 1):
                    one.sendall(b"x" * MIB)
                    taken += MIB
            except OSError:
                # It is not listened to any more: so much the better.
                pass
        outcome.note(f"{taken / MIB:.0f} MiB of {12 * 31} were taken")
        growth(outcome, before, host.memory(), 64 * MIB)
        outcome.hold(host.is_healthy(), "healthy meanwhile")
        for one in sockets:
            one.close()
    return outcome


def exports(binary):
    """Five files of 60 answers of 1.9 MB, which nobody reads"""
    outcome = Outcome()
    text = "Acme and Kipu are fine. " * 80_000
    with Provider(text) as provider, Host(binary, **provider.environment()) as host:
        project = host.project("Watch", ["openai"], 60)
        run = host.start(project)
        seconds = host.run_ends(project, run, 180)
        outcome.hold(seconds is not None, f"run of {seconds or 180:.1f} s")
        before = host.settled_memory()
        request = (
            f"GET {REST}/projects/{project}/export/answers?format=jsonl HTTP/1.1\r\n"
            f"host: localhost\r\nauthorization: Bearer {host.token}\r\n\r\n"
        )
        readers, most = [], 0
        for _ in range(5):
            one = socket.create_connection(host.address(), 10)
            one.sendall(request.encode())
            readers.append(one)
        for _ in range(20):
            time.sleep(0.25)
            most = max(most, host.memory())
        growth(outcome, before, most)
        for one in readers:
            one.close()
        whole = host.rest("GET", f"/projects/{project}/results?limit=60")
        outcome.note(f"results?limit=60: {len(json.dumps(whole)) / MIB:.0f} MiB")
        growth(outcome, before, host.settled_memory(), 2 * MOST_GROWTH)
    return outcome


def neighbours(binary):
    """300 requests of one tenant at once, again and again, beside another"""
    outcome = Outcome()
    with Host(binary) as host:
        project = host.project("Watch", ["simulator"], 20)
        host.run_ends(project, host.start(project), 60)
        theirs = lambda: host.ask("GET", REST + "/projects", None, host.other_token)[0]
        quiet = p95(waits(theirs, 50))
        ours = f"{REST}/projects/{project}/results?limit=20"
        with Onlooker(theirs) as onlooker:
            attack = lambda: at_once(
                lambda _: host.ask("GET", ours, None, host.token, 60)[0], range(1500), 300
            )
            statuses = from_elsewhere(attack)
        outcome.note(counted(statuses))
        during = onlooker.p95()
        outcome.hold(
            at_most_doubles(quiet, during),
            f"another tenant's p95 {quiet * 1000:.0f} to {during * 1000:.0f} ms",
        )
    return outcome
