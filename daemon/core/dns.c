/* daemon/core/dns.c - the jobs that the records leave for the DNS: which are this peer's to do,
 * in which order, and what their results write. */
#include <stdlib.h>

#include "daemon/core/dns_internal.h"

#define QUEUE_MAX    4096 /* addresses with work; what is beyond is found by a walk */
#define LOOKS_MAX    64   /* addresses taken from the queue in one call */
#define WALK_MAX     1024 /* records that the walk looks at in one tick */
#define AGAIN_MS     10000
#define PROBLEM_SIZE 160

struct again {
    struct ip4 address;
    struct instant at;
};

struct dns {
    struct ip4 queue[QUEUE_MAX];
    size_t queue_head, queue_count;
    struct again again[QUEUE_MAX]; /* in the order of `at` */
    size_t again_head, again_count;
    struct dns_job jobs[DNS_JOBS_MAX]; /* id 0: unused */
    size_t in_flight;
    uint64_t id;

    bool walk_due, walking;
    struct lease_walk walk;
    enum fo_state state;       /* of the pair, when the walk was last begun */
    struct instant settled_at; /* nothing is given out before */

    uint64_t backlog, added, removed, taken, failed;
    bool failing;
    char problem[PROBLEM_SIZE];
    uint8_t bytes[NAMES_SIZE_MAX];
};

void dns_init(struct server *s)
{
    s->dns = calloc(1, sizeof(*s->dns));
    ASSERT(s->dns != NULL);
}

void dns_deinit(struct server *s)
{
    free(s->dns);
    s->dns = NULL;
}

static struct names names_in(const struct binding *b)
{
    struct names names;

    if (!names_decode(b->names, &names))
        UNREACHABLE("names were checked when they came");
    return names;
}

static bool has_work(const struct lease *lease)
{
    struct binding b;
    struct names names;

    if (lease == NULL || !lease->binding.has_names)
        return false;
    b = lease_binding_of(lease);
    names = names_in(&b);
    return dns_step_of(&b, &names).work != DNS_NOTHING;
}

/* ---- the queue ---- */

static void enqueue(struct dns *dns, struct ip4 address)
{
    if (dns->queue_count == QUEUE_MAX) {
        dns->walk_due = true; /* the record remembers */
        return;
    }
    dns->queue[(dns->queue_head + dns->queue_count++) % QUEUE_MAX] = address;
}

static void dequeue(struct dns *dns)
{
    dns->queue_head = (dns->queue_head + 1) % QUEUE_MAX;
    dns->queue_count--;
}

static void try_again(struct dns *dns, struct ip4 address, struct instant at)
{
    if (dns->again_count == QUEUE_MAX) {
        dns->walk_due = true;
        return;
    }
    dns->again[(dns->again_head + dns->again_count++) % QUEUE_MAX] =
        (struct again){address, at};
}

static struct dns_job *find_job(struct dns *dns, struct ip4 address)
{
    for (size_t i = 0; i < DNS_JOBS_MAX; i++) {
        if (dns->jobs[i].id != 0 && ip4_equal(dns->jobs[i].address, address))
            return &dns->jobs[i];
    }
    return NULL;
}

void dns_intend(struct server *s, struct binding *b)
{
    struct names names = names_in(b);

    if (dns_announce(b, &names))
        b->names = names_encode(&names, s->dns->bytes);
}

void dns_before(struct server *s, const struct lease *lease)
{
    s->dns->backlog -= has_work(lease);
}

void dns_after(struct server *s, const struct lease *lease)
{
    if (!has_work(lease))
        return;
    s->dns->backlog++;
    enqueue(s->dns, lease->binding.address);
}

void dns_begin(struct server *s)
{
    const struct lease *lease;
    struct lease_walk walk;

    lease_table_walk_begin(s->leases, &walk);
    while ((lease = lease_table_walk_next(s->leases, &walk)) != NULL)
        s->dns->backlog += has_work(lease);
    s->dns->walk_due = s->dns->backlog > 0;
}

static void walk_on(struct server *s)
{
    struct dns *dns = s->dns;

    for (size_t i = 0; i < WALK_MAX && dns->queue_count < QUEUE_MAX; i++) {
        const struct lease *lease = lease_table_walk_next(s->leases, &dns->walk);

        if (lease == NULL) {
            dns->walking = false;
            return;
        }
        if (has_work(lease))
            enqueue(dns, lease->binding.address);
    }
}

/* A job that the other peer was given while it was its own to do may still be on its way to the
 * name server: what overtakes it is undone by it.  Jobs that wait are given back after
 * DNS_LATE_MS. */
