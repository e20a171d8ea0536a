/* daemon/ctl/value.c - see value.h */
#include "daemon/ctl/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S 86400u

const json_t *value_at(const json_t *object, const char *path)
{
    char key[64];

    while (object != NULL) {
        const size_t length = strcspn(path, ".");
        snprintf(key, sizeof(key), "%.*s", (int)length, path);
        object = json_object_get(object, key);
        if (path[length] == '\0')
            break;
        path += length + 1;
    }
    return object;
}

const char *value_text(const json_t *object, const char *path)
{
    return json_string_value(value_at(object, path));
}

int64_t value_int(const json_t *object, const char *path)
{
    return json_integer_value(value_at(object, path));
}

bool value_bool(const json_t *object, const char *path)
{
    return json_is_true(value_at(object, path));
}

bool value_is_set(const json_t *object, const char *path)
{
    const json_t *value = value_at(object, path);

    return value != NULL && !json_is_null(value);
}

char *time_in_words(const char *iso, char out[static TIME_TEXT_SIZE])
{
    if (iso == NULL)
        snprintf(out, TIME_TEXT_SIZE, "-");
    else if (strlen(iso) == 20 && iso[10] == 'T' && iso[19] == 'Z')
        snprintf(out, TIME_TEXT_SIZE, "%.10s %.8s UTC", iso, iso + 11);
    else
        snprintf(out, TIME_TEXT_SIZE, "%.38s", iso);
    return out;
}

char *duration_in_words(int64_t seconds, char out[static DURATION_TEXT_SIZE])
{
    if (seconds < 60)
        snprintf(out, DURATION_TEXT_SIZE, "%" PRId64 "s", seconds);
    else if (seconds < 3600)
        snprintf(out, DURATION_TEXT_SIZE, "%" PRId64 "m %" PRId64 "s", seconds / 60,
                 seconds % 60);
    else if (seconds < DAY_S)
        snprintf(out, DURATION_TEXT_SIZE, "%" PRId64 "h %" PRId64 "m", seconds / 3600,
                 seconds % 3600 / 60);
    else
        snprintf(out, DURATION_TEXT_SIZE, "%" PRId64 "d %" PRId64 "h", seconds / DAY_S,
                 seconds % DAY_S / 3600);
    return out;
}

bool seconds_parse(const char *text, unsigned *seconds)
{
    const size_t digits = strspn(text, "0123456789");
    unsigned long unit;

    if (digits < 1 || digits > 6)
        return false;
    if (text[digits] == '\0' || strcmp(text + digits, "s") == 0)
        unit = 1;
    else if (strcmp(text + digits, "m") == 0)
        unit = 60;
    else if (strcmp(text + digits, "h") == 0)
        unit = 3600;
    else if (strcmp(text + digits, "d") == 0)
        unit = DAY_S;
    else
        return false;
    const unsigned long value = strtoul(text, NULL, 10) * unit;
    if (value > DAY_S)
        return false;
    *seconds = (unsigned)value;
    return true;
}
