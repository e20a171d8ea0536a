/* config/schema_json.c - the schema table as a JSON Schema (2020-12), for editors and checkers.
 *
 * It says of single values what a pattern can say; what relates two of them (a pool and its
 * subnet, min and max) the loader alone knows. */
#include <inttypes.h>

#include "config/load.h"
#include "config/schema.h"

#define OCTET "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
#define IP4   "(" OCTET "\\.){3}" OCTET

static void print_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, out);
    }
    fputc('"', out);
}

static void print_pattern(FILE *out, const char *pattern)
{
    fputs("\"type\": \"string\", \"pattern\": ", out);
    print_string(out, pattern);
}

/* `element` alone, or a list of it. */
static void print_one_or_list(FILE *out, const char *element)
{
    fprintf(out,
            "\"anyOf\": [{\"$ref\": \"#/$defs/%s\"}, {\"type\": \"array\", \"minItems\": 1, "
            "\"items\": {\"$ref\": \"#/$defs/%s\"}}]",
            element, element);
}

static void print_reference(FILE *out, const char *element)
{
    fprintf(out, "\"$ref\": \"#/$defs/%s\"", element);
}

static void print_words(FILE *out, const struct schema_key *key)
{
    fputs("\"enum\": [", out);
    for (size_t i = 0; key->words[i] != NULL; i++) {
        fputs(i == 0 ? "" : ", ", out);
        print_string(out, key->words[i]);
    }
    fputc(']', out);
}

/* The members that describe a value of the key, without braces. */
static void print_value(FILE *out, const struct schema_key *key)
{
    switch (key->type) {
    case SCHEMA_NAME:
        print_pattern(out, "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$");
        break;
    case SCHEMA_TEXT:
    case SCHEMA_PATH:
        fprintf(out,
                "\"type\": \"string\", \"minLength\": %" PRId64 ", \"maxLength\": %" PRId64,
                key->min, key->max);
        break;
    case SCHEMA_MILLISECONDS:
    case SCHEMA_SECONDS:
        print_reference(out, "duration");
        break;
    case SCHEMA_NUMBER:
        fprintf(out, "\"type\": \"integer\", \"minimum\": %" PRId64 ", \"maximum\": %" PRId64,
                key->min, key->max);
        break;
    case SCHEMA_LEASE_SECONDS:
        fputs("\"anyOf\": [{\"$ref\": \"#/$defs/duration\"}, {\"const\": \"infinite\"}]", out);
        break;
    case SCHEMA_LEASE_SHARE:
        fputs("\"anyOf\": [{\"$ref\": \"#/$defs/duration\"}, {\"$ref\": \"#/$defs/percent\"}]",
              out);
        break;
    case SCHEMA_POOL_SHARE:
        fputs("\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"$ref\": "
              "\"#/$defs/percent\"}]",
              out);
        break;
    case SCHEMA_FLAG:
        fputs("\"type\": \"boolean\"", out);
        break;
    case SCHEMA_CHOICE:
    case SCHEMA_WORD:
        print_words(out, key);
        break;
    case SCHEMA_ADDRESS:
        print_reference(out, "address");
        break;
    case SCHEMA_LINK:
        print_pattern(out, "^tcp://" IP4 ":[0-9]{1,5}$");
        break;
    case SCHEMA_ENDPOINT:
        print_pattern(out, "^" IP4 ":[0-9]{1,5}$");
        break;
    case SCHEMA_INTERFACE:
        print_reference(out, "interface");
        break;
    case SCHEMA_NETWORK:
        print_pattern(out, "^" IP4 "/[0-9]{1,2}$");
        break;
    case SCHEMA_RANGE:
        print_reference(out, "range");
        break;
    case SCHEMA_RANGES:
        print_one_or_list(out, "range");
        break;
    case SCHEMA_INTERFACES:
        print_one_or_list(out, "interface");
        break;
    case SCHEMA_ADDRESSES:
        print_one_or_list(out, "address");
        break;
    case SCHEMA_HARDWARE:
        print_pattern(out, "^([0-9]{1,3}/)?[0-9A-Fa-fx:.-]+$");
        break;
    case SCHEMA_CLIENT_ID:
        print_pattern(out, "^(text:.+|[0-9A-Fa-fx:.-]+)$");
        break;
    case SCHEMA_IDENTITIES:
        fputs("\"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true, \"items\": "
              "{\"enum\": [",
              out);
        for (size_t i = 0; i < IDENTITIES; i++) {
            fputs(i > 0 ? ", " : "", out);
            print_string(out, identity_name((enum identity)i));
        }
        fputs("]}", out);
        break;
    case SCHEMA_NAMES:
        print_one_or_list(out, "name");
        break;
    case SCHEMA_INCLUDES:
        print_one_or_list(out, "path");
        break;
    case SCHEMA_OPTIONS:
        print_reference(out, "options");
        break;
    case SCHEMA_OPTION_NAMES:
        print_one_or_list(out, "option-name");
        break;
    case SCHEMA_FIELDS:
        fputs("\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": \"string\"}", out);
        break;
    case SCHEMA_MATCH:
        print_reference(out, "match");
        break;
    case SCHEMA_EXPRESSION:
        fprintf(out, "\"type\": \"string\", \"minLength\": 1, \"maxLength\": %d",
                EXPRESSION_TEXT);
        break;
    case SCHEMA_LEASE_TIME:
        fputs("\"anyOf\": [{\"$ref\": \"#/$defs/duration\"}, {\"const\": \"infinite\"}, "
              "{\"$ref\": \"#/$defs/lease-time\"}]",
              out);
        break;
    case SCHEMA_SECURITY:
        fputs("\"anyOf\": [{\"const\": \"none\"}, {\"$ref\": \"#/$defs/security\"}]", out);
        break;
    case SCHEMA_PROBE:
        fputs("\"anyOf\": [{\"const\": \"none\"}, {\"$ref\": \"#/$defs/probe\"}]", out);
        break;
    case SCHEMA_SECTION:
        print_reference(out, key->section->name);
        break;
    case SCHEMA_SECTIONS:
        fprintf(out,
                "\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/%s\"}",
                key->section->name);
        break;
    }
}

