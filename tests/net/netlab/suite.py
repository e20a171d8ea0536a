"""What a test case is, and how it is run: in fresh namespaces and a directory of its own."""

import contextlib
import dataclasses
import pathlib
import shutil
import subprocess
import tempfile
import time
import traceback

from .namespace import ROOT, Network

CASES = {}  # name -> (function, tags)


class Failed(Exception):
    """The thing under test did not do what the case says."""


def case(*tags):
    """Mark a function of cases/ as a test case; it is called with a Case."""
    def register(function):
        name = function.__name__
        if name in CASES:
            raise ValueError(f"two cases named {name}")
        CASES[name] = (function, tags)
        return function
    return register


def check(condition, text):
    if not condition:
        raise Failed(text)


def check_equal(found, expected, what):
    if found != expected:
        raise Failed(f"{what}: {found!r} instead of {expected!r}")


def wait_until(condition, timeout, what, interval=0.1):
    """Wait until `condition()` is True; what it returned last is told when it never is.

    Returns the seconds that it took."""
    start = time.monotonic()
    while True:
        value = condition()
        waited = time.monotonic() - start
        if value is True:
            return waited
        if waited > timeout:
            raise Failed(f"waited {timeout} s for {what}; last seen: {value!r}")
        time.sleep(interval)


class Case:
    """One run of one case.  What it starts is ended with it."""

    def __init__(self, prefix, build, rounds=None):
        self.twindhcpd = build / "daemon" / "twindhcpd"
        self.twinctl = build / "daemon" / "ctl" / "twinctl"
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"{prefix}-"))
        self.rounds = rounds  # of a case that has rounds, when not its own number
        self.notes = []  # lines for a person: what was measured
        self.rows = []   # of the table at the end of all cases: a dict each
        self._daemons = []
        self._stack = contextlib.ExitStack()
        self.network = Network(prefix)

    def note(self, text):
        self.notes.append(text)

    def on_end(self, function, *arguments):
        self._stack.callback(function, *arguments)

    def daemon(self, machine, config, node):
        from .pair import Daemon  # pair.py needs this module
        daemon = Daemon(self, machine, config, node)
        self._daemons.append(daemon)
        return daemon

    def run(self, *command, **options):
        """A command that has to succeed."""
        return subprocess.run([str(word) for word in command], check=True, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, **options)

    def end(self):
        """End everything; the first complaint of a daemon is raised at the end."""
        complaint = None
        try:
            self._stack.close()
        except Exception as problem:  # the network has to go whatever happens
            complaint = problem
        for daemon in self._daemons:
            try:
                daemon.end()
            except Exception as problem:
                complaint = complaint or problem
        self.network.remove()
        if complaint:
            raise complaint


@dataclasses.dataclass
class Outcome:
    """Of one case: why it failed, or None; what it noted and measured; where its logs are."""
    failure: str | None
    seconds: float
    notes: list
    rows: list
    logs: pathlib.Path | None


def run_case(name, prefix, build, rounds=None):
    function, _ = CASES[name]
    start = time.monotonic()
    failure, run = None, None
    try:
        run = Case(prefix, build, rounds)
        function(run)
    except Failed as problem:
        failure = str(problem)
    except subprocess.CalledProcessError as problem:
        failure = f"{problem.cmd}: {(problem.stderr or '').strip()[-300:]}"
    except Exception as problem:
        failure = f"{type(problem).__name__}: {problem}\n{traceback.format_exc()}"
    finally:
        if run is not None:
            try:
                run.end()
            except Exception as problem:
                failure = failure or f"at the end: {problem}"
        else:
            subprocess.run([ROOT / "deploy" / "lab.sh", "down", prefix], check=False)
    if run is None:
        return Outcome(failure, time.monotonic() - start, [], [], None)
    if failure is None:
        shutil.rmtree(run.directory)
    return Outcome(failure, time.monotonic() - start, run.notes, run.rows,
                   run.directory if failure else None)
