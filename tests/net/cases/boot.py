"""Machines that boot over the network: real firmware, in QEMU."""

import http.server
import os
import pathlib
import shutil
import subprocess
import threading

from netlab.client import mac_of
from netlab.namespace import command_inside, inside
from netlab.pair import Pair
from netlab.suite import case, check, check_equal, wait_until

BOOT_ADDRESS, BOOT_PORT = "10.77.0.9", 8080
BOOT_URL = f"http://{BOOT_ADDRESS}:{BOOT_PORT}"
FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"
LOADER = "/usr/lib/ipxe/snponly.efi"
CLASSES = f"""
classes:
  - name: loaded
    match: {{user-class: iPXE}}
    next-server: {BOOT_ADDRESS}
    boot-file-name: "{BOOT_URL}/boot.ipxe"
  - name: uefi-http
    match: {{vendor-class-identifier: "HTTPClient*", client-system: [15, 16]}}
    options: {{boot-file-name: "{BOOT_URL}/loader.efi", vendor-class-identifier: HTTPClient}}
"""
# The firmware says what it was told, by asking for it.
TOLD = "${net0/ip}/${net0/netmask}/${net0/gateway}/${net0/dns}/${net0/domain}"
SCRIPT = f"#!ipxe\nimgfetch {BOOT_URL}/booted/{TOLD} ||\npoweroff\n".encode()


class BootServer:
    """An HTTP server on the LAN; `asked` is what was asked for."""

    def __init__(self, case_):
        self.asked = []
        asked = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.answer(True)

            def do_HEAD(self):
                self.answer(False)

            def answer(self, whole):
                body = b"well\n"
                if self.path == "/boot.ipxe":
                    body = SCRIPT
                elif self.path == "/loader.efi":
                    body = pathlib.Path(LOADER).read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if whole:
                    self.wfile.write(body)

            def log_message(self, *_):
                """Nothing: what was asked for is noted."""

        with inside(case_.network.machine("boot", "lan", f"{BOOT_ADDRESS}/16")):
            self.server = http.server.ThreadingHTTPServer((BOOT_ADDRESS, BOOT_PORT), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        case_.on_end(self.server.shutdown)


class Metal:
    """A machine without a disk: SeaBIOS and the iPXE of its network card, or UEFI."""

    def __init__(self, case_, name, uefi=False):
        self.network, self.name, self.process = case_.network, name, None
        self.mac = mac_of(f"{case_.network.prefix}-{name}").hex(":")
        self.namespace = case_.network.machine(name)
        self.log = case_.directory / f"{name}.log"
        self.firmware, rom = [], ""
        case_.on_end(self.off)
        if uefi:
            variables = case_.directory / f"{name}.fd"
            shutil.copyfile(FIRMWARE[1], variables)
            self.firmware = ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE[0]}",
                             "-drive", f"if=pflash,format=raw,file={variables}"]
            for version in (4, 6):  # HTTP at once
                self.firmware += ["-fw_cfg",
                                  f"name=opt/org.tianocore/IPv{version}PXESupport,string=n"]
            rom = ",romfile="
        self.card = f"virtio-net-pci,netdev=lan,mac={self.mac}{rom}"
        for words in ("link add br0 type bridge", "link set br0 up", "tuntap add tap0 mode tap",
                      "link set tap0 master br0", "link set tap0 up", "link set eth0 master br0"):
            self.network.ip(name, *words.split())

    def on(self):
        command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "256", "-display", "none",
                   "-monitor", "none", "-serial", "stdio", "-no-reboot", "-boot", "n",
                   *self.firmware, "-netdev", "tap,id=lan,ifname=tap0,script=no,downscript=no",
                   "-device", self.card]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command_inside(self.namespace, *command),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def off(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def can_run(case_):
    """A container without TUN has no port to plug the machine into."""
    if os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return True
    case_.note("not run: /dev/net/tun is not there")
    return False


@case("boot")
def a_machine_boots_over_the_network(case_):
    """iPXE in QEMU gets address and boot file of its class, loads it, and says what it knows; the
    same after its server has died."""
    if not can_run(case_):
        return
    pair = Pair(case_, extra=CLASSES).start()
    boot = BootServer(case_)
    metal = Metal(case_, "metal")
    metal.on()
    wait_until(lambda: len(boot.asked) >= 2, 120, "the machine to load its boot file")
    check_equal(boot.asked[0], "/boot.ipxe", "the boot file asked for")
    told = boot.asked[1].split("/")[2:]
    check_equal(told[1:], ["255.255.0.0", "10.77.0.1", "10.77.0.53", "lab.example"],
                "what the firmware was told")
    pair.wait_equal()
    lease = pair.a.lease(told[0])
    check(lease is not None and lease["state"] == "ACTIVE", f"lease of {told[0]}: {lease}")
    metal.off()
    (pair.a if lease["owner"] == "primary" else pair.b).kill()
    del boot.asked[:]
    metal.on()
    wait_until(lambda: len(boot.asked) >= 2, 120, "the machine to boot again")
    check_equal(boot.asked[1].split("/")[2], told[0], "address after its server has died")


@case("boot")
def uefi_boots_over_http(case_):
    """UEFI firmware says HTTPClient and gets the URL of its class; what it loads from there is
    iPXE, which is another class and gets its script."""
    if not can_run(case_):
        return
    Pair(case_, extra=CLASSES).start()
    boot = BootServer(case_)
    metal = Metal(case_, "metal", uefi=True)
    metal.on()
    wait_until(lambda: len(boot.asked) >= 3, 300, "the firmware to load its loader and script")
    check_equal(boot.asked[0], "/loader.efi", "what the firmware loads")
    check("/boot.ipxe" in boot.asked, f"the loader did not load its script: {boot.asked}")
