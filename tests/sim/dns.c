/* tests/sim/dns.c - the name server: a table that does what RFC 4703 asks of it, at the end of
 * a network that loses some of it; and what must stand in it in the end.
 *
 * Addresses are named after themselves, so that two clients of one address meet at one name. */
#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>

#define STALE_MS 1000 /* a job that waited longer is given back (daemon/ddns/worker.c) */

/* A job on its way: out, done, and back. */
struct errand {
    struct dns_job job;
    int64_t given_at;
    uint64_t epoch;
    enum dns_outcome outcome;
};

static uint64_t client_of(const struct dns_job *job)
{
    return key_hash(span_of(job->client, job->client_size));
}

static struct sim_name *name_of(struct sim *sim, struct ip4 address)
{
    return &sim->names[address_index(address)];
}

/* RFC 4703 5.3 to 5.5, all of a job at once. */
static enum dns_outcome obey(struct sim *sim, const struct dns_job *job)
{
    struct sim_name *name = name_of(sim, job->address);
    const uint64_t client = client_of(job);

    trace(sim, "dns", "%s %s of %s", job->add ? "adds" : "takes out", job->name,
          client_text(sim, client));
    if (job->add && job->forward) {
        if (name->forward == client)
            covered(sim, THING_NAME_RESTORED);
        if (name->forward != 0 && name->forward != client)
            return DNS_TAKEN;
        name->forward = client;
    }
    if (job->add && job->reverse)
        name->reverse = client;
    if (!job->add && job->forward && name->forward == client)
        name->forward = 0;
    if (!job->add && job->reverse && name->reverse == client)
        name->reverse = 0;
    return DNS_DONE;
}

static void comes_back(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];
    const struct errand *errand = event->data;

    if (event->n != node->epoch || node->server == NULL || node_put_by(sim, node->role, event))
        return;
    server_dns_done(node->server, node_now(sim, node), &errand->job, errand->outcome,
                    "no answer", &node->fx);
    node_touched(sim, node->role);
}

static void send_back(struct sim *sim, const struct happening *event, enum dns_outcome outcome)
{
    struct errand *back = malloc(sizeof(*back));

    ASSERT(back != NULL);
    *back = *(const struct errand *)event->data;
    back->outcome = outcome;
    sim_at(sim, sim->now + rng_between(&sim->dns_rng, 0, 5), comes_back, event->who,
           back->epoch, back);
}

/* What is under way arrives though its sender is dead by then. */
static void arrives(struct sim *sim, struct happening *event)
{
    const struct errand *errand = event->data;
    const bool lost = !sim->healed && rng_percent(&sim->dns_rng, 10);
    const bool unanswered = !sim->healed && rng_percent(&sim->dns_rng, 5);
    enum dns_outcome outcome = DNS_FAILED;

    if (!lost)
        outcome = obey(sim, &errand->job);
    if (lost || unanswered)
        covered(sim, THING_DNS_FAILED);
    send_back(sim, event, unanswered ? DNS_FAILED : outcome);
}

static void leaves(struct sim *sim, struct happening *event)
{
    struct node *node = &sim->nodes[event->who];
    const struct errand *errand = event->data;

    if (event->n != node->epoch || node->server == NULL || node_put_by(sim, node->role, event))
        return;
    if (sim->now - errand->given_at > STALE_MS) {
        covered(sim, THING_DNS_LATE);
        send_back(sim, event, DNS_LATE);
        return;
    }
    sim_at(sim, sim->now + rng_between(&sim->dns_rng, 0, 5), arrives, event->who, event->n,
           event->data);
    event->data = NULL; /* the next event's now */
}

void dns_feed(struct sim *sim, enum role role)
{
    struct node *node = &sim->nodes[role];
    struct dns_job job;

    while (node->server != NULL &&
           server_dns_next(node->server, node_now(sim, node), &job, &node->fx)) {
        struct errand *errand = malloc(sizeof(*errand));

        ASSERT(errand != NULL);
        *errand = (struct errand){job, sim->now, node->epoch, DNS_DONE};
        sim_at(sim, sim->now + rng_between(&sim->dns_rng, 0, 300), leaves, (int)role,
               node->epoch, errand);
    }
}

/* ---- at rest ---- */

static bool is_known(const struct names *names, const struct sim_name *name)
{
    bool forward = name->forward == 0, reverse = name->reverse == 0;

    for (size_t i = 0; i < names->count; i++) {
        const struct name_entry *entry = &names->entry[i];

        forward |= entry->forward && key_hash(entry->client) == name->forward;
        reverse |= entry->reverse && key_hash(entry->client) == name->reverse;
    }
    return forward && reverse;
}

/* Every live lease has its name, and every name its live lease. */
bool check_names(struct sim *sim, char *why, size_t size)
{
    struct server_status status;

    if (!sim->settings.ddns)
        return true;
    for (int role = 0; role < 2; role++) {
        server_status(sim->nodes[role].server, &status);
        if (status.dns.backlog != 0) {
            snprintf(why, size, "the %s has %llu names to do", role_name((enum role)role),
                     (unsigned long long)status.dns.backlog);
            return false;
        }
    }
    /* With a disk goes what its peer told the DNS while nobody heard it. */
    for (uint32_t i = 0; i < ADDRESSES_MAX && !sim->disk_was_lost; i++) {
        const struct binding b =
            lease_table_binding(server_leases(sim->nodes[0].server), address_of_index(i));
        const struct sim_name *name = &sim->names[i];
        struct names names;
        const uint64_t want = b.state == BINDING_ACTIVE ? key_hash(b.client) : 0;

        if (!names_decode(b.names, &names) || !is_known(&names, name) ||
            name->forward != want || name->reverse != want) {
            snprintf(why, size, "%s, %s of %s, is called by %s and leads to %s in the DNS",
                     address_text(b.address), binding_state_name(b.state),
                     client_text(sim, key_hash(b.client)), client_text(sim, name->forward),
                     client_text(sim, name->reverse));
            return false;
        }
    }
    return true;
}