static void print_default(FILE *out, const struct schema_key *key)
{
    if (key->initial == NULL || key->initial[0] == '\0')
        return;
    fputs(", \"default\": ", out);
    if (key->type == SCHEMA_NUMBER || key->type == SCHEMA_FLAG)
        fputs(key->initial, out);
    else
        print_string(out, key->initial);
}

static void print_required(FILE *out, const struct schema_section *section)
{
    bool any = false;

    for (size_t i = 0; i < section->count; i++) {
        if (!section->keys[i].required)
            continue;
        fputs(any ? ", " : ", \"required\": [", out);
        print_string(out, section->keys[i].name);
        any = true;
    }
    if (any)
        fputc(']', out);
    if (section->one_of == NULL)
        return;
    fputs(", \"oneOf\": [", out);
    for (size_t i = 0; section->one_of[i] != NULL; i++)
        fprintf(out, "%s{\"required\": [\"%s\"]}", i > 0 ? ", " : "", section->one_of[i]);
    fputc(']', out);
}

/* The members that describe a section, without braces. */
static void print_section(FILE *out, const struct schema_section *section, const char *indent)
{
    fprintf(out, "%s\"type\": \"object\",\n%s\"description\": ", indent, indent);
    print_string(out, section->doc);
    fprintf(out, ",\n%s\"properties\": {\n", indent);
    for (size_t i = 0; i < section->count; i++) {
        const struct schema_key *key = &section->keys[i];

        fprintf(out, "%s  \"%s\": {", indent, key->name);
        print_value(out, key);
        print_default(out, key);
        fputs(", \"description\": ", out);
        print_string(out, key->doc);
        fprintf(out, "}%s\n", i + 1 < section->count ? "," : "");
    }
    fprintf(out, "%s},\n%s\"additionalProperties\": false", indent, indent);
    print_required(out, section);
    fputc('\n', out);
}

/* Members for the names of options: those an operator may set, or all. */
static void print_option_names(FILE *out, const char *value, bool all)
{
    const struct option_definition *option;
    bool any = false;

    for (size_t i = 0; (option = option_at(i)) != NULL; i++) {
        if (option->code == OPTION_PAD || option->code == OPTION_END ||
            (!all && option->setter != OPTION_BY_OPERATOR))
            continue;
        fprintf(out, "%s        \"%s\": {\"$ref\": \"#/$defs/%s\", \"description\": ",
                any ? ",\n" : "", option->name, value);
        print_string(out, option_type_example(option->type));
        fputc('}', out);
        any = true;
    }
}

