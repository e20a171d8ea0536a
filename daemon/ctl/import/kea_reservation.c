/* daemon/ctl/import/kea_reservation.c - Kea's host reservations. */
#include <string.h>

#include "daemon/ctl/import/kea.h"

static bool is_plain_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] > 0x7e)
            return false;
    return size > 0;
}

/* "01:02", "0102", "0x0102" or "'text'"; NULL when it is none. */
static const char *identifier(struct kea *k, const char *text)
{
    const size_t length = strlen(text);
    uint8_t bytes[256];
    size_t size = sizeof(bytes);
    char *out = import_alloc(k->run, sizeof(bytes) * 3 + 1);

    if (length > 2 && text[0] == '\'' && text[length - 1] == '\'' &&
        is_plain_text(text + 1, length - 2))
        return import_format(k->run, "text:%.*s", (int)length - 2, text + 1);
    if (!hex_parse(text, bytes, &size))
        return NULL;
    return hex_format(span_of(bytes, size), out, sizeof(bytes) * 3 + 1);
}

/* Notes go to `list`: the reservation may be left out. */
static bool put_identifier(struct kea *k, const struct jvalue *object, struct yaml *list,
                           struct yaml *map)
{
    static const char *const keys[] = {"hw-address", "client-id", "duid", "circuit-id",
                                       "flex-id"};
    bool found = false;

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct jvalue *value = json_get(object, keys[i]);
        if (value == NULL || value->text == NULL)
            continue;
        const char *text = identifier(k, value->text);
        if (text == NULL) {
            import_note(k->run, list, value->place, keys[i],
                        "\"%s\" is neither hexadecimal nor a text in ' '", value->text);
            continue;
        }
        if (strcmp(keys[i], "flex-id") == 0 && kea_flex_id(k) == NULL) {
            import_note(k->run, list, value->place, keys[i],
                        "no hook says what of a packet it is compared with");
            continue;
        }
        found = true;
        yaml_text(k->run, map, keys[i], text);
    }
    return found;
}

static void put_classes(struct kea *k, const struct jvalue *object, struct yaml *map)
{
    for (const struct jvalue *value = json_items(json_get(object, "client-classes"));
         value != NULL; value = value->next) {
        const char *name = kea_class_name(k, value, "client-classes", map);
        if (name == NULL)
            continue;
        yaml_add_once(k->run, map, "classes", name);
        if (kea_class_guards_subnet(k, value->text))
            import_note(k->run, map, value->place, "client-classes",
                        "%s: lets the client into the subnets for that class; Kea chooses a "
                        "subnet before it looks for reservations",
                        value->text);
    }
}

static void put_reservation(struct kea *k, const struct jvalue *object, struct yaml *list)
{
    struct yaml *map = yaml_map(k->run, list, NULL);
    const char *address = json_text_of(object, "ip-address");
    const char *name = json_text_of(object, "hostname");

    if (!put_identifier(k, object, list, map)) {
        import_note(k->run, list, object->place, "reservations",
                    "names no client that can be known by");
        yaml_remove(list, map);
        return;
    }
    if (address != NULL && address[0] != '\0' && strcmp(address, "0.0.0.0") != 0)
        yaml_text(k->run, map, "address", address);
    if (name != NULL && name[0] != '\0')
        yaml_text(k->run, map, "host-name", name);
    put_classes(k, object, map);
    kea_level(k, object, map, false);
    kea_leftovers(k, object, map);
    k->run->reservations++;
}

void kea_reservations(struct kea *k, const struct jvalue *object, struct yaml *node)
{
    struct yaml *list = yaml_list(k->run, node, "reservations");

    for (const struct jvalue *value = json_items(json_get(object, "reservations"));
         value != NULL; value = value->next)
        put_reservation(k, value, list);
}
