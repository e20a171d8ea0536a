/* daemon/ctl/import/isc_pair.c - dhcpd's failover peer into `pair:`. */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import/isc.h"
#include "daemon/ctl/import/pair.h"

struct failover {
    struct yaml *pair;
    struct import_node own, peer;
    bool secondary, standby;
    unsigned split; /* of 256; 0: not said */
};

/* "split 128" or "hba ...": which part of the clients is the primary's; here it is the part of
 * the free addresses. */
static void read_split(struct isc *i, struct failover *f, const struct isc_statement *s)
{
    const struct isc_token *word = isc_word(s, 1);
    const unsigned split = word == NULL ? 0 : (unsigned)atoi(word->text);

    if (split >= 255)
        f->standby = true;
    else if (split == 0)
        isc_note(i, f->pair, s,
                 "all clients the secondary's: exchange the roles, and say "
                 "mode: hot-standby");
    else
        f->split = split;
}

static void read_one(struct isc *i, struct failover *f, const struct isc_statement *s)
{
    const struct isc_token *last = isc_word(s, 1);
    uint64_t number;
    struct isc_scope scope = {.node = f->pair};

    if (isc_starts(s, "primary") || isc_starts(s, "secondary")) {
        f->secondary = isc_starts(s, "secondary");
    } else if (isc_starts(s, "address") && last != NULL) {
        f->own.address = last->text;
        f->own.place = s->place;
    } else if (isc_starts(s, "peer address") && isc_word(s, 2) != NULL) {
        f->peer.address = isc_word(s, 2)->text;
        f->peer.place = s->place;
    } else if (isc_starts(s, "port") || isc_starts(s, "peer port")) {
        isc_note(i, f->pair, s, "the link has a port of its own, 6470");
    } else if (isc_starts(s, "mclt")) {
        if (isc_number(i, &scope, s, &number))
            yaml_duration(i->run, f->pair, "mclt", number);
    } else if (isc_starts(s, "split")) {
        read_split(i, f, s);
    } else if (isc_starts(s, "load balance max seconds")) {
        if (isc_word(s, 4) != NULL && atoi(isc_word(s, 4)->text) > 0)
            yaml_duration(i->run, f->pair, "max-unanswered",
                          (uint64_t)atoi(isc_word(s, 4)->text));
    } else if (isc_starts(s, "max-response-delay")) {
        isc_note(i, f->pair, s, "link-timeout (1s) says when a silent partner is served for");
    } else if (isc_starts(s, "auto-partner-down")) {
        isc_note(i, f->pair, s, "who is alone is said by a person: `twinctl partner-down`");
    } else {
        isc_note(i, f->pair, s, "nothing to set");
    }
}

void isc_failover(struct isc *i, struct isc_scope *scope, const struct isc_statement *statement)
{
    const struct isc_token *name = isc_word(statement, 2);
    struct failover f = {0};

    if (i->pair_said) {
        isc_note(i, scope->node, statement, "one server is in one pair");
        return;
    }
    i->pair_said = true;
    f.pair = yaml_document(i->run);
    f.own.place = f.peer.place = statement->place;
    for (const struct isc_statement *s = statement->block; s != NULL; s = s->next)
        read_one(i, &f, s);
    const struct import_node nodes[2] = {f.secondary ? f.peer : f.own,
                                         f.secondary ? f.own : f.peer};
    struct yaml *pair = yaml_map(i->run, i->document, "pair");
    import_pair(i->run, pair, name == NULL ? "dhcp" : name->text,
                f.standby ? "hot-standby" : "load-balancing", nodes, statement->place);
    if (f.split > 0 && f.split != 128) {
        const unsigned percent = f.split * 100 / 256;
        yaml_number(i->run, pair, "split", percent < 1 ? 1 : percent);
    }
    for (const struct yaml *child = f.pair->first; child != NULL; child = child->next)
        if (child->kind == YAML_COMMENT)
            yaml_comment(i->run, pair, child->text);
    yaml_merge(i->run, pair, f.pair);
}
