/* proto/fqdn.c - names of clients, and the Client FQDN option (RFC 4702). */
#include "proto/fqdn.h"

#include "proto/cursor.h"

enum { FLAG_S = 1, FLAG_O = 2, FLAG_E = 4, FLAG_N = 8 };
#define LABEL_MAX 63

static char host_character(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return (char)c;
    return '-';
}

static bool is_host_byte(uint8_t c)
{
    return host_character(c) != '-';
}

bool name_add_label(struct name *name, struct span bytes)
{
    const size_t dot = name->size > 0 ? 1 : 0;
    char *at = name->text + name->size + dot;

    while (bytes.size > 0 && !is_host_byte(bytes.data[0]))
        bytes = span_of(bytes.data + 1, bytes.size - 1);
    if (bytes.size > LABEL_MAX)
        bytes.size = LABEL_MAX;
    while (bytes.size > 0 && !is_host_byte(bytes.data[bytes.size - 1]))
        bytes.size--;
    if (bytes.size == 0)
        return true;
    if (bytes.size + dot > sizeof(name->text) - name->size)
        return false;
    for (size_t i = 0; i < bytes.size; i++)
        at[i] = host_character(bytes.data[i]);
    if (dot > 0)
        name->text[name->size] = '.';
    name->size = (uint8_t)(name->size + dot + bytes.size);
    return true;
}

bool name_add_text(struct name *name, struct span text)
{
    while (text.size > 0) {
        size_t size = 0;

        while (size < text.size && text.data[size] != '.')
            size++;
        if (!name_add_label(name, span_of(text.data, size)))
            return false;
        size += size < text.size ? 1 : 0;
        text = span_of(text.data + size, text.size - size);
    }
    return true;
}

bool name_lies_in(const struct name *name, struct span domain)
{
    const char *end = name->text + name->size;

    if (domain.size == 0 || domain.size > name->size ||
        memcmp(end - domain.size, domain.data, domain.size) != 0)
        return false;
    return domain.size == name->size || end[-(ptrdiff_t)domain.size - 1] == '.';
}

/* Labels up to the root, which makes the name whole, or to the end. */
static bool read_wire(struct cursor *c, struct fqdn *fqdn)
{
    while (c->left > 0) {
        const uint8_t size = cursor_u8(c);
        const struct span label = cursor_bytes(c, size);

        if (size == 0) {
            fqdn->qualified = true;
            return c->left == 0;
        }
        if (size > LABEL_MAX || c->failed || !name_add_label(&fqdn->name, label))
            return false;
    }
    return true;
}

/* RFC 4702 2.3.1: text without a dot wants the server's domain.  Some clients end it with NUL.
 */
static bool read_ascii(struct cursor *c, struct fqdn *fqdn)
{
    struct span text = cursor_bytes(c, c->left);

    while (text.size > 0 && text.data[text.size - 1] == '\0')
        text.size--;
    fqdn->qualified = text.size > 0 && memchr(text.data, '.', text.size) != NULL;
    return name_add_text(&fqdn->name, text);
}

bool fqdn_decode(struct span option, struct fqdn *out)
{
    struct cursor c = cursor_of(option);
    const uint8_t flags = cursor_u8(&c);
    struct fqdn fqdn = {.server_updates = (flags & FLAG_S) != 0,
                        .overridden = (flags & FLAG_O) != 0,
                        .wire = (flags & FLAG_E) != 0,
                        .no_updates = (flags & FLAG_N) != 0};

    (void)cursor_bytes(&c, 2); /* RCODE1 and RCODE2 say nothing any more */
    if (c.failed || !(fqdn.wire ? read_wire(&c, &fqdn) : read_ascii(&c, &fqdn)))
        return false;
    /* Nothing to be looked up was whole in it. */
    fqdn.qualified = fqdn.qualified && fqdn.name.size > 0;
    *out = fqdn;
    return true;
}

/* Labels of a name that is 253 bytes at most take 255 (RFC 1035 3.1). */
static size_t put_wire(const struct name *name, uint8_t *out)
{
    size_t length_at = 0, at = 1;

    for (size_t i = 0; i < name->size; i++) {
        if (name->text[i] == '.') {
            out[length_at] = (uint8_t)(at - length_at - 1);
            length_at = at++;
        } else {
            out[at++] = (uint8_t)name->text[i];
        }
    }
    out[length_at] = (uint8_t)(at - length_at - 1);
    if (name->size == 0)
        return 0;
    out[at++] = 0;
    return at;
}

size_t fqdn_encode(const struct fqdn *fqdn, uint8_t out[static FQDN_SIZE_MAX])
{
    out[0] = (uint8_t)((fqdn->server_updates ? FLAG_S : 0) | (fqdn->overridden ? FLAG_O : 0) |
                       (fqdn->wire ? FLAG_E : 0) | (fqdn->no_updates ? FLAG_N : 0));
    out[1] = out[2] = 255; /* RFC 4702 2.2 */
    if (fqdn->wire)
        return 3 + put_wire(&fqdn->name, out + 3);
    memcpy(out + 3, fqdn->name.text, fqdn->name.size);
    return 3 + (size_t)fqdn->name.size;
}

struct fqdn fqdn_answer(const struct fqdn *asked, bool forward, bool reverse)
{
    return (struct fqdn){.server_updates = forward,
                         .overridden = forward != asked->server_updates,
                         .wire = asked->wire,
                         .no_updates = !forward && !reverse,
                         .qualified = true};
}