#define SETTLE_MS (2 * DNS_LATE_MS)

/* Before anything is passed over for being the partner's to do in this state: a state may last
 * for less than a tick. */
static void note_state(struct server *s)
{
    if (!s->alone && s->dns->state != s->fo.state) {
        s->dns->state = s->fo.state;
        s->dns->walk_due = true;
        s->dns->settled_at = instant_add_ms(s->now, SETTLE_MS);
    }
}

/* What is left of all records is looked through once after a start, when the pair's state has
 * changed (and with it whose work it is), and when more came than the queue holds. */
void dns_tick(struct server *s)
{
    struct dns *dns = s->dns;

    while (dns->again_count > 0 && dns->queue_count < QUEUE_MAX &&
           !instant_before(s->now, dns->again[dns->again_head].at)) {
        enqueue(dns, dns->again[dns->again_head].address);
        dns->again_head = (dns->again_head + 1) % QUEUE_MAX;
        dns->again_count--;
    }
    note_state(s);
    if (dns->walk_due && !dns->walking && dns->queue_count == 0) {
        dns->walk_due = false;
        dns->walking = true;
        lease_table_walk_begin(s->leases, &dns->walk);
    }
    if (dns->walking)
        walk_on(s);
}

/* ---- who does it, and when ---- */

/* The one writer of the record in NORMAL; alone, whoever serves, but not what would be a write
 * to a FREE record: an address whose freeing the partner has not acked can be given to nobody
 * new.  And not the partner's while it is there again and only not yet in NORMAL. */
static bool is_mine(const struct server *s, const struct binding *b)
{
    const struct policy policy = policy_of(s);

    if (!policy_serves(&policy))
        return false;
    return policy_may_write(&policy, b)
               ? policy.state != FO_INTERRUPTED || s->alone || b->state != BINDING_FREE
               : policy.state == FO_INTERRUPTED && !s->fo.open && b->state != BINDING_FREE;
}

/* What announces it must not be forgotten, by either peer. */
static bool is_known(const struct server *s, const struct lease *lease)
{
    if (lease->seq > s->progress.durable_seq)
        return false;
    return s->alone || s->fo.state != FO_NORMAL || lease->seq <= s->stream.acked_seq;
}

/* Out of contact the partner may finish what its record announces, and strike it out; what this
 * peer then told the DNS nobody would know of.  Announced by a write of its own it is in the
 * record that the two become. */
static bool must_announce(const struct server *s, const struct binding *b)
{
    return !s->alone && s->fo.state != FO_NORMAL && b->version.writer != s->self;
}

static void give_out(struct server *s, struct ip4 address, const struct dns_step *step,
                     struct dns_job *out)
{
    struct dns *dns = s->dns;
    struct dns_job *job = dns->jobs;

    while (job->id != 0)
        job++;
    *job = (struct dns_job){.id = ++dns->id,
                            .address = address,
                            .add = step->work == DNS_ADD,
                            .forward = step->forward,
                            .reverse = step->reverse,
                            .client_size = (uint16_t)step->entry->client.size,
                            .name_size = (uint8_t)step->entry->name.size};
    memcpy(job->client, step->entry->client.data, step->entry->client.size);
    memcpy(job->name, step->entry->name.data, step->entry->name.size);
    dns->in_flight++;
    *out = *job;
}

bool server_dns_next(struct server *s, struct instant now, struct dns_job *job,
                     struct effects *fx)
{
    struct dns *dns = s->dns;

    if (dns == NULL || s->store_failed)
        return false;
    server_advance(s, now, fx);
    note_state(s);
    if (instant_before(s->now, dns->settled_at))
        return false;
    for (size_t i = 0; i < LOOKS_MAX && dns->queue_count > 0 && dns->in_flight < DNS_JOBS_MAX;
         i++) {
        const struct ip4 address = dns->queue[dns->queue_head];
        const struct lease *lease = lease_table_find(s->leases, address);
        struct binding b = lease_table_binding(s->leases, address);
        struct names names = names_in(&b);
        const struct dns_step step = dns_step_of(&b, &names);

        if (step.work == DNS_NOTHING || !is_mine(s, &b) || find_job(dns, address) != NULL) {
            dequeue(dns);
            continue;
        }
        if (!is_known(s, lease))
            return false; /* it soon is, and so are those behind it */
        dequeue(dns);
        if (step.work == DNS_INTEND || must_announce(s, &b)) {
            b.term = s->alone ? 0 : s->fo.record.term;
            persist_own(s, &b);
            continue;
        }
        give_out(s, address, &step, job);
        return true;
    }
    return false;
}

