/* config/option_reference.c - the registry as the option tables of config/README.md. */
#include "config/option_reference.h"

/* What a type is called, and a value of it. */
static const struct {
    const char *name, *example;
} types[OPTION_TYPES] = {
    [OPTION_TYPE_IP] = {"ip", "10.0.0.1"},
    [OPTION_TYPE_IP_LIST] = {"list of ip", "[10.0.0.1, 10.0.0.2]"},
    [OPTION_TYPE_IP_PAIRS] = {"list of ip pairs", "[10.1.0.0 10.0.0.1]"},
    [OPTION_TYPE_U8] = {"u8", "1"},
    [OPTION_TYPE_U16] = {"u16", "1500"},
    [OPTION_TYPE_U32] = {"u32", "3600"},
    [OPTION_TYPE_U64] = {"u64", "1"},
    [OPTION_TYPE_I8] = {"i8", "-1"},
    [OPTION_TYPE_I16] = {"i16", "-1"},
    [OPTION_TYPE_I32] = {"i32", "-3600"},
    [OPTION_TYPE_U8_LIST] = {"list of u8", "[1, 2]"},
    [OPTION_TYPE_U16_LIST] = {"list of u16", "[6, 7]"},
    [OPTION_TYPE_U32_LIST] = {"list of u32", "[1, 2]"},
    [OPTION_TYPE_I32_LIST] = {"list of i32", "[-1, 2]"},
    [OPTION_TYPE_BOOL] = {"bool", "true"},
    [OPTION_TYPE_BOOL_LIST] = {"list of bool", "[true, false]"},
    [OPTION_TYPE_IP6] = {"ip6", "\"2001:db8::1\""},
    [OPTION_TYPE_IP6_LIST] = {"list of ip6", "[\"2001:db8::1\"]"},
    [OPTION_TYPE_STRING] = {"string", "example.net"},
    [OPTION_TYPE_FQDN] = {"fqdn", "lost.example.net"},
    [OPTION_TYPE_FQDN_LIST] = {"list of fqdn, compressed", "[eng.example.net, example.net]"},
    [OPTION_TYPE_NAME_LIST] = {"list of fqdn", "[eng.example.net, example.net]"},
    [OPTION_TYPE_ROUTES] = {"routes", "[default via 10.0.0.1, 10.8.0.0/16 via 10.0.0.2]"},
    [OPTION_TYPE_TUPLES] = {"tuples", "[iPXE]"},
    [OPTION_TYPE_URI_TUPLES] = {"list of URIs", "[\"https://boot.example.net/\"]"},
    [OPTION_TYPE_BINARY] = {"binary", "\"f1:00:74:7e\""},
    [OPTION_TYPE_OPAQUE] = {"binary, shown as text", "\"text:eth7/1\""},
    [OPTION_TYPE_EMPTY] = {"empty", "\"\""},
    [OPTION_TYPE_COUNTED_IPS] = {"ips", "\"10.0.0.5,10.0.0.6\""},
    [OPTION_TYPE_SIP] = {"list of ip or fqdn", "[sip.example.net]"},
    [OPTION_TYPE_DNR] = {"resolvers: priority, name, addresses, parameters",
                         "[1 dot.example.net 10.0.0.53 alpn=dot port=853]"},
    [OPTION_TYPE_CLIENT_FQDN] = {"flags, name", ""},
    [OPTION_TYPE_SUBOPTIONS] = {"sub-options", ""},
    [OPTION_TYPE_VENDOR_SPACE] = {"sub-options of one space, or binary",
                                  "{pxe.discovery-control: 3}"},
    [OPTION_TYPE_VENDOR_CLASS] = {"text by enterprise", "{4491: docsis3.0}"},
    [OPTION_TYPE_VENDOR_OPTIONS] = {"sub-options by enterprise", "{4491: {option-1: \"02\"}}"},
};