static void print_options(FILE *out)
{
    fputs("    \"options\": {\n      \"type\": \"object\",\n      \"properties\": {\n", out);
    print_option_names(out, "value", false);
    fputs("\n      },\n      \"patternProperties\": {\"^option-[1-9][0-9]{0,2}$\": "
          "{\"$ref\": \"#/$defs/value\"}},\n      \"additionalProperties\": {\"$ref\": "
          "\"#/$defs/value\"}\n    },\n",
          out);
}

static void print_match(FILE *out)
{
    fputs("    \"condition\": {\"anyOf\": [{\"$ref\": \"#/$defs/value\"}, {\"type\": "
          "\"object\", \"properties\": {\"prefix\": {\"$ref\": \"#/$defs/value\"}, "
          "\"glob\": {\"$ref\": \"#/$defs/value\"}, \"in\": {\"$ref\": "
          "\"#/$defs/value\"}, \"present\": {\"type\": \"boolean\"}, \"from\": {}, "
          "\"to\": {}}, \"minProperties\": 1, \"maxProperties\": 2, "
          "\"additionalProperties\": false}]},\n",
          out);
    fputs("    \"matches\": {\"type\": \"array\", \"minItems\": 1, \"items\": "
          "{\"$ref\": \"#/$defs/match\"}},\n"
          "    \"match\": {\n      \"type\": \"object\",\n      \"properties\": {\n",
          out);
    print_option_names(out, "condition", true);
    fputs(",\n        \"all\": {\"$ref\": \"#/$defs/matches\"},\n"
          "        \"any\": {\"$ref\": \"#/$defs/matches\"},\n"
          "        \"not\": {\"$ref\": \"#/$defs/match\"},\n        \"class\": {",
          out);
    print_one_or_list(out, "name");
    fputs("}\n      },\n      \"patternProperties\": {\"^option-[1-9][0-9]{0,2}$\": "
          "{\"$ref\": \"#/$defs/condition\"}, \"^[a-z0-9-]+\\\\.[a-z0-9-]+$\": "
          "{\"$ref\": \"#/$defs/condition\"}},\n      \"additionalProperties\": {\"$ref\": "
          "\"#/$defs/condition\"},\n"
          "      \"minProperties\": 1\n    },\n",
          out);
}

static void print_common(FILE *out)
{
    static const char element[] = "{\"type\": [\"string\", \"number\", \"boolean\"]}";
    static const char duration[] =
        "^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

    /* A record's fields are a list; sub-options are a map. */
    fprintf(out,
            "    \"value\": {\"anyOf\": [%s, {\"type\": \"array\", \"minItems\": 1, \"items\": "
            "{\"$ref\": \"#/$defs/value\"}}, {\"type\": \"object\", \"additionalProperties\": "
            "{\"$ref\": \"#/$defs/value\"}}]},\n    \"option-name\": {\"type\": \"string\"},\n"
            "    \"duration\": {",
            element);
    print_pattern(out, duration);
    fputs("},\n    \"percent\": {", out);
    print_pattern(out, "^(100|[0-9]{1,2})([.][0-9]{1,2})?%$");
    fputs("},\n    \"address\": {", out);
    print_pattern(out, "^" IP4 "$");
    fputs("},\n    \"interface\": {", out);
    print_pattern(out, "^[^\\s/:]{1,15}$");
    fputs("},\n    \"name\": {", out);
    print_pattern(out, "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$");
    fputs("},\n    \"path\": {", out);
    print_pattern(out, "^.+$");
    fputs("},\n    \"range\": {", out);
    print_pattern(out, "^" IP4 "( *- *" IP4 "|/[0-9]{1,2})?$");
    fputs("},\n", out);
    print_options(out);
    print_match(out);
}

void config_print_schema(FILE *out)
{
    const struct schema_section *section;

    fputs("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
          "  \"title\": \"twindhcp configuration\",\n  \"$defs\": {\n",
          out);
    print_common(out);
    for (size_t i = 1; (section = schema_section_at(i)) != NULL; i++) {
        fprintf(out, "    \"%s\": {\n", section->name);
        print_section(out, section, "      ");
        fprintf(out, "    }%s\n", schema_section_at(i + 1) != NULL ? "," : "");
    }
    fputs("  },\n", out);
    print_section(out, schema_section_at(0), "  ");
    fputs("}\n", out);
}
