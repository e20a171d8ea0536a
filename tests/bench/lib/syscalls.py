"""How many system calls the servers under test make: counted in the kernel (`perf stat`), which
slows them by a fraction of what a tracer that stops them would."""

from .load import Invalid


class SyscallCounter:
    """Of all threads of a product's processes, while what stands behind `runs` runs."""

    def __init__(self, product):
        pids = [pid for process in product.processes.values() for pid in process.family()]
        self._output = product.directory / "perf.csv"
        self._output.unlink(missing_ok=True)
        self.runs = ["perf", "stat", "-x", ",", "-o", self._output,
                     "-e", "raw_syscalls:sys_enter", "-p", ",".join(map(str, pids)), "--"]

    def total(self):
        lines = self._output.read_text().splitlines() if self._output.exists() else []
        for line in lines:
            count, *fields = line.split(",")
            if "raw_syscalls:sys_enter" in fields and count.isdigit():
                return int(count)
        raise Invalid("perf counted no system calls: " + " ".join(lines))
