"""A row of racks boots at once."""

import math

CLIENTS = 20_000
PATIENCE = 60  # s, until what is not bound counts as never


def storm(bench, product):
    """So many new clients within a second: until the last has its lease."""
    if product.most_leases < CLIENTS:
        return {}
    product.start_empty()
    report = product.load.run("--burst", CLIENTS, "--drain", PATIENCE)
    bench.tell(f"{product.name}: boot storm: {report['done']} of {CLIENTS} bound after "
               f"{report['until_last_s']:.2f} s, {report['resent']} messages sent again")
    bound = report["done"] == CLIENTS
    return {"storm_s": report["until_last_s"] if bound else math.inf,
            "storm_bound": report["done"]}