/* ---- results ---- */

/* True if the record changes. */
static bool note_added(const struct dns_job *job, const struct binding *b, struct names *names,
                       struct name_entry *entry, enum name_state state)
{
    if (!dns_is_wanted(b, names, entry) || entry->state != NAME_MAYBE ||
        names->forward != job->forward || names->reverse != job->reverse)
        return false;
    entry->state = state;
    return true;
}

/* If the client has come back meanwhile, its name is put in again. */
static bool note_removed(const struct dns_job *job, const struct binding *b,
                         struct names *names, struct name_entry *entry)
{
    const bool wanted = dns_is_wanted(b, names, entry);

    if (job->forward && !(wanted && names->forward))
        entry->forward = false;
    if (job->reverse && !(wanted && names->reverse))
        entry->reverse = false;
    if (!entry->forward && !entry->reverse)
        names_remove(names, entry);
    return true;
}

static void write_result(struct server *s, const struct dns_job *job, enum dns_outcome outcome)
{
    struct binding b = lease_table_binding(s->leases, job->address);
    struct names names = names_in(&b);
    struct name_entry *entry = names_find(&names, span_of(job->client, job->client_size),
                                          span_of(job->name, job->name_size));
    bool changed;

    if (entry == NULL || !is_mine(s, &b))
        return;
    if (job->add)
        changed =
            note_added(job, &b, &names, entry, outcome == DNS_DONE ? NAME_ADDED : NAME_TAKEN);
    else
        changed = note_removed(job, &b, &names, entry);
    if (!changed)
        return;
    b.names = names_encode(&names, s->names_bytes);
    b.term = s->alone ? 0 : s->fo.record.term;
    persist_own(s, &b);
}

static void tell_failure(struct server *s, const struct dns_job *job, const char *problem,
                         struct effects *fx)
{
    struct dns *dns = s->dns;
    const size_t size = strnlen(problem, PROBLEM_SIZE - 1);

    if (!dns->failing)
        effects_event(fx, EVENT_WARNING, "dns-failed",
                      "%s could not be %s the DNS: %s; it is tried again, and so is what "
                      "comes meanwhile",
                      job->name, job->add ? "put into" : "taken out of", problem);
    dns->failing = true;
    dns->failed++;
    memcpy(dns->problem, problem, size);
    dns->problem[size] = '\0';
}

static void tell_success(struct server *s, const struct dns_job *job, enum dns_outcome outcome,
                         struct effects *fx)
{
    struct dns *dns = s->dns;
    char address[IP4_TEXT_SIZE];

    if (dns->failing)
        effects_event(fx, EVENT_NOTICE, "dns-recovered", "the DNS takes updates again");
    dns->failing = false;
    if (outcome == DNS_TAKEN) {
        dns->taken++;
        effects_event(fx, EVENT_WARNING, "dns-name-taken",
                      "%s is another's in the DNS and stays that: %s goes without it",
                      job->name, ip4_format(job->address, address));
    } else if (job->add) {
        dns->added++;
    } else {
        dns->removed++;
    }
}

void server_dns_done(struct server *s, struct instant now, const struct dns_job *done,
                     enum dns_outcome outcome, const char *problem, struct effects *fx)
{
    struct dns *dns = s->dns;
    struct dns_job *job = find_job(dns, done->address);
    const struct dns_job mine = *done;

    server_advance(s, now, fx);
    ASSERT(job != NULL && job->id == done->id);
    job->id = 0;
    dns->in_flight--;
    if (outcome == DNS_LATE) {
        enqueue(dns, mine.address);
        return;
    }
    if (outcome == DNS_FAILED) {
        tell_failure(s, &mine, problem, fx);
        try_again(dns, mine.address, instant_add_ms(now, AGAIN_MS));
        return;
    }
    tell_success(s, &mine, outcome, fx);
    write_result(s, &mine, outcome);
    /* What came while it was on its way was passed over. */
    enqueue(dns, mine.address);
}

void server_dns_status(const struct server *s, struct dns_status *out)
{
    const struct dns *dns = s->dns;

    *out = (struct dns_status){.configured = dns != NULL, .problem = ""};
    if (dns == NULL)
        return;
    out->backlog = dns->backlog;
    out->in_flight = dns->in_flight;
    out->added = dns->added;
    out->removed = dns->removed;
    out->taken = dns->taken;
    out->failed = dns->failed;
    out->failing = dns->failing;
    out->problem = dns->failing ? dns->problem : "";
}
