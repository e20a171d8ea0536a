/* tests/sim/view.c - what a disk says, for checkers that ask what a peer may rely on. */
#include "tests/sim/sim.h"

#define ARENA_SIZE 65536

/* Both subnets have their pools and reservations in the first 1024 addresses. */
int address_index(struct ip4 address)
{
    if (address.value >> 16 == 0x0a4d)
        return (address.value & 0xffff) < 1024 ? (int)(address.value & 1023) : -1;
    if (address.value >> 16 == 0x0a4e)
        return (address.value & 0xffff) < 1024 ? 1024 + (int)(address.value & 1023) : -1;
    return -1;
}

struct ip4 address_of_index(uint32_t index)
{
    return ip4((index < 1024 ? 0x0a4d0000 : 0x0a4e0000) + (index & 1023));
}

uint64_t key_hash(struct span key)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    if (key.size == 0)
        return 0;
    for (size_t i = 0; i < key.size; i++)
        hash = (hash ^ key.data[i]) * UINT64_C(1099511628211);
    return hash;
}

static void add_binding(struct view *view, const struct binding *b)
{
    const int index = address_index(b->address);
    struct view_record *r;

    if (index < 0)
        return;
    r = &view->records[index];
    *r = (struct view_record){b->state,   b->owner, key_hash(b->client),
                              b->expires, b->term,  b->version};
    if (b->state == BINDING_ACTIVE &&
        (view->known[index].client != r->client ||
         instant_before(view->known[index].expires, b->expires))) {
        view->known[index].client = r->client;
        view->known[index].expires = b->expires;
    }
}

void view_add(struct sim *sim, enum role role, struct span key, struct span value)
{
    static uint8_t arena[ARENA_SIZE];
    struct view *view = &sim->nodes[role].view;
    enum td_err err = TD_OK;

    if (key.data[0] == 'b') {
        struct stored_binding stored;

        err = stored_binding_decode(value, arena, sizeof(arena), &stored);
        if (err == TD_OK)
            add_binding(view, &stored.binding);
    } else if (key.data[0] == 'p') {
        struct pair_record record;

        err = pair_record_decode(value, arena, sizeof(arena), &record);
        view->pair_state = record.state;
        view->pair_term = record.term;
        view->has_pair = true;
    } else if (key.data[0] == 'q') {
        struct progress_record record;

        err = progress_record_decode(value, arena, sizeof(arena), &record);
        view->seq = record.seq;
    } else if (key.data[0] == 'r') {
        struct reservation_record record;

        err = reservation_decode(value, arena, sizeof(arena), &record);
    } else {
        struct applied_record record;

        err = applied_record_decode(value, arena, sizeof(arena), &record);
        view->applied_seq = record.seq;
    }
    if (err != TD_OK)
        sim_violation(sim, "store", "%s wrote a record that cannot be read", role_name(role));
}
