/* tests/everything.h - a configuration with one of everything that a packet can come by, for
 * tests of what holds whatever is configured: it follows `pair:` or `server:`.
 *
 * unit/config/test_everything.c fails when the schema has a key that is not in it. */
#ifndef TESTS_EVERYTHING_H
#define TESTS_EVERYTHING_H

/* clang-format off */
#define EVERYTHING_OF_THE_FILE \
    "option-definitions:\n" \
    "  - {name: rack-id, code: 230, type: u32}\n" \
    "  - {name: tuning, code: 231, type: record, fields: [ip, u16, string]}\n" \
    "  - {name: rack-ids, code: 232, type: u32, array: true}\n" \
    "  - {name: phone-server, space: acme, code: 1, type: ip}\n" \
    "  - {name: acme-stuff, code: 233, type: empty, encapsulates: acme}\n" \
    "  - {name: boot-mode, space: vendor-9, code: 3, type: u8}\n" \
    "leasequery:\n" \
    "  allow: [10.80.0.1, 192.0.2.1]\n" \
    "  bulk: {port: 67, connections: 4, idle: 60s}\n" \
    "lease-time: {default: 5m, min: 1m, max: infinite}\n" \
    "offer-hold: 20s\n" \
    "abandon-time: 2m\n" \
    "renew-time: 40%\n" \
    "rebind-time: 80%\n" \
    "renew-cache: 45%\n" \
    "warn-free: 50%\n" \
    "limits: [{per: remote-id, leases: 2}]\n" \
    "reservation-identifiers: [client-id, duid, circuit-id, remote-id, flex-id, hw-address]\n" \
    "flex-id: \"concat(substring(relay4[1].hex, 0, 1), substring(option[60].hex, -1, 1))\"\n" \
    "next-server: 10.0.0.5\n" \
    "server-name: boot1\n" \
    "options: {domain-name: file.net, domain-name-servers: [10.0.0.53],\n" \
    "  domain-search: [a.example, b.example], v6-only-preferred: 300, auto-config: 0,\n" \
    "  rack-id: 7, tuning: [10.0.0.1, 8, fast], rack-ids: [1, 2],\n" \
    "  acme-stuff: {phone-server: 10.0.0.9}, ipxe-encap-opts: {priority: 5},\n" \
    "  vendor-encapsulated-options: {pxe.discovery-control: 3},\n" \
    "  vivco-suboptions: {9: docsis3.0}, vivso-suboptions: {9: {boot-mode: 2}}}\n" \
    "always-send: [domain-search]\n" \
    "never-send: [ntp-servers]\n" \
    "names: {source: client, replace: when-absent, generated: \"x-{address}-{hw}\"}\n" \
    "ddns:\n" \
    "  keys: [{name: k1, algorithm: hmac-sha256, secret-file: /etc/twindhcp/ddns.key}]\n" \
    "  zones:\n" \
    "    - {zone: file.net, server: 10.0.0.53, port: 53, key: k1}\n" \
    "    - {zone: 10.in-addr.arpa, server: 10.0.0.53}\n" \
    "  ttl: 1h\n" \
    "  timeout: 2s\n" \
    "  conflicts: check\n" \
    "classes:\n" \
    "  - {name: http, match: {vendor-class-identifier: \"HTTPClient*\"}, boot-file-name: x,\n" \
    "     server-name: boot2, never-send: [domain-search]}\n" \
    "  - {name: ipxe, match: {user-class: iPXE}, options: {boot-file-name: y}}\n" \
    "  - name: port\n" \
    "    match: {any: [{relay.circuit-id: {prefix: e}}, {not: {packet.secs: {from: 4}}}]}\n" \
    "    always-send: [rack-id]\n" \
    "  - name: made\n" \
    "    expression: \"split(option[60].hex, '/', 2) == hexstring(pkt4.mac, '') or\n" \
    "      (known and not member('ipxe'))\"\n" \
    "    renew-time: 30%\n" \
    "    rebind-time: 70%\n" \
    "  - {name: late, additional: true, match: {class: port}, lease-time: 90s}\n" \
    "  - {name: given, additional: true, next-server: 10.0.0.6}\n" \
    "  - {name: vip, match: {option-230: {present: true}}, lease-time: {default: infinite}}\n" \
    "reservations:\n" \
    "  - {circuit-id: \"text:e7\", address: 10.77.0.10}\n" \
    "  - {flex-id: \"text:e\", address: 10.77.0.8}\n" \
    "  - {remote-id: \"text:r1\", address: 10.80.1.16, options: {rack-id: 8}}\n" \
    "  - {duid: \"00:03:00:01:02:00\", address: 10.82.0.9}\n" \
    "  - {hw-address: \"02:00:00:00:00:04\", classes: [vip], server-name: boot4,\n" \
    "     next-server: 10.0.0.4, boot-file-name: z, lease-time: 2m, renew-time: 20%,\n" \
    "     rebind-time: 60%, always-send: [rack-ids], never-send: [rack-id], add-classes: given}\n"

