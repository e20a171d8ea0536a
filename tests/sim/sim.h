/* tests/sim/sim.h - two complete servers and their world in one process.
 *
 * Everything that happens is an event of one queue in virtual time (ms), and every choice comes
 * from generators made from one seed: a seed is a run.  The servers are the real ones
 * (daemon/core and below); what stands here in place of daemon/io is the world that they are
 * promised to survive. */
#ifndef TWINDHCP_SIM_H
#define TWINDHCP_SIM_H

#include "config/load.h"
#include "daemon/core/server.h"
#include "proto/frame.h"
#include "tests/sim/coverage.h"

#define CLIENTS_MAX   400
#define FAULTS_MAX    64
#define ADDRESSES_MAX 2048 /* see address_index() */
#define SUBNETS       2
#define STRANGERS_MAX 3
#define CONFIGS       2 /* as installed first, and as changed */
/* Of a machine whose wall clock is right. */
#define LEASE_CLOCK_AT_START INT64_C(1790000000000)

/* ---- chance ---- */

struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *rng);
uint32_t rng_below(struct rng *rng, uint32_t sides);               /* 0 .. sides-1 */
int64_t rng_between(struct rng *rng, int64_t least, int64_t most); /* inclusive */
bool rng_percent(struct rng *rng, uint32_t percent);
struct rng rng_fork(uint64_t seed, uint64_t purpose);

/* ---- events ---- */

struct sim;
struct happening;
typedef void event_run(struct sim *sim, struct happening *event);

struct happening {
    int64_t at;
    uint64_t order; /* of two at one time, the one made first */
    event_run *run;
    int who;    /* role, client or direction, as `run` knows */
    uint64_t n; /* epoch or index */
    void *data; /* owned by the event, freed after it */
};

struct event_queue {
    struct happening *heap;
    size_t count, capacity;
    uint64_t made;
};

void sim_at(struct sim *sim, int64_t at, event_run *run, int who, uint64_t n, void *data);
bool queue_pop(struct event_queue *queue, struct happening *out);
void queue_deinit(struct event_queue *queue);

/* ---- what a run is made of: from the seed, or written down in a scenario ---- */

struct settings {
    bool hot_standby, start_alone_wait;
    int64_t mclt_s, mclt_changed_s; /* the second file's */
    int64_t lease_s, lease_max_s;
    int64_t link_timeout_ms, ack_timeout_ms, startup_wait_ms, max_unanswered_ms, skew_ms;
    int64_t offer_hold_s, abandon_s;
    uint32_t pool_size[SUBNETS];
    bool shared_network;   /* both subnets are on one link */
    uint32_t reservations; /* of clients 0, 1, ... in the first subnet */
    uint32_t orders;       /* reservations that an operator makes or removes meanwhile */
    bool late_reservation; /* only in the second file, of an address in a pool */
    uint32_t pool_growth;  /* in the second file */
    uint32_t renew_cache;  /* percent; 0: off */
    uint32_t allocation;   /* enum config_allocation; 0: not written */
    bool rapid_commit;     /* the file allows it, and all clients ask for it */
    uint32_t clients;
    uint32_t kinds;              /* bit by enum client_kind: which occur */
    int64_t calm_until, heal_at; /* faults lie between */
    int64_t busy_ms;             /* after healing, clients go on for so long */
    uint32_t loss_percent, duplicate_percent;
    int64_t delay_max_ms;  /* of a client's packet, one way */
    int64_t link_delay_ms; /* one way */
    int64_t commit_max_ms; /* of a healthy disk */
    bool probe;            /* addresses are probed before they are offered */
    int64_t probe_wait_ms, probe_recheck_s;
    uint32_t strangers; /* addresses of pools with a machine that has no lease */
    bool ddns;          /* clients have names in the DNS */
    bool guests;        /* a pool of the LAN denies some clients */
};

