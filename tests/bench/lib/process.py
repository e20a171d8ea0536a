"""A server under test: started, looked at and ended by its own pid."""

import os
import pathlib
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Ended(Exception):
    """A server ended that should have run on."""


def wait_until(true, seconds, step=0.05):
    """Whether `true()` came to hold within so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


class Process:
    """`command` in a machine of the network; its output goes to the file `log`."""

    def __init__(self, network, machine, command, log, environment):
        self.log = pathlib.Path(log)
        self.started_at = time.time()
        with open(log, "ab") as output:
            self._popen = subprocess.Popen(
                [*network.inside(machine), *map(str, command)], stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **environment})

    def check(self):
        if self._popen.poll() is not None:
            raise Ended(f"{' '.join(self._popen.args)} ended with {self._popen.returncode}; the "
                        f"end of its output:\n{self.tail()}")

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def family(self):
        """The pids of the server and of what it started, if anything."""
        found = [self._popen.pid]
        for pid in found:
            for thread in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, thread.read_text().split())
        return found

    def cpu_seconds(self):
        """User and kernel time of all threads so far, and of children."""
        self.check()
        ticks = 0
        for pid in self.family():
            # Past the name, which stands in brackets: utime, stime, cutime and cstime.
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        return ticks / TICKS

    def resident_bytes(self):
        self.check()
        return PAGE * sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
                          for pid in self.family())

    def kill(self):
        self._popen.kill()
        self._popen.wait()

    def end(self, seconds=60):
        """In order; with force where that takes too long."""
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