/* A server's own addresses, 10.77.0.2 and 10.77.0.3, are in the first subnet. */
#define EVERYTHING_OF_THE_LINKS \
    "subnets:\n" \
    "  - subnet: 10.77.0.0/24\n" \
    "    rapid-commit: true\n" \
    "    allocation: sequential\n" \
    "    limits: [{per: circuit-id, leases: 2}, {per: hw-address, leases: 1}]\n" \
    "    add-classes: late\n" \
    "    pools:\n" \
    "      - {range: 10.77.0.16-10.77.0.19, allow: [port, made]}\n" \
    "      - {range: 10.77.0.20-10.77.0.21, deny: known, exclude: 10.77.0.21}\n" \
    "      - {range: 10.77.0.24-10.77.0.27, add-classes: given, options: {root-path: /x}}\n" \
    "    reservations:\n" \
    "      - {hw-address: \"00:00:00:00:00:00\", address: 10.77.0.9, host-name: zero}\n" \
    "      - {hw-address: \"02:00:00:00:00:02\", address: 10.77.0.25}\n" \
    "      - {hw-address: \"02:00:00:00:00:03\", address: 10.77.0.11, host-name: db1}\n" \
    "      - {client-id: \"text:one\", address: 10.77.0.16}\n" \
    "  - subnet: 10.81.0.0/24\n" \
    "    interface: eth1\n" \
    "    relay: 192.0.2.1\n" \
    "    match-client-id: false\n" \
    "    echo-client-id: false\n" \
    "    authoritative: false\n" \
    "    names: {client-updates: override, suffix: file.net}\n" \
    "    pools: [{range: 10.81.0.16-10.81.0.19, deny: [http, bootp]}]\n" \
    "  - subnet: 10.82.0.0/24\n" \
    "    bootp: dynamic\n" \
    "    lease-time: {default: infinite}\n" \
    "    names: {source: none}\n" \
    "    always-send: [root-path]\n" \
    "    pools: [{range: 10.82.0.16-10.82.0.18}]\n" \
    "  - subnet: 10.83.0.0/24\n" \
    "    bootp: none\n" \
    "    require: [known]\n" \
    "    names: {client-updates: ignore, source: generated}\n" \
    "    pools: [{range: 10.83.0.16-10.83.0.18}]\n" \
    "shared-networks:\n" \
    "  - name: row\n" \
    "    relay: 10.84.0.1\n" \
    "    server-identifier: 10.80.0.2\n" \
    "    bootp: dynamic\n" \
    "    allocation: random\n" \
    "    limits: [{per: client, leases: 1}]\n" \
    "    require: [all]\n" \
    "    deny: [uefi-arm64]\n" \
    "    subnets:\n" \
    "      - subnet: 10.80.0.0/24\n" \
    "        deny: [http]\n" \
    "        pools: [{range: 10.80.0.16-10.80.0.18}]\n" \
    "        probe: {wait: 50ms, recheck: 20s}\n" \
    "      - subnet: 10.80.1.0/24\n" \
    "        pools: [{range: 10.80.1.16-10.80.1.23, require: [port]}]\n" \
    "        probe: {icmp: true, arp: true, wait: 50ms, recheck: 1s}\n"

#define EVERYTHING EVERYTHING_OF_THE_FILE EVERYTHING_OF_THE_LINKS
/* clang-format on */

#endif