/* Where the type alone does not make a good example. */
static const struct {
    const char *name, *example;
} examples[] = {
    {"subnet-mask", "255.255.255.0"},
    {"broadcast-address", "10.77.255.255"},
    {"boot-file-name", "\"http://boot.example.net/ipxe.efi\""},
    {"root-path", "\"iscsi:10.0.0.7::::iqn.2024-01.net.example:db1\""},
    {"tftp-server-name", "boot.example.net"},
    {"client-ndi", "[1, 3, 16]"},
    {"v6-only-preferred", "1800"},
    {"v4-captive-portal", "\"https://login.example.net/\""},
    {"rdnss-selection", "[1, 10.0.0.1, 10.0.0.2, example.net]"},
    {"ipxe-encap-opts", "{priority: 5, keep-san: 1}"},
    {"option-6rd", "[14, 32, \"2001:db8::\", 10.0.0.1]"},
    {"virtual-subnet-selection", "[0, \"text:red\"]"},
    {"wpad-url", "\"http://wpad.example.net/wpad.dat\""},
    {"mud-url", "\"https://mud.example.net/switch\""},
    {"boot-server", "[[0, \"10.0.0.5,10.0.0.6\"]]"},
    {"boot-menu", "[[0, Local boot], [1, Install]]"},
    {"menu-prompt", "[10, Press F8]"},
    {"boot-item", "[1, 0]"},
};

const char *option_example(const struct option_definition *definition)
{
    for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
        if (strcmp(examples[i].name, definition->name) == 0)
            return examples[i].example;
    }
    return types[definition->type].example;
}

static void print_type(FILE *out, const struct option_definition *definition)
{
    const struct option_record *record = definition->record;

    if (definition->space != NULL)
        fprintf(out, "sub-options `%s`", definition->space->name);
    if (record == NULL) {
        fputs(definition->space == NULL ? types[definition->type].name : "", out);
        return;
    }
    fputs(definition->type == OPTION_TYPE_RECORD_LIST ? "list of records: " : "record: ", out);
    for (size_t i = 0; i < record->count; i++) {
        fputs(i == 0 ? "" : ", ", out);
        if (record->last_optional && i + 1 == record->count)
            fputs("perhaps ", out);
        fputs(types[record->fields[i]].name, out);
    }
    fputs(record->last_repeats ? "[]" : "", out);
}

static void print_row(FILE *out, const struct option_definition *definition)
{
    fprintf(out, "| %u | `%s` | ", definition->code, definition->name);
    print_type(out, definition);
    if (definition->setter == OPTION_BY_OPERATOR && option_example(definition)[0] != '\0')
        fprintf(out, " | `%s: %s` | ", definition->name, option_example(definition));
    else
        fprintf(out, " | %s | ",
                definition->setter == OPTION_BY_SERVER ? "set by the server or the client"
                                                       : "-");
    if (definition->rfc != 0)
        fprintf(out, "%u", definition->rfc);
    fputs(" |\n", out);
}

static void print_head(FILE *out)
{
    fputs("| code | name | type | example | RFC |\n| --- | --- | --- | --- | --- |\n", out);
}

void option_print_reference(FILE *out)
{
    const struct option_definition *definition;
    const struct option_space *space;
    const struct option_alias *alias;

    print_head(out);
    for (size_t i = 0; (definition = option_at(i)) != NULL; i++) {
        if (definition->code != OPTION_PAD && definition->code != OPTION_END)
            print_row(out, definition);
    }
    for (size_t i = 0; (space = option_space_at(i)) != NULL; i++) {
        fprintf(out, "\n### Space `%s`\n\n", space->name);
        print_head(out);
        for (size_t j = 0; j < space->count; j++)
            print_row(out, &space->definitions[j]);
    }
    fputs("\n### Other names\n\n| alias | option |\n| --- | --- |\n", out);
    for (size_t i = 0; (alias = option_alias_at(i)) != NULL; i++)
        fprintf(out, "| `%s` | `%s` |\n", alias->alias, alias->name);
}
