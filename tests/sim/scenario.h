/* tests/sim/scenario.h - how a run is written down. */
#ifndef TWINDHCP_SIM_SCENARIO_H
#define TWINDHCP_SIM_SCENARIO_H

#include "tests/sim/batch.h"

#define SECONDS(n) ((n)*INT64_C(1000))

/* scenario_stream.c, scenario_pair.c: failures that earlier designs had (ha/README.md).
 * scenario_field.c: what an operator meets.  scenario_probe.c: strangers on the network.
 * scenario_names.c: names in the DNS.  Each ends with one without a name. */
extern const struct scenario scenarios_stream[], scenarios_pair[], scenarios_field[],
    scenarios_probe[], scenarios_names[];

void scenario_add(struct plan *plan, int64_t at, enum fault_kind kind, enum role role,
                  int64_t duration, int64_t param);

#endif
