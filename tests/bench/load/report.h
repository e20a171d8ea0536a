/* tests/bench/load/report.h - what a run showed, for people and for programs. */
#ifndef TWINDHCP_BENCH_REPORT_H
#define TWINDHCP_BENCH_REPORT_H

#include <stdio.h>

#include "tests/bench/load/run.h"

void report_text(const struct result *result, FILE *out);

/* One JSON object; times in ms where the name does not say otherwise. */
void report_json(const struct result *result, FILE *out);

#endif
