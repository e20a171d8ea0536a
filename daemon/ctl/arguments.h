/* daemon/ctl/arguments.h - the command line. */
#ifndef TWINDHCP_DAEMON_CTL_ARGUMENTS_H
#define TWINDHCP_DAEMON_CTL_ARGUMENTS_H

#include "daemon/ctl/explain.h"

typedef enum ctl_exit ctl_command(const struct ctl_options *options);

struct ctl_call {
    ctl_command *command; /* NULL: only --help or --version was asked for */
    bool help, version;
    const char *help_text;
    struct ctl_options options;
    struct explain_options explain; /* options.explain, when the command is that */
};

/* Read the command line; options may stand before or behind the command.  `environment_socket`
 * is $TWINCTL_SOCKET or NULL.  Texts are borrowed from `arguments`, which is reordered, and a
 * state is put in upper case there.  False with one line in `error`. */
bool ctl_arguments_parse(int count, char **arguments, const char *environment_socket,
                         struct ctl_call *call, char *error, size_t error_size);

#endif
