"""A share of a processor for servers under test: a slow machine that the generator can overload."""

import os
import pathlib

V1 = pathlib.Path("/sys/fs/cgroup/cpu")
V2 = pathlib.Path("/sys/fs/cgroup")
PERIOD_US = 10_000


class CpuLimit:
    """A control group; to be removed when the processes in it have ended."""

    def __init__(self, name, share):
        quota = round(PERIOD_US * share)
        if (V2 / "cgroup.controllers").exists():
            self._group = V2 / name
            self._group.mkdir()
            self._write("cpu.max", f"{quota} {PERIOD_US}")
        else:
            self._group = V1 / name
            self._group.mkdir()
            self._write("cpu.cfs_period_us", PERIOD_US)
            self._write("cpu.cfs_quota_us", quota)

    def _write(self, file, value):
        (self._group / file).write_text(str(value))

    def hold(self, pids):
        for pid in pids:
            self._write("cgroup.procs", pid)

    def remove(self):
        os.rmdir(self._group)
