/* daemon/core/class.c - which classes a client belongs to.
 *
 * Found once a packet, when they are asked for first.  The additional ones depend on the pool,
 * so that they are found anew for each pool whose answer is composed; few files have any. */
#include "daemon/core/class.h"

#include <stdlib.h>

#include "daemon/core/evaluate.h"
#include "daemon/core/match.h"
#include "daemon/core/server_internal.h"

#define WORD_BITS 64

static void *must_have(void *memory)
{
    ASSERT(memory != NULL);
    return memory;
}

void classes_init(struct classes *classes, size_t class_count)
{
    *classes = (struct classes){.words = class_count / WORD_BITS + 1};
    classes->matched = must_have(calloc(class_count + 1, sizeof(struct config_class *)));
    classes->in = must_have(calloc(classes->words, sizeof(uint64_t)));
}

void classes_deinit(struct classes *classes)
{
    free(classes->matched);
    free(classes->in);
}

static bool is_in(const struct classes *classes, size_t i)
{
    return (classes->in[i / WORD_BITS] >> i % WORD_BITS & 1) != 0;
}

static void put_in(struct classes *classes, size_t i)
{
    classes->in[i / WORD_BITS] |= (uint64_t)1 << i % WORD_BITS;
}

static void forget(struct classes *classes)
{
    classes->count = 0;
    classes->codes = (struct option_codes){{0}};
    classes->lease_time = NULL;
    classes->send = false;
    classes->shares = (struct lease_shares){{CONFIG_SHARE_UNSET, 0}, {CONFIG_SHARE_UNSET, 0}};
}

static void add_class(struct classes *classes, const struct config_class *class)
{
    classes->matched[classes->count++] = class;
    option_codes_add_all(&classes->codes, &class->terms.options->codes);
    classes->send = classes->send || class->terms.send != NULL;
    if (classes->lease_time == NULL && config_lease_time_is_set(&class->terms.lease_time))
        classes->lease_time = &class->terms.lease_time;
    if (classes->shares.renew.unit == CONFIG_SHARE_UNSET)
        classes->shares.renew = class->terms.care.renew;
    if (classes->shares.rebind.unit == CONFIG_SHARE_UNSET)
        classes->shares.rebind = class->terms.care.rebind;
}

/* The beginning of the option that was looked at last: classes of one kind stand together. */
struct head {
    uint8_t code;
    int32_t size; /* -1: absent */
    uint64_t bytes;
};

static struct head head_of(const struct dhcp4_packet *p, uint8_t code)
{
    const struct span value = p->option[code];
    struct head head = {code, -1, 0};

    if (value.data == NULL)
        return head;
    head.size = (int32_t)value.size;
    if (value.size > 0)
        memcpy(&head.bytes, value.data,
               value.size < sizeof(head.bytes) ? value.size : sizeof(head.bytes));
    return head;
}

static bool may_hold(const struct config_gate *gate, const struct dhcp4_packet *p,
                     struct head *head)
{
    if (gate->code == 0)
        return true;
    if (gate->code != head->code)
        *head = head_of(p, gate->code);
    return head->size >= gate->size && ((head->bytes ^ gate->head) & gate->mask) == 0;
}

bool class_test_holds(const struct config_class *class, const struct facts *facts)
{
    switch (class->test) {
    case CLASS_BY_MATCH:
        return match_holds(class->conditions, class->condition_count, facts);
    case CLASS_BY_EXPRESSION:
        return evaluate_test(&class->expression, facts);
    case CLASS_BY_BUILTIN:
        return fact_in_class(facts, class->builtin);
    case CLASS_GIVEN:
        return false;
    }
    return false;
}

static void put_in_all(struct classes *classes, const struct config_class_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->numbers[i] >= CONFIG_BUILTINS)
            put_in(classes, list->numbers[i] - CONFIG_BUILTINS);
}

const struct classes *classes_of(struct server *s, const struct request *r)
{
    struct classes *classes = &s->classes;
    const bool given = r->reservation != NULL && r->reservation->classes.count > 0;
    struct head head = {.code = 0};

    if (classes->known)
        return classes;
    classes->known = true;
    forget(classes);
    classes->facts = (struct facts){.packet = r->packet,
                                    .datagram = r->datagram,
                                    .known = r->reservation != NULL,
                                    .classes = classes->in};
    memset(classes->in, 0, classes->words * sizeof(uint64_t));
    if (given)
        put_in_all(classes, &r->reservation->classes);
    for (size_t i = 0; i < s->config->class_count; i++) {
        const struct config_class *class = &s->config->classes[i];

        if (!given || !is_in(classes, i)) {
            if (!may_hold(&s->config->gates[i], r->packet, &head) ||
                class->additional == CONFIG_FLAG_YES ||
                !class_test_holds(class, &classes->facts))
                continue;
            put_in(classes, i);
        }
        add_class(classes, class);
    }
    return classes;
}

/* ---- additional classes ---- */

static void want(uint64_t *wanted, const struct config_class_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->numbers[i] >= CONFIG_BUILTINS) {
            const size_t class = list->numbers[i] - CONFIG_BUILTINS;

            wanted[class / WORD_BITS] |= (uint64_t)1 << class % WORD_BITS;
        }
}

/* In the order of the file, so that one sees those before it. */
static void add_wanted(struct classes *here, const uint64_t *wanted,
                       const struct config *config)
{
    for (size_t i = 0; i < config->class_count; i++) {
        const struct config_class *class = &config->classes[i];
        const bool is_wanted = (wanted[i / WORD_BITS] >> i % WORD_BITS & 1) != 0;

        if (!is_in(here, i)) {
            if (!is_wanted ||
                (class->test != CLASS_GIVEN && !class_test_holds(class, &here->facts)))
                continue;
            put_in(here, i);
        }
        add_class(here, class);
    }
}

static bool adds_classes(const struct request *r, const struct config_subnet *subnet,
                         const struct config_pool *pool)
{
    return subnet->add_classes.count > 0 || subnet->link->add_classes.count > 0 ||
           (pool != NULL && pool->add_classes.count > 0) ||
           (r->reservation != NULL && r->reservation->add_classes.count > 0);
}

const struct classes *classes_at(struct server *s, const struct request *r,
                                 const struct config_subnet *subnet,
                                 const struct config_pool *pool)
{
    const struct classes *classes = classes_of(s, r);
    struct classes *here = &s->classes_here;

    if (!adds_classes(r, subnet, pool))
        return classes;
    forget(here);
    memcpy(here->in, classes->in, classes->words * sizeof(uint64_t));
    here->facts = classes->facts;
    here->facts.classes = here->in;
    memset(s->wanted_classes, 0, classes->words * sizeof(uint64_t));
    if (pool != NULL)
        want(s->wanted_classes, &pool->add_classes);
    want(s->wanted_classes, &subnet->add_classes);
    want(s->wanted_classes, &subnet->link->add_classes);
    if (r->reservation != NULL)
        want(s->wanted_classes, &r->reservation->add_classes);
    add_wanted(here, s->wanted_classes, s->config);
    return here;
}
