"""Starts that cannot go well: one clear message each, exit code 1, nothing left behind."""

import socket

from netlab.namespace import inside
from netlab.pair import configuration, run_to_end
from netlab.suite import case, check, check_equal, wait_until


def write(case_, name="bad.yaml", **settings):
    path = case_.directory / name
    path.write_text(configuration(case_.directory, pair=False, **settings))
    return path


def refused(case_, config, *words, machine="a", arguments=()):
    """It ends with 1 and its message holds all the words."""
    code, output = run_to_end(case_, machine, "--config", config, *arguments)
    check_equal(code, 1, f"exit code ({output.strip()[-300:]})")
    for word in words:
        check(word in output, f"{word!r} is not in the message: {output.strip()[-300:]!r}")
    check("Sanitizer" not in output, f"sanitizer report: {output[-600:]}")
    return output


@case("starts", "sanitized")
def wrong_configuration(case_):
    """Every mistake of a file in one run, each with its place; nothing is started."""
    config = write(case_, extra="lease-tme: 5m\nclasses: 7\nnext-server: nowhere\n")
    text = config.read_text().splitlines()
    lines = {key: 1 + next(i for i, line in enumerate(text) if line.startswith(key))
             for key in ("lease-tme", "classes", "next-server")}
    for arguments in ((), ("--check",)):
        output = refused(case_, config, "lease-time", arguments=arguments)
        for key, line in lines.items():
            check(f"{config}:{line}:" in output, f"nothing said of {key} in line {line}: {output}")
    good = write(case_, "good.yaml")
    code, output = run_to_end(case_, "a", "--config", good, "--check")
    check_equal((code, "correct" in output), (0, True), "--check of a good file")


@case("starts", "sanitized")
def missing_file_and_unknown_node(case_):
    refused(case_, case_.directory / "none.yaml", "none.yaml", "No such file")
    config = case_.directory / "pair.yaml"
    config.write_text(configuration(case_.directory))
    refused(case_, config, "dhcp-a", "dhcp-b", "dhcp-c", arguments=("--node", "dhcp-c"))
    code, output = run_to_end(case_, "a", "--no-such-option")
    check_equal(code, 2, f"exit code of an unknown option ({output.strip()[:200]})")


@case("starts", "sanitized")
def port_taken(case_):
    config = write(case_)
    with inside(case_.network.namespace("a")):
        other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        other.bind(("0.0.0.0", 67))
    with other:
        refused(case_, config, "67")


@case("starts", "sanitized")
def missing_interface(case_):
    refused(case_, write(case_, interfaces="[eth7]"), "eth7")


@case("starts", "sanitized")
def interface_without_address(case_):
    case_.network.attach("a", "eth2", "lan2")
    refused(case_, write(case_, interfaces="[eth2]"), "eth2")


@case("starts", "sanitized")
def store_in_use(case_):
    """A second process with the same store ends; the first is not disturbed."""
    config = write(case_, store=case_.directory / "store")
    first = case_.daemon("a", config, "alone")
    first.start()
    wait_until(first.serving, 10, "the first daemon to serve")
    second = case_.directory / "second.yaml"
    second.write_text(config.read_text().replace("alone.sock", "second.sock"))
    refused(case_, second, str(case_.directory / "store"), machine="b")
    check(first.serving(), "the first daemon does not serve any more")


@case("starts", "sanitized")
def store_not_possible(case_):
    plain = case_.directory / "plain"
    plain.write_text("a file\n")
    for store in (case_.directory / "no" / "such" / "store", plain):
        refused(case_, write(case_, store=store), str(store))
