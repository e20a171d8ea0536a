/* tests/bench/load: DHCP clients by the thousand, and what they saw. */
#include <stdlib.h>

#include "tests/bench/load/report.h"

int main(int argc, char **argv)
{
    struct result *result = malloc(sizeof *result);
    struct options options;

    ASSERT(result != NULL);
    options_parse(&options, argc, argv);
    run(&options, result);
    if (options.json)
        report_json(result, stdout);
    else
        report_text(result, stdout);
    return stats_wrong(&result->stats) > 0 || result->overflows > 0;
}
