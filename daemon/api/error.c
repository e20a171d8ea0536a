/* daemon/api/error.c - see query.h */
#include "daemon/api/query.h"

#include <stdarg.h>
#include <stdio.h>

bool api_error_set(struct api_error *error, unsigned status, const char *hint,
                   const char *format, ...)
{
    va_list arguments;

    error->status = status;
    error->allow = NULL;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    snprintf(error->hint, sizeof(error->hint), "%s", hint);
    return false;
}
