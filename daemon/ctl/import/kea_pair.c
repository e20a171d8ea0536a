/* daemon/ctl/import/kea_pair.c - the parameters of Kea's HA hook into `pair:`. */
#include <string.h>

#include "daemon/ctl/import/kea.h"
#include "daemon/ctl/import/pair.h"

/* "http://192.0.2.1:8000/" -> "192.0.2.1" */
static const char *host_of(struct kea *k, const char *url)
{
    const char *host = url == NULL ? NULL : strstr(url, "://");

    if (host == NULL)
        return url;
    host += 3;
    return import_copy(k->run, host, strcspn(host, ":/"));
}

/* Which of the two nodes a role is; -1: none that we have. */
static int node_index(const char *role)
{
    if (role == NULL)
        return -1;
    if (strcmp(role, "primary") == 0)
        return 0;
    return strcmp(role, "secondary") == 0 || strcmp(role, "standby") == 0 ? 1 : -1;
}

static void read_peers(struct kea *k, const struct jvalue *ha, struct import_node nodes[2],
                       struct yaml *pair)
{
    for (const struct jvalue *peer = json_items(json_get(ha, "peers")); peer != NULL;
         peer = peer->next) {
        const char *name = json_text_of(peer, "name");
        const int i = node_index(json_text_of(peer, "role"));
        if (i < 0) {
            import_note(k->run, pair, peer->place, "peers",
                        "%s is a backup: a pair has two nodes, each of which serves",
                        name == NULL ? "a node" : name);
            continue;
        }
        nodes[i] =
            (struct import_node){name, host_of(k, json_text_of(peer, "url")), peer->place};
        (void)json_get(peer, "auto-failover"); /* always, here */
        kea_leftovers(k, peer, pair);
    }
}

static void note_timers(struct kea *k, const struct jvalue *ha, struct yaml *pair)
{
    static const char *const advices[][2] = {
        {"heartbeat-delay", "the link is watched by itself, every 250 ms"},
        {"max-response-delay", "link-timeout (1s) says when a silent partner is served for"},
        {"max-ack-delay", "max-unanswered (3s) says how long a client of the partner waits"},
        {"max-unacked-clients", "a client that the partner leaves waiting is served at once"},
        {"wait-backup-ack", "there are no backups"},
        {"send-lease-updates", "lease updates are always sent"},
        {"sync-leases", "leases are always synchronised"},
        {"sync-timeout", "leases are synchronised in a stream without a limit of time"},
        {"sync-page-limit", "leases are synchronised in a stream"},
        {"delayed-updates-limit", "what the partner lacks is kept without a limit"},
        {"multi-threading", "the link needs no threads of its own"},
        {"max-rejected-lease-updates", "updates are merged, not rejected"},
        {"restrict-commands", "the API is a unix socket"},
        {"trust-anchor", "the link is secured by CURVE keys: `twinctl keygen`"},
        {"cert-file", "the link is secured by CURVE keys: `twinctl keygen`"},
        {"key-file", "the link is secured by CURVE keys: `twinctl keygen`"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(advices); i++) {
        const struct jvalue *value = json_get(ha, advices[i][0]);
        if (value != NULL)
            import_note(k->run, pair, value->place, advices[i][0], "%s", advices[i][1]);
    }
}

void kea_pair(struct kea *k, const struct jvalue *parameters)
{
    const struct jvalue *list = json_get(parameters, "high-availability");
    const struct jvalue *ha = json_items(list);
    struct import_node nodes[2] = {{0}, {0}};

    if (ha == NULL)
        return;
    struct yaml *pair = yaml_map(k->run, k->document, "pair");
    const char *mode = json_text_of(ha, "mode");
    nodes[0].place = nodes[1].place = ha->place;
    read_peers(k, ha, nodes, pair);
    (void)json_get(ha, "this-server-name"); /* the file is the same on both */
    if (mode == NULL ||
        (strcmp(mode, "load-balancing") != 0 && strcmp(mode, "hot-standby") != 0)) {
        import_note(k->run, pair, ha->place, "mode",
                    "there is no \"%s\": hot-standby is nearest", mode == NULL ? "" : mode);
        mode = "hot-standby";
    }
    import_pair(k->run, pair, "kea", mode, nodes, ha->place);
    note_timers(k, ha, pair);
    kea_leftovers(k, ha, pair);
    for (ha = ha->next; ha != NULL; ha = ha->next)
        import_note(
            k->run, pair, ha->place, "high-availability",
            "one server is in one pair: a further relationship needs servers of its own");
}
