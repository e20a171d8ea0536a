/* tests/bench/load: DHCP clients by the thousand, and what they saw. */
#include <stdlib.h>

#include "tests/bench/load/report.h"

int main(int argc, char **argv)
{
    struct options options;
    struct result *results;
    bool good = true;

    options_parse(&options, argc, argv);
    results = calloc(options.step_count, sizeof *results);
    ASSERT(results != NULL);
    run(&options, results);
    for (size_t i = 0; i < options.step_count; i++) {
        if (options.step_count > 1 && !options.json)
            printf("%swindow %u\n", i > 0 ? "\n" : "", options.windows[i]);
        if (options.json)
            report_json(&results[i], stdout);
        else
            report_text(&results[i], stdout);
        good &= stats_wrong(&results[i].stats) == 0 && results[i].overflows == 0;
    }
    free(results);
    return good ? 0 : 1;
}
