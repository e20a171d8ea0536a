/* config/schema_reference.c - the schema table as the key reference of config/README.md. */
#include <inttypes.h>

#include "config/scalar.h"
#include "config/schema.h"

/* '|' ends a cell of a table. */
static void print_cell(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void print_limits(FILE *out, const struct schema_key *key)
{
    char low[DURATION_TEXT_SIZE], high[DURATION_TEXT_SIZE];

    switch (key->type) {
    case SCHEMA_MILLISECONDS:
    case SCHEMA_SECONDS:
        fprintf(out, "duration, %s to %s", duration_format(key->min, low),
                duration_format(key->max, high));
        break;
    case SCHEMA_NUMBER:
        fprintf(out, "number, %" PRId64 " to %" PRId64, key->min, key->max);
        break;
    case SCHEMA_TEXT:
    case SCHEMA_PATH:
        fprintf(out, "%s, at most %" PRId64 " bytes",
                key->type == SCHEMA_TEXT ? "text" : "path", key->max);
        break;
    case SCHEMA_LEASE_SECONDS:
        fprintf(out, "duration, %s to %s, or `infinite`", duration_format(key->min, low),
                duration_format(key->max, high));
        break;
    case SCHEMA_CHOICE:
    case SCHEMA_WORD:
        for (size_t i = 0; key->words[i] != NULL; i++)
            fprintf(out, "%s`%s`", i == 0 ? "" : " or ", key->words[i]);
        break;
    default:
        print_cell(out, schema_type_name(key->type));
        break;
    }
}

static void print_default(FILE *out, const struct schema_key *key)
{
    if (key->required)
        fputs("required", out);
    else if (key->note != NULL)
        fputs(key->note, out);
    else if (key->initial != NULL && key->initial[0] != '\0')
        fprintf(out, "`%s`", key->initial);
    else if (key->inherited)
        fputs("inherited", out);
    else
        fputs("-", out);
}

void schema_print_reference(FILE *out)
{
    const struct schema_section *section;

    for (size_t i = 0; (section = schema_section_at(i)) != NULL; i++) {
        if (section->path[0] == '\0')
            fprintf(out, "### The file\n\n");
        else
            fprintf(out, "### `%s`\n\n%s\n\n", section->path, section->doc);
        fputs(
            "| key | value | default | meaning | example |\n| --- | --- | --- | --- | --- |\n",
            out);
        for (size_t j = 0; j < section->count; j++) {
            const struct schema_key *key = &section->keys[j];

            fprintf(out, "| `%s` | ", key->name);
            print_limits(out, key);
            fputs(" | ", out);
            print_default(out, key);
            fputs(" | ", out);
            print_cell(out, key->doc);
            fprintf(out, " | `%s: ", key->name);
            print_cell(out, key->example);
            fputs("` |\n", out);
        }
        fputc('\n', out);
    }
}
