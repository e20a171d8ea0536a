#include "daemon/io/interfaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/option.h"

/* An address may bear a label of its own, "eth0:1". */
static bool is_of_interface(const char *label, const char *name)
{
    size_t size = strlen(name);

    return strncmp(label, name, size) == 0 && (label[size] == '\0' || label[size] == ':');
}

static void read_addresses(struct interface *interface, const struct ifaddrs *list)
{
    interface->address_count = 0;
    for (const struct ifaddrs *a = list; a != NULL; a = a->ifa_next) {
        struct sockaddr_in in;

        if (a->ifa_addr == NULL || a->ifa_addr->sa_family != AF_INET ||
            !is_of_interface(a->ifa_name, interface->name) ||
            interface->address_count == INTERFACE_ADDRESSES_MAX)
            continue;
        memcpy(&in, a->ifa_addr, sizeof in);
        interface->addresses[interface->address_count++] = ip4(ntohl(in.sin_addr.s_addr));
    }
}

static void read_interface(struct interface *interface, const struct ifaddrs *list)
{
    interface->index = if_nametoindex(interface->name);
    read_addresses(interface, list);
}

/* "eth0, eth1": what there is instead of the one that is not. */
static void list_names(char *out, size_t size)
{
    struct if_nameindex *names = if_nameindex();
    size_t used = 0;

    out[0] = '\0';
    if (names == NULL)
        return;
    for (const struct if_nameindex *n = names; n->if_index != 0 && used + 1 < size; n++)
        used +=
            (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", n->if_name);
    if_freenameindex(names);
}

static enum td_err check(const struct interface *interface, char *error, size_t size)
{
    char names[256];

    if (interface->index == 0) {
        list_names(names, sizeof names);
        snprintf(error, size, "there is no interface %s (there are: %s)", interface->name,
                 names);
        return TD_NOT_FOUND;
    }
    if (interface->address_count == 0) {
        snprintf(error, size,
                 "interface %s has no IPv4 address: the server needs one to answer from",
                 interface->name);
        return TD_NOT_FOUND;
    }
    return TD_OK;
}

enum td_err interfaces_init(struct interfaces *set, const char *const *names, size_t count,
                            char *error, size_t error_size)
{
    struct ifaddrs *list = NULL;
    enum td_err result = TD_OK;

    *set = (struct interfaces){NULL, 0};
    if (count == 0)
        return TD_OK;
    if (getifaddrs(&list) != 0) {
        snprintf(error, error_size, "the interfaces cannot be read: %s", strerror(errno));
        return TD_NOT_FOUND;
    }
    set->items = calloc(count, sizeof *set->items);
    ASSERT(set->items != NULL);
    set->count = count;
    for (size_t i = 0; i < count && result == TD_OK; i++) {
        set->items[i].name = names[i];
        read_interface(&set->items[i], list);
        result = check(&set->items[i], error, error_size);
    }
    freeifaddrs(list);
    if (result != TD_OK)
        interfaces_deinit(set);
    return result;
}

void interfaces_deinit(struct interfaces *set)
{
    free(set->items);
    *set = (struct interfaces){NULL, 0};
}

static bool same(const struct interface *a, const struct interface *b)
{
    return a->index == b->index && a->address_count == b->address_count &&
           memcmp(a->addresses, b->addresses, a->address_count * sizeof a->addresses[0]) == 0;
}

static void describe(const struct interface *interface, char *out, size_t size)
{
    char address[IP4_TEXT_SIZE];

    if (interface->index == 0)
        snprintf(out, size, "interface %s is gone", interface->name);
    else if (interface->address_count == 0)
        snprintf(out, size, "interface %s has no IPv4 address", interface->name);
    else
        snprintf(out, size, "interface %s has index %u, %zu address(es), the first is %s",
                 interface->name, interface->index, interface->address_count,
                 ip4_format(interface->addresses[0], address));
}

bool interfaces_refresh(struct interfaces *set, char *text, size_t text_size)
{
    struct ifaddrs *list = NULL;
    bool changed = false;

    if (set->count == 0 || getifaddrs(&list) != 0)
        return false;
    for (size_t i = 0; i < set->count; i++) {
        struct interface before = set->items[i];

        read_interface(&set->items[i], list);
        if (same(&before, &set->items[i]))
            continue;
        changed = true;
        describe(&set->items[i], text, text_size);
    }
    freeifaddrs(list);
    return changed;
}

const struct interface *interfaces_by_index(const struct interfaces *set, uint32_t index)
{
    for (size_t i = 0; i < set->count; i++) {
        if (index != 0 && set->items[i].index == index)
            return &set->items[i];
    }
    return NULL;
}

const struct interface *interfaces_by_address(const struct interfaces *set, struct ip4 address)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct interface *interface = &set->items[i];

        for (size_t j = 0; j < interface->address_count; j++) {
            if (ip4_equal(interface->addresses[j], address))
                return interface;
        }
    }
    return NULL;
}

int interfaces_watch(void)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK,
                                  .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

void interfaces_watch_drain(int fd)
{
    char messages[8192];

    /* What they say is read from the system anew; that some were lost (ENOBUFS) is a message
     * too. */
    for (;;) {
        if (recv(fd, messages, sizeof messages, 0) < 0 && errno != ENOBUFS && errno != EINTR)
            return;
    }
}
