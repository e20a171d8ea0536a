/* Names from outside: option 81, the names of a record, and answers of name servers. */
#include "daemon/ddns/message.h"
#include "proto/fqdn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_option(struct span bytes)
{
    uint8_t out[FQDN_SIZE_MAX], text[FQDN_SIZE_MAX];
    struct fqdn fqdn, again;
    size_t written;

    if (!fqdn_decode(bytes, &fqdn))
        return;
    written = fqdn_encode(&fqdn, out);
    ASSERT(written <= FQDN_SIZE_MAX);
    ASSERT(fqdn_decode(span_of(out, written), &again));
    ASSERT(span_equal(name_span(&fqdn.name), name_span(&again.name)));
    fqdn.wire = !fqdn.wire;
    written = fqdn_encode(&fqdn, text);
    ASSERT(fqdn_decode(span_of(text, written), &again));
    ASSERT(span_equal(name_span(&fqdn.name), name_span(&again.name)));
}

static void read_record(struct span bytes)
{
    uint8_t out[NAMES_SIZE_MAX];
    struct names names, joined;

    if (bytes.size > NAMES_SIZE_MAX || !names_decode(bytes, &names))
        return;
    joined = names;
    names_join(&joined, &names);
    ASSERT(joined.count == names.count);
    (void)names_encode(&names, out);
}

/* The first byte says which. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ddns_query query = {.id = 0x1234, .key_name = "k1", .secret = "MDEyMw=="};
    struct ddns_query unsigned_query = {.id = 0x1234};
    char problem[DDNS_PROBLEM_SIZE] = "";
    struct span bytes;

    if (size == 0)
        return 0;
    bytes = span_of(data + 1, size - 1);
    switch (data[0] % 4) {
    case 0:
        read_option(bytes);
        break;
    case 1:
        read_record(bytes);
        break;
    case 2:
        (void)ddns_answer_read(&query, bytes, problem);
        break;
    default: /* 3 */
        (void)ddns_answer_read(&unsigned_query, bytes, problem);
        break;
    }
    return 0;
}
