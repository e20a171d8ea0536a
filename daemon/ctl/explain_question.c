/* daemon/ctl/explain_question.c - the packet of twinctl explain: from a capture, from bytes, or
 * made of its parts. */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/capture/pcap.h"
#include "daemon/ctl/explain.h"

#define HEX_MAX (8 * QUESTION_PACKET_MAX)

static bool is_request(const struct capture_packet *packet)
{
    const struct span bytes = packet->datagram.payload;

    return bytes.size > 0 && bytes.data[0] == DHCP4_BOOTREQUEST;
}

static bool from_packet(const struct capture_packet *packet, struct question *out, char *error,
                        size_t error_size)
{
    const struct captured *d = &packet->datagram;

    if (d->payload.size > sizeof(out->bytes)) {
        snprintf(error, error_size, "packet %llu has %zu bytes; more than %d no server reads",
                 (unsigned long long)packet->number, d->payload.size, QUESTION_PACKET_MAX);
        return false;
    }
    out->source = d->source;
    out->destination = d->destination;
    out->size = d->payload.size;
    memcpy(out->bytes, d->payload.data, d->payload.size);
    return true;
}

static bool from_capture(const struct explain_options *e, struct question *out, char *error,
                         size_t error_size)
{
    char problem[CAPTURE_ERROR_SIZE] = "";
    struct capture *capture = capture_open(e->pcap, problem);
    struct capture_packet packet;
    enum td_err result = TD_MALFORMED;
    bool good = false;

    while (capture != NULL && (result = capture_next(capture, &packet, problem)) == TD_OK &&
           (e->packet != 0 ? packet.number < e->packet : !is_request(&packet)))
        ;
    if (result == TD_OK && (e->packet == 0 || packet.number == e->packet))
        good = from_packet(&packet, out, error, error_size);
    else if (result == TD_MALFORMED)
        snprintf(error, error_size, "%s", problem);
    else if (e->packet != 0)
        snprintf(error, error_size, "packet %llu of %s is not there, or no DHCP",
                 (unsigned long long)e->packet, e->pcap);
    else
        snprintf(error, error_size, "no client's packet in %s (%llu fragments passed over)",
                 e->pcap, (unsigned long long)capture_count(capture, CAPTURE_FRAGMENT));
    capture_close(capture);
    return good;
}

static bool from_hex(const char *text, struct question *out, char *error, size_t error_size)
{
    static char file_text[HEX_MAX];
    FILE *file;

    if (text[0] == '@') {
        file = fopen(text + 1, "r");
        if (file == NULL) {
            snprintf(error, error_size, "cannot read %s: %s", text + 1, strerror(errno));
            return false;
        }
        file_text[fread(file_text, 1, sizeof(file_text) - 1, file)] = '\0';
        fclose(file);
        text = file_text;
    }
    if (question_parse_hex(text, out))
        return true;
    snprintf(error, error_size, "--hex: whole bytes in hexadecimal, at most %d of them",
             QUESTION_PACKET_MAX);
    return false;
}

static bool take_address(const char *name, const char *text, struct ip4 *out, char *error,
                         size_t error_size)
{
    if (text == NULL || ip4_parse(text, out))
        return true;
    snprintf(error, error_size, "--%s: \"%.40s\" is no IPv4 address", name, text);
    return false;
}

/* Its name, and its address unless that is given: of another machine it need not be here. */
static bool take_interface(const char *name, struct question *q, char *error, size_t error_size)
{
    struct ip4 *out = &q->local;
    struct ifaddrs *all = NULL;
    bool found = false;

    if (name == NULL)
        return true;
    snprintf(q->interface, sizeof(q->interface), "%s", name);
    if (out->value != 0)
        return true;
    if (getifaddrs(&all) == 0) {
        for (const struct ifaddrs *a = all; a != NULL && !found; a = a->ifa_next) {
            if (strcmp(a->ifa_name, name) != 0 || a->ifa_addr == NULL ||
                a->ifa_addr->sa_family != AF_INET)
                continue;
            *out = ip4(ntohl(
                ((const struct sockaddr_in *)(const void *)a->ifa_addr)->sin_addr.s_addr));
            found = true;
        }
        freeifaddrs(all);
    }
    if (!found)
        snprintf(error, error_size,
                 "--interface: there is no %.40s with an IPv4 address on this machine; --local "
                 "gives the address itself",
                 name);
    return found;
}

bool explain_question(const struct explain_options *e, struct question *out, char *error,
                      size_t error_size)
{
    bool good;

    *out = (struct question){.size = 0};
    if (e->pcap != NULL)
        good = from_capture(e, out, error, error_size);
    else if (e->hex != NULL)
        good = from_hex(e->hex, out, error, error_size);
    else
        good = build_packet(&e->parts, out, error, error_size);
    return good && take_address("source", e->source, &out->source, error, error_size) &&
           take_address("destination", e->destination, &out->destination, error, error_size) &&
           take_address("local", e->local, &out->local, error, error_size) &&
           take_interface(e->interface, out, error, error_size);
}
