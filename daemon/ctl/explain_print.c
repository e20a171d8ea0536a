/* daemon/ctl/explain_print.c - an explanation for a person. */
#include "daemon/ctl/explain.h"
#include "daemon/ctl/table.h"
#include "daemon/ctl/value.h"

static void print_text(const json_t *object, const char *path, FILE *out)
{
    const char *text = value_text(object, path);

    print_safely(text != NULL ? text : "", out);
}

static void print_fields(const json_t *packet, FILE *out)
{
    static const char *const fields[] = {"ciaddr", "yiaddr", "siaddr", "giaddr",
                                         "sname",  "file",   NULL};

    for (size_t i = 0; fields[i] != NULL; i++) {
        const char *text = value_text(packet, fields[i]);

        if (text == NULL || text[0] == '\0' || strcmp(text, "0.0.0.0") == 0)
            continue;
        fprintf(out, ", %s ", fields[i]);
        print_safely(text, out);
    }
}

static void print_options(const json_t *packet, bool reply, FILE *out)
{
    const json_t *options = value_at(packet, "options"), *option;
    struct table table;
    size_t i;

    table_init(&table, ">CODE", "OPTION", "VALUE", reply ? "ORIGIN" : NULL, NULL);
    json_array_foreach(options, i, option)
    {
        table_int(&table, value_int(option, "code"));
        table_text(&table, value_text(option, "name"));
        table_text(&table, value_text(option, "value"));
        if (reply)
            table_text(&table, value_text(option, "origin"));
    }
    if (table_rows(&table) > 0)
        table_print(&table, 2, out);
    table_deinit(&table);
}

static void print_request(const json_t *packet, FILE *out)
{
    if (!json_is_object(packet))
        return;
    fputs("\nAsked: ", out);
    print_text(packet, "type", out);
    fputs(" of ", out);
    print_text(packet, "chaddr", out);
    fputs(", xid ", out);
    print_text(packet, "xid", out);
    print_fields(packet, out);
    if (value_bool(packet, "broadcast"))
        fputs(", wants a broadcast", out);
    if (value_int(packet, "secs") > 0)
        fprintf(out, ", secs %d", (int)value_int(packet, "secs"));
    putc('\n', out);
    print_options(packet, false, out);
}

static void print_steps(const json_t *answer, FILE *out)
{
    const json_t *steps = value_at(answer, "steps"), *step;
    struct table table;
    size_t i;

    table_init(&table, "STEP", "SUBJECT", "WHAT", NULL);
    json_array_foreach(steps, i, step)
    {
        table_text(&table, value_text(step, "step"));
        table_text(&table, value_text(step, "subject"));
        table_text(&table, value_text(step, "text"));
    }
    if (table_rows(&table) > 0) {
        fputs("\nSteps:\n", out);
        table_print(&table, 2, out);
    }
    table_deinit(&table);
    if (value_int(answer, "steps_cut") > 0)
        fprintf(out, "  ... and %d more\n", (int)value_int(answer, "steps_cut"));
}

static void print_reply(const json_t *reply, FILE *out)
{
    if (!json_is_object(reply))
        return;
    fputs("\nAnswered: ", out);
    print_text(reply, "packet.type", out);
    fputs(", ", out);
    print_text(reply, "way", out);
    fputs(" to ", out);
    print_text(reply, "destination", out);
    fprintf(out, ":%d, %d bytes", (int)value_int(reply, "port"), (int)value_int(reply, "size"));
    print_fields(value_at(reply, "packet"), out);
    putc('\n', out);
    print_options(value_at(reply, "packet"), true, out);
}

void explain_print(const json_t *answer, FILE *out)
{
    print_text(answer, "verdict", out);
    fputs(": ", out);
    print_text(answer, "why", out);
    putc('\n', out);
    print_request(value_at(answer, "request"), out);
    print_steps(answer, out);
    print_reply(value_at(answer, "reply"), out);
}
