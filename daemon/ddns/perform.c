/* daemon/ddns/perform.c - see perform.h */
#include "daemon/ddns/perform.h"

#include <stdio.h>

/* One job on its way. */
struct doing {
    const struct ddns_performer *performer;
    const struct dns_job *job;
    char *problem;
};

static enum ddns_answer ask(struct doing *d, const struct config_ddns_zone *zone,
                            enum ddns_message_type type)
{
    const struct ddns_performer *p = d->performer;
    const struct ddns_message message = {
        .type = type,
        .zone = zone,
        .secret = zone->key != NULL ? ddns_keys_secret(p->keys, p->ddns, zone->key) : NULL,
        .job = d->job,
        .ttl_s = p->ddns->ttl_s};

    return p->transport.ask(p->transport.context, &message, d->problem);
}

static enum dns_outcome strange(struct doing *d, enum ddns_answer answer)
{
    if (answer != DDNS_REJECTED)
        (void)snprintf(d->problem, DDNS_FAILURE_SIZE,
                       "the server contradicts itself: the name comes and goes");
    return DNS_FAILED;
}

/* RFC 4703 5.3.1, 5.3.2: take the name if nobody has it, else see whose it is. */
static enum dns_outcome add_checked(struct doing *d, const struct config_ddns_zone *zone)
{
    const enum ddns_message_type again =
        d->performer->ddns->conflicts == CONFLICTS_CHECK ? DDNS_ADD_OWN : DDNS_ADD_OWNED;
    enum ddns_answer answer = ask(d, zone, DDNS_ADD_NEW);

    if (answer == DDNS_NAME_USED) {
        answer = ask(d, zone, again);
        if (answer == DDNS_NOT_MET)
            return DNS_TAKEN;
    }
    return answer == DDNS_OK ? DNS_DONE : strange(d, answer);
}

static enum dns_outcome add_forward(struct doing *d, const struct config_ddns_zone *zone)
{
    enum ddns_answer answer;

    if (d->performer->ddns->conflicts != CONFLICTS_NONE)
        return add_checked(d, zone);
    answer = ask(d, zone, DDNS_ADD_ANY);
    return answer == DDNS_OK ? DNS_DONE : strange(d, answer);
}

/* RFC 4703 5.5: what is not there, or another's, is as it shall be. */
static enum dns_outcome remove_forward(struct doing *d, const struct config_ddns_zone *zone)
{
    enum ddns_answer answer = ask(d, zone, DDNS_REMOVE_ADDRESS);

    if (answer == DDNS_OK)
        answer = ask(d, zone, DDNS_REMOVE_NAME);
    return answer == DDNS_OK || answer == DDNS_NOT_MET ? DNS_DONE : strange(d, answer);
}

static enum dns_outcome do_reverse(struct doing *d, const struct config_ddns_zone *zone)
{
    const enum ddns_answer answer =
        ask(d, zone, d->job->add ? DDNS_ADD_REVERSE : DDNS_REMOVE_REVERSE);

    return answer == DDNS_OK || (answer == DDNS_NOT_MET && !d->job->add) ? DNS_DONE
                                                                         : strange(d, answer);
}

enum dns_outcome ddns_perform(const struct ddns_performer *performer, const struct dns_job *job,
                              char problem[static DDNS_FAILURE_SIZE])
{
    struct doing d = {performer, job, problem};
    char reverse[REVERSE_NAME_SIZE];
    const size_t size = config_reverse_name(job->address, reverse);
    const struct config_ddns_zone *forward =
        config_ddns_zone_of(performer->ddns, span_of(job->name, job->name_size));
    const struct config_ddns_zone *back =
        config_ddns_zone_of(performer->ddns, span_of(reverse, size));
    enum dns_outcome outcome = DNS_DONE;

    /* The address is not known by a name that it has not got (RFC 4703 5.4). */
    if (job->forward && forward != NULL)
        outcome = job->add ? add_forward(&d, forward) : remove_forward(&d, forward);
    if (outcome == DNS_DONE && job->reverse && back != NULL)
        outcome = do_reverse(&d, back);
    return outcome;
}
