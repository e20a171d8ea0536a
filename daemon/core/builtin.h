/* daemon/core/builtin.h - the classes that are always there. */
#ifndef TWINDHCP_DAEMON_CORE_BUILTIN_H
#define TWINDHCP_DAEMON_CORE_BUILTIN_H

#include "daemon/core/facts.h"

bool builtin_holds(enum config_builtin builtin, const struct facts *facts);

#endif
