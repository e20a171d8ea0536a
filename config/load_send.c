/* config/load_send.c - `always-send` and `never-send` of a level. */
#include "config/loader.h"

/* Why an option is always sent where the RFCs say so; NULL when it may be left out. */
static const char *needed_because(uint8_t code)
{
    switch (code) {
    case OPTION_SUBNET_MASK:
        return "a client without it guesses one from the class of its address";
    case OPTION_LEASE_TIME:
        return "an offer without it is none (RFC 2131, table 3)";
    case OPTION_MESSAGE_TYPE:
        return "without it a packet is not DHCP";
    case OPTION_SERVER_IDENTIFIER:
        return "a client could not say whom it chose (RFC 2131, table 3)";
    case OPTION_CLIENT_IDENTIFIER:
        return "a client's own identifier is returned to it (RFC 6842)";
    case OPTION_RELAY_AGENT_INFORMATION:
        return "what a relay sends is returned to it (RFC 3046)";
    case OPTION_OVERLOAD:
        return "a packet whose fields hold options cannot be read without it";
    default:
        return NULL;
    }
}

static bool may_never_send(struct loader *l, const struct node *name, uint8_t code)
{
    const char *reason = needed_because(code);

    if (reason != NULL)
        complain(l, name, "never-send: %s cannot be left out: %s", quoted(l, name->text),
                 reason);
    return reason == NULL;
}

static bool may_always_send(struct loader *l, const struct node *name, uint8_t code)
{
    const struct option_definition *known = config_option_definition(l->config, code);

    if (code == OPTION_V6_ONLY_PREFERRED)
        complain(l, name, "always-send: %s is for clients alone that ask for it (RFC 8925)",
                 quoted(l, name->text));
    else if (code == OPTION_AUTO_CONFIG)
        complain(l, name, "always-send: %s is for clients alone that send it (RFC 2563)",
                 quoted(l, name->text));
    else if (known != NULL && known->setter != OPTION_BY_OPERATOR)
        complain(l, name, "always-send: %s is set by the server; %s", quoted(l, name->text),
                 instead_of_option(code));
    else
        return true;
    return false;
}

/* Where each code was named. */
struct named {
    const struct node *always[256], *never[256];
};

static bool read_names(struct loader *l, const char *key, const struct node *list, bool always,
                       struct named *named, struct option_codes *codes)
{
    const struct items items = load_items(l, key, list, true);
    bool any = false;

    for (size_t i = 0; i < items.count; i++) {
        const struct node *node = items_get(&items, i);
        const struct node **place;
        uint8_t code;

        if (load_option_name(l, node, true, &code) == NULL ||
            !(always ? may_always_send(l, node, code) : may_never_send(l, node, code)))
            continue;
        place = always ? &named->always[code] : &named->never[code];
        if (*place != NULL)
            complain(l, node, "%s: %s is named twice; the first is at line %d", key,
                     quoted(l, node->text), (*place)->line);
        else if (!always && named->always[code] != NULL)
            complain(l, node, "never-send: %s is in 'always-send' at line %d; keep one of them",
                     quoted(l, node->text), named->always[code]->line);
        *place = node;
        if (always && l->always[code] == NULL)
            l->always[code] = node;
        option_codes_add(codes, code);
        any = true;
    }
    return any;
}

const struct config_send *load_send(struct loader *l, const struct section *section)
{
    const struct node *always = section_value(section, "always-send");
    const struct node *never = section_value(section, "never-send");
    struct named named = {.always = {NULL}};
    struct config_send send = {.always = {{0}}};
    struct config_send *kept;
    bool any;

    if (always == NULL && never == NULL)
        return NULL;
    any = read_names(l, "always-send", always, true, &named, &send.always);
    any |= read_names(l, "never-send", never, false, &named, &send.never);
    if (!any)
        return NULL;
    kept = ARENA_ARRAY(l->arena, struct config_send, 1);
    *kept = send;
    return kept;
}