enum fault_kind {
    FAULT_KILL,        /* the process dies; back after `duration` */
    FAULT_POWER,       /* the machine dies */
    FAULT_CRASH_POINT, /* dies at the `param`-th effect from here */
    FAULT_RESTART,     /* the operator restarts it in order */
    FAULT_STOP,        /* stopped and continued */
    FAULT_CUT,         /* no frame gets through */
    FAULT_CUT_ONE_WAY, /* none of `role`'s frames */
    FAULT_FLAP,        /* `param` short cuts */
    FAULT_RESET,       /* the connection breaks */
    FAULT_FRAME_LOST,
    FAULT_REPLAY,    /* frames of an older connection come once more */
    FAULT_LINK_SLOW, /* `param` ms each way */
    FAULT_DEAF,      /* hears no client */
    FAULT_MUTE,      /* no client hears it */
    FAULT_DISK_SLOW, /* `param` ms each write */
    FAULT_DISK_FULL,
    FAULT_DISK_LOST,  /* dies, and comes back with an empty store */
    FAULT_SET_BACK,   /* dies, and comes back with a store of `param` percent of its writes */
    FAULT_DECLARED,   /* dies, is declared down, returns; `param` 1: without its store */
    FAULT_FENCED,     /* loses contact and clients, is declared down, returns */
    FAULT_HANDOVER,   /* hands over; returns by command, (`param` 1) by a restart, or (2) both
                         hand over at once, and both return by command */
    FAULT_CLOCK_STEP, /* the wall clock by `param` percent of what is allowed */
    FAULT_STORM,      /* packets are lost, doubled, late */
    FAULT_BOOT_STORM, /* all clients start anew at once */
    FAULT_CONFIG,     /* restarted with the other file; the partner keeps the old one */
};
#define FAULT_KINDS 25
const char *fault_name(enum fault_kind kind);
bool fault_by_name(const char *name, enum fault_kind *kind);

struct fault {
    uint32_t number; /* in the plan that the seed drew */
    int64_t at;
    enum fault_kind kind;
    enum role role;
    int64_t duration;
    int64_t param; /* CRASH_POINT, negative: drawn from 1 .. -param when it strikes */
};

struct plan {
    struct fault faults[FAULTS_MAX];
    size_t count;
};

void settings_draw(struct settings *settings, uint64_t seed);
void plan_draw(struct plan *plan, const struct settings *settings, uint64_t seed);
struct config *settings_config(const struct settings *settings, int variant);

/* ---- store ---- */

/* A log of batches: bytes of the batch after size and checksum.  What is after `synced` is lost
 * by a crash, or kept, or torn. */
struct store {
    uint8_t *bytes;
    size_t size, capacity, synced;
    size_t *ends; /* where each synced batch ends */
    size_t end_count, end_capacity;
    const struct store_batch *writing;
    size_t floor; /* batches: an older snapshot is of before another disk was lost */
    int64_t slow_until, slow_ms, full_until;
    int64_t slow_done_at; /* the last slow write */
    int64_t retried_at;   /* the last failed write, at the latest */
};

/* What one peer's disk says of an address; its own writes and the partner's alike. */
struct view_record {
    enum binding_state state;
    enum role owner;
    uint64_t client; /* key_hash(), 0 = none */
    struct instant expires;
    uint32_t term;
    struct version version;
};

struct view {
    struct view_record records[ADDRESSES_MAX];
    /* The longest lease for one client that this peer ever had on disk, even if that disk is
     * lost now: what the partner may count on. */
    struct {
        uint64_t client;
        struct instant expires;
    } known[ADDRESSES_MAX];
    uint32_t pair_state, pair_term;
    bool has_pair;
    uint64_t seq, applied_seq;
};

enum crash_outcome { CRASH_KEEPS, CRASH_LOSES, CRASH_TEARS };
void store_begin(struct sim *sim, enum role role, const struct store_batch *batch);
void store_crash(struct sim *sim, enum role role, enum crash_outcome outcome);
void store_wipe(struct store *store);
/* Go back to the first `batches`. */
void store_set_back(struct store *store, size_t batches);
void store_load(struct sim *sim, enum role role); /* into the node's server */
void store_deinit(struct store *store);

void view_rebuild(struct sim *sim, enum role role);
void view_add(struct sim *sim, enum role role, struct span key, struct span value);
/* The own seq that the store would have after only `batches`. */
uint64_t store_seq_at(const struct store *store, size_t batches);

/* ---- servers ---- */

/* The newest probe of an address. */
struct asked {
    uint64_t epoch, number; /* of which life of the server */
    int64_t at;
    bool excused;        /* no answer can have come in time */
    int64_t found_until; /* somebody has answered: it is not offered before then */
};

struct datagram_event;

