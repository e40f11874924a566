"""Runs the attacks one after the other, each against a fresh host, and prints their figures.

usage: faults BINARY [--list] [NAME...]
"""

import signal
import sys
import time

import connections
import texts

ATTACKS = [
    texts.long_host_names,
    texts.sign_ups,
    texts.guesses,
    texts.lists,
    texts.bodies,
    texts.exports,
    texts.neighbours,
    connections.half_requests,
    connections.slow_heads,
    connections.slow_bodies,
    connections.streams,
]


def main(binary, *names):
    """Exit code: 0, or 1 where a bound was missed."""
    if "--list" in names:
        for attack in ATTACKS:
            print(f"{attack.__name__:18}{attack.__doc__}")
        return 0
    chosen = [
        attack
        for attack in ATTACKS
        if not names or any(attack.__name__.startswith(name) for name in names)
    ]
    if not chosen:
        print(f"no attack is called like that: {', '.join(names)}; --list tells", file=sys.stderr)
        return 2
    failed = [attack.__name__ for attack in chosen if not is_held(attack, binary)]
    print(f"{len(chosen) - len(failed)} of {len(chosen)} attacks held")
    if failed:
        print(f"missed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def is_held(attack, binary):
    """Carries one out, prints what came of it; whether all bounds held."""
    begun = time.monotonic()
    print(f"{attack.__doc__} ({attack.__name__})", flush=True)
    try:
        outcome = attack(binary)
    except Exception as error:  # The next attack has a host of its own.
        print(f"  FAILED  {error}", flush=True)
        return False
    for line in outcome.lines:
        print(f"  {line}")
    print(f"  took    {time.monotonic() - begun:.0f} s", flush=True)
    return not outcome.missed


if __name__ == "__main__":
    # So that hosts end with this, however it ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
