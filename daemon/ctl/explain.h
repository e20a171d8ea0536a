/* daemon/ctl/explain.h - twinctl explain: what is asked, and how it is said. */
#ifndef TWINDHCP_DAEMON_CTL_EXPLAIN_H
#define TWINDHCP_DAEMON_CTL_EXPLAIN_H

#include <jansson.h>
#include <stdio.h>

#include "daemon/ctl/ctl.h"
#include "daemon/explain/build.h"

/* Texts are borrowed from the command line; NULL: not given. */
struct explain_options {
    /* which packet: one of these, else `parts` */
    const char *pcap, *hex; /* `hex` may be "@FILE" */
    uint64_t packet;        /* its number in the capture; 0: the first of a client */
    struct build_parts parts;
    /* how it arrives */
    const char *source, *destination, *local, *interface;
    /* without a daemon */
    const char *config, *node;
};

/* Does the command line say `explain`?  Its options are another set than those of the rest. */
bool explain_is_meant(int count, char *const *arguments);

/* Read it, as ctl_arguments_parse() does.  `*help`: only --help was asked for. */
bool explain_arguments_parse(int count, char **arguments, struct ctl_options *options,
                             struct explain_options *explain, bool *help, char *error,
                             size_t error_size);

extern const char explain_help[];

/* The question that the options ask; false with a text for a person. */
bool explain_question(const struct explain_options *explain, struct question *out, char *error,
                      size_t error_size);

/* `answer` as of POST /v1/explain, for a person: the verdict first. */
void explain_print(const json_t *answer, FILE *out);

enum ctl_exit ctl_explain(const struct ctl_options *options);

#endif