struct node {
    enum role role;
    struct server *server; /* NULL: does not run */
    uint64_t epoch;        /* counts starts and deaths: events of an older one mean nothing */
    struct effects fx;
    bool dirty;       /* has work for a flush */
    int64_t fx_since; /* the oldest of `fx` may be that old */
    bool stopped;
    uint64_t stop_count;
    int variant; /* of the configuration file */
    struct store store;
    struct view view;

    int64_t wall_offset_ms; /* of this machine's wall clock */
    int64_t drift_ppm;      /* of its time since boot */
    int64_t clock_offset_ms;

    uint64_t points;   /* effects carried out so far that a crash can come before */
    uint64_t crash_at; /* 0: none planned */
    int64_t crash_down_ms;
    int64_t deaf_until, mute_until;
    bool fenced;        /* no clients until it has heard its partner */
    bool must_meet;     /* may not serve before that: kept from starting alone */
    int64_t down_until; /* when it may come back */
    bool kept_down;     /* declared down: comes back on its fault's word */
    int64_t stable_since;
    bool store_wiped, store_older; /* at its next start */
    bool died_recovering;          /* when it was last to be declared down */
    enum fo_state state;           /* as last seen */
    bool lone;                     /* serves without having met its partner since it started */
    struct asked asked[ADDRESSES_MAX];
    struct happening *backlog; /* what arrived while stopped */
    size_t backlog_count, backlog_capacity;
};

struct instant node_now(const struct sim *sim, const struct node *node);
bool node_runs(const struct node *node); /* and is not stopped */
void node_start(struct sim *sim, enum role role);
void node_die(struct sim *sim, enum role role, bool power, int64_t down_ms);
void node_stop(struct sim *sim, enum role role, int64_t duration);
void node_go_on(struct sim *sim, enum role role);
void node_restart(struct sim *sim, enum role role, int64_t down_ms);
void node_touched(struct sim *sim, enum role role); /* after an input */
void node_carry_out(struct sim *sim, enum role role);
void node_due_to_start(struct sim *sim, enum role role, int64_t at);
enum fo_state node_state(const struct node *node); /* FO_SHUTDOWN when it does not run */
void node_deinit(struct node *node);
/* While stopped, an event of this node waits: true if it was put by. */
bool node_put_by(struct sim *sim, enum role role, struct happening *event);

/* ---- dns.c ---- */

/* Of one address: whose its name is, and whose the way back; 0 = there is none. */
struct sim_name {
    uint64_t forward, reverse;
};

void dns_feed(struct sim *sim, enum role role); /* what its server may do now sets out */

/* ---- link ---- */

struct link_item {
    uint64_t connection;
    int64_t at;
    bool end;      /* the connection was closed behind what was sent */
    bool replayed; /* from an older connection */
    uint8_t *bytes;
    size_t size;
};

#define LINK_REMEMBERED 64

struct link_way { /* from one role to the other */
    struct link_item *items;
    size_t head, count, capacity;
    bool cut;
    int64_t last_at;
};

struct link {
    struct link_way way[2]; /* by the sender's role */
    uint64_t made;          /* connections so far */
    uint64_t connection[2]; /* as each end sees it; 0: none */
    uint64_t closing[2];    /* given up by its end, which has not been told yet */
    uint64_t buried;        /* the primary takes no frame of this one or an older one */
    uint64_t cuts; /* counts changes, so that an older fault's end undoes no newer one */
    int64_t slow_until, slow_ms;
    uint32_t lose_next[2];
    struct link_item sent[2][LINK_REMEMBERED]; /* the last frames */
    size_t sent_count[2];
    uint64_t update_sent[2], update_acked[2]; /* numbers of this session, by the sender */
};

void link_start(struct sim *sim);
void link_send(struct sim *sim, enum role from, struct span bytes);
void link_reset(struct sim *sim, enum role by); /* drops the own end */
void link_process_gone(struct sim *sim, enum role role, bool power);
void link_cut(struct sim *sim, enum role from, bool cut);
void link_break(struct sim *sim); /* both ends learn of it, each in its time */
void link_replay(struct sim *sim, enum role from);
bool link_is_whole(const struct sim *sim);
void link_wake(struct sim *sim, enum role to); /* it runs again */
void link_deinit(struct link *link);

/* ---- clients ---- */

