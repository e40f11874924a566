"""Figures: how long people wait, and what may come of an attack."""

import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor

# A wait that nobody feels; below it a ratio says more about this machine than about the host.
UNFELT = 0.1


def p95(waits):
    """The wait that 95 of 100 do not exceed."""
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def waits(ask, count, pause=0.02):
    """Seconds that each of some requests takes, one after the other. All have to succeed."""
    taken = []
    for _ in range(count):
        begun = time.monotonic()
        status = ask()
        taken.append(time.monotonic() - begun if status == 200 else float("inf"))
        time.sleep(pause)
    return taken


class Onlooker:
    """Somebody who asks now and then while something else goes on. A context manager. In a process
    of its own: hundreds of threads of the attacker would take turns with it here."""

    def __init__(self, ask, pause=0.05):
        self.waits = []
        fork = multiprocessing.get_context("fork")
        self.told, telling = fork.Pipe(duplex=False)
        self.is_over = fork.Event()
        self.process = fork.Process(target=self._look, args=(ask, pause, telling), daemon=True)

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.waits = self.told.recv()
        self.process.join()

    def _look(self, ask, pause, telling):
        seen = []
        while not self.is_over.is_set():
            seen += waits(ask, 1, pause)
        telling.send(seen)

    def p95(self):
        """Of what was seen."""
        return p95(self.waits) if self.waits else float("inf")


def at_once(ask, jobs, width):
    """What comes of some requests, so many of them at the same time."""
    with ThreadPoolExecutor(width) as pool:
        return list(pool.map(ask, jobs))


def from_elsewhere(attack):
    """The same as `attack`, from a process that takes what processor time the host and others
    leave: attackers have machines of their own, and their hundreds of threads are not the host's.
    What it returns comes back."""
    fork = multiprocessing.get_context("fork")
    told, telling = fork.Pipe(duplex=False)

    def work():
        os.nice(19)
        telling.send(attack())

    process = fork.Process(target=work, daemon=True)
    process.start()
    came = told.recv()
    process.join()
    return came


def at_most_doubles(before, while_it_lasts):
    """Whether a wait is at most doubled, or is not felt."""
    return while_it_lasts <= max(2 * before, UNFELT)


class Outcome:
    """What came of an attack: its figures, and whether a bound was missed."""

    def __init__(self):
        self.lines, self.missed = [], False

    def note(self, text):
        """Something worth knowing without a bound."""
        self.lines.append(f"figure  {text}")

    def hold(self, is_held, text):
        """Something that has to be so."""
        self.lines.append(f"{'held' if is_held else 'MISSED':8}{text}")
        self.missed |= not is_held
