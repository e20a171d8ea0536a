"""What the figures were measured on and with."""

import os
import pathlib
import re
import subprocess

PACKAGES = ("kea-dhcp4-server", "isc-dhcp-server", "dnsmasq-base")


def _output(*command):
    answer = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return answer.stdout.strip()


def _processor():
    found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return found.group(1) if found else os.uname().machine


def _file_system(directory):
    return _output("findmnt", "-n", "-o", "FSTYPE", "-T", directory)


def describe(bench):
    root = pathlib.Path(__file__).resolve().parents[3]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "machine": f"{os.cpu_count()} x {_processor()}, {memory:.0f} GiB, Linux "
                   f"{os.uname().release}, stores on {_file_system(bench.work)}",
        "load before": _output("cat", "/proc/loadavg"),
        "twindhcp": f"{_output(bench.build / 'daemon/twindhcpd', '--version')}, "
                    f"{_output('git', '-C', root, 'describe', '--always', '--dirty')}",
        **{package: _output("dpkg-query", "-W", "-f", "${Version}", package)
           for package in PACKAGES},
    }