enum client_kind {
    KIND_PLAIN,
    KIND_PXE,         /* never sends secs, forgets its lease when it starts */
    KIND_BROADCASTER, /* wants broadcasts, and renews by broadcast */
    KIND_RELEASER,
    KIND_DECLINER,
    KIND_REBOOTER,   /* INIT-REBOOT again and again */
    KIND_CLONE,      /* has another client's identifier */
    KIND_MOVER,      /* between the subnets */
    KIND_LATE,       /* renews only when it must */
    KIND_EAGER,      /* renews every second */
    KIND_SLOW,       /* thinks for long before it takes an offer */
    KIND_SWAPPED,    /* sends secs in the wrong byte order */
    KIND_TWO_IN_ONE, /* one machine, two identities */
};
#define CLIENT_KINDS 13
const char *client_kind_name(enum client_kind kind);

enum client_state {
    CLIENT_OFF,
    CLIENT_INIT,
    CLIENT_SELECTING,
    CLIENT_REQUESTING,
    CLIENT_REBOOTING,
    CLIENT_BOUND,
    CLIENT_RENEWING,
    CLIENT_REBINDING,
};

/* What a client with a lease does next. */
enum client_act { ACT_RENEW, ACT_RELEASE, ACT_DECLINE, ACT_REBOOT, ACT_FORGET, ACT_MOVE };

struct client {
    int number;
    enum client_kind kind;
    uint8_t hardware[6];
    uint8_t id[8];
    size_t id_size; /* 0: known by its hardware */
    uint64_t key;   /* key_hash() */
    struct rng rng;
    int subnet; /* where it is now: 0 on the servers' LAN, 1 behind a relay */

    enum client_state state;
    enum client_act next;
    uint64_t epoch; /* of its timer */
    uint32_t xid;
    uint32_t refused_xid; /* of its last message that a server refused, heard by it or not */
    int64_t asked_at;     /* first message of this exchange */
    int64_t began_at;     /* of this attempt to get an address: secs */
    uint32_t tries;
    struct ip4 offered;
    enum role offerer;
    bool has_offer;
    int64_t offered_at;
    uint64_t sent, delivered[2]; /* transmissions; the newest that each server got */

    struct ip4 address; /* the lease that it has */
    int lease_subnet;
    enum role server;
    int64_t lease_from, lease_until;
    struct ip4 declined[4];
    size_t declined_count;
    uint64_t naks, acks;
    uint32_t ended_xid;      /* of its last RELEASE or DECLINE */
    bool ended_heard[2];     /* a server has got that */
    uint64_t ended_epoch[2]; /* ... in this life of it */
    bool came_back; /* what may bind it came, or a DHCPACK was sent to it, after that */

    /* I4: what each server got of it without a word from either */
    struct {
        uint32_t count;
        int64_t since, last;
    } unheard[2];
};

void clients_make(struct sim *sim);
void client_receive(struct sim *sim, struct client *client, enum role from,
                    const struct dhcp4_packet *packet);
void client_timer(struct sim *sim, struct client *client, int64_t at);
void client_renew(struct sim *sim, struct client *client, bool broadcast);
void client_reboot(struct sim *sim, struct client *client); /* INIT-REBOOT */
void client_discover(struct sim *sim, struct client *client);
/* behaviour.c */
void client_live(struct sim *sim, struct client *client); /* it has got or kept a lease */
void client_act(struct sim *sim, struct client *client);
/* Is it on the link that its lease is for? */
bool client_on_lease_link(const struct sim *sim, const struct client *client);
bool client_refuses(const struct client *client, struct ip4 address);

/* ---- packets ---- */

struct ask {
    enum dhcp4_type type;
    struct ip4 requested, server, ciaddr;
    bool unicast;
    enum role to; /* when unicast */
};

struct ip4 node_address(enum role role);
struct ip4 relay_address(void);
void net_ask(struct sim *sim, struct client *client, const struct ask *ask);
void net_reply(struct sim *sim, enum role from, const struct reply *reply);
/* The chances of one way through the network: how long it takes; -1: lost. */
int64_t net_passage(struct sim *sim);

/* ---- guest.c: clients that a pool of the LAN does not serve ---- */

extern const char guest_class_text[];
bool guests_are_denied(const struct settings *s);
/* The pools of the LAN up to `last`; only where guests are denied. */
size_t guest_pools_text(char *out, size_t size, const struct settings *s, uint32_t last);
/* As far as pools go: what is reserved for the client it may have anyway. */
bool guest_may_have(const struct sim *sim, const struct client *client, struct ip4 address);
/* Is it one, and on the LAN? */
bool guest_is_served(const struct sim *sim, const struct client *client);

/* ---- stranger.c: machines without a lease, and probes ---- */

void strangers_make(struct sim *sim);
bool stranger_has(const struct sim *sim, struct ip4 address);
/* A server that probes need not offer it. */
bool stranger_hides(const struct sim *sim, enum role role, struct ip4 address);
void net_probe(struct sim *sim, enum role role, const struct probe *probe);
/* Every address is to be probed by it now. */
bool probes_all(const struct sim *sim, const struct node *node);
/* So much later a DHCPDISCOVER may be answered for that. */
int64_t probe_longest_ms(const struct sim *sim, const struct node *node);
/* A DHCPOFFER leaves: no stranger's address that a probe has found. */
void check_offer(struct sim *sim, enum role by, const struct dhcp4_packet *offer);
/* After each input: has it met its partner? */
void strangers_watch(struct node *node, enum fo_state from, enum fo_link link);

/* ---- checkers: they know what the clients were promised ---- */

struct promise {
    uint64_t client; /* 0: none */
    int number;      /* of the client, for messages */
    int64_t until;
    enum role by;
    bool excused; /* only the server whose disk was lost knew of it */
};

int address_index(struct ip4 address); /* -1: of no subnet here */
struct ip4 address_of_index(uint32_t index);
uint64_t key_hash(struct span key);
/* For messages; each lives until the eighth call after it. */
const char *address_text(struct ip4 address);
const char *client_name(const struct client *client);         /* "client 7" */
const char *client_text(const struct sim *sim, uint64_t key); /* who has this identifier */

/* A client took an ACK: I1. */
void check_bound(struct sim *sim, const struct client *client);
/* It was refused: I2. */
void check_refused(struct sim *sim, const struct client *client);
/* It gave its lease up. */
void check_given_up(struct sim *sim, const struct client *client);
/* An ACK leaves a server: I6. */
void check_promise(struct sim *sim, enum role by, const struct dhcp4_packet *packet);
/* A disk is about to lose what is not at the partner: I2's exception. */
void check_disk_lost(struct sim *sim, enum role role);
/* check_service.c: I4 */
void check_asked(struct sim *sim, enum role role, struct client *client, const struct ask *ask);
/* It serves, and its record of `address` is a lease of this client. */
bool check_knows_lease(struct sim *sim, enum role role, const struct client *client,
                       struct ip4 address);
void check_answered(struct client *client);
/* The partner's record of a lease arrives: it has dealt with that client. */
void check_heard_of(struct sim *sim, enum role to, const struct binding *lease);
/* check_rest.c: I3 and I5, at rest */
/* dns.c */
bool check_names(struct sim *sim, char *why, size_t size);

bool check_equal(struct sim *sim, char *why, size_t size);
bool check_all_free(struct sim *sim, char *why, size_t size);
bool check_disks(struct sim *sim, enum role role, char *why, size_t size);
void check_fill_begin(struct sim *sim);
bool check_filled(struct sim *sim, char *why, size_t size);

bool configured_everywhere(const struct sim *sim, struct ip4 address); /* in every file */

void sim_violation(struct sim *sim, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- the run ---- */

/* A reservation made while running, as the operator knows it. */
#define RESERVED_MAX 32
struct reserved {
    uint64_t client; /* key_hash() */
    bool known;      /* made, and not removed since */
    struct ip4 address;
    enum role role; /* where it was made, */
    uint64_t epoch; /* in which life of it, */
    struct reservation_change change;
    int64_t acked_at; /* on both disks; -1: not yet, or not heard of */
};

struct options {
    bool trace;
    bool has_crash; /* the sweep: one peer dies at its `crash_point`-th effect */
    enum role crash_role;
    uint64_t crash_point;
    bool crash_loses; /* the write under way; and the power goes */
};

struct sim {
    uint64_t seed;
    struct settings settings;
    struct plan plan;
    struct options options;

    int64_t now;
    struct event_queue queue;
    struct rng net_rng, link_rng, store_rng, node_rng;
    struct config *configs[2][CONFIGS]; /* by role: each has its own */
    struct node nodes[2];
    struct link link;
    struct client *clients;
    size_t client_count;
    struct promise promises[ADDRESSES_MAX];
    int strangers[STRANGERS_MAX]; /* indexes of addresses */
    struct rng reserve_rng;
    struct reserved reserved[RESERVED_MAX];
    size_t reserved_count;
    bool reserved_ever[ADDRESSES_MAX];
    struct sim_name names[ADDRESSES_MAX]; /* by address, which names itself */
    struct rng dns_rng;

    int64_t storm_until;
    bool healed, silent, over, crashed;
    bool declared_open;   /* a declaration until both are in NORMAL again */
    bool disk_open;       /* the same for a lost or set-back disk */
    bool disk_was_lost;   /* or set back, ever */
    int64_t normal_since; /* both; -1: not */
    int64_t heal_deadline, return_at;
    int phase;
    size_t fill_first;

    char violation[600];
    char violation_rule[16];
    int64_t violation_at;
    uint64_t hash; /* of everything that happened */
    uint64_t events, acks, naks, skipped_faults;
    uint64_t points[2]; /* of each node when the faults were over */
    struct coverage coverage;
};

struct sim *sim_new(uint64_t seed, const struct settings *settings, const struct plan *plan,
                    const struct options *options);
void sim_run(struct sim *sim); /* sim->violation is empty when all was well */
void sim_free(struct sim *sim);

/* phases.c */
void phases_begin(struct sim *sim);

/* reserve.c: an operator reserves addresses while the pair runs */
void reserve_begin(struct sim *sim);
void reserve_watch(struct sim *sim); /* after every event */
void reserve_end(struct sim *sim);   /* removes all */
bool reserve_equal(const struct sim *sim);
/* Was ever an address reserved for this client; was this address ever reserved? */
bool reserve_is_for(const struct sim *sim, const struct client *c);
bool reserve_concerns(const struct sim *sim, struct ip4 address);
/* Was it ever, or does one of the files reserve it? */
bool reserve_any(const struct sim *sim, struct ip4 address);
/* A client took an ACK. */
void check_reserved(struct sim *sim, const struct client *client);

/* operator.c, faults.c */
void operator_begin(struct sim *sim);
void operator_opens(struct sim *sim, bool *episode);
void operator_watch(struct sim *sim); /* after every event: who has met whom */
void operator_heal(struct sim *sim);
void operator_return(struct sim *sim, enum role role); /* from SHUTDOWN, if it is */
bool operator_may_start(const struct sim *sim, enum role role);
void fault_strike(struct sim *sim, const struct fault *fault);
bool fault_is_allowed(const struct sim *sim, const struct fault *fault);
bool operator_is_meeting(const struct sim *sim); /* nothing may come between the two now */
bool both_normal(const struct sim *sim);

/* situation.c: what the servers were brought into, for the coverage */
void covered(struct sim *sim, enum thing thing);
void situation_sent(struct sim *sim, enum role from, struct span bytes);
/* Before it is taken; true for a BindingUpdate. */
bool situation_frame(struct sim *sim, enum role to, struct span bytes);
void situation_after(struct sim *sim, enum role to, uint64_t seq_before);
void situation_write(struct sim *sim, enum role role, struct span key, struct span value);
void situation_event(struct sim *sim, enum role role, const struct event *event);
void situation_state(struct sim *sim, enum role role, enum fo_state from);
void situation_counters(struct sim *sim, enum role role); /* before the server goes */

/* ---- trace.c: what a reader of a failing seed wants to see ---- */

void trace(struct sim *sim, const char *who, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void trace_frame(struct sim *sim, enum role from, struct span bytes, bool arrives);
void trace_write(struct sim *sim, enum role role, struct span key, struct span value);
void trace_note(struct sim *sim, uint64_t a, uint64_t b); /* into the hash */
void trace_ask(struct sim *sim, const struct client *client, const struct ask *ask);
void trace_reply(struct sim *sim, enum role from, const struct dhcp4_packet *packet,
                 bool heard);
void trace_legend(const struct sim *sim); /* how to read it, and who the clients are */
void trace_moment(struct sim *sim);       /* both peers and what they hold, now */

#endif
