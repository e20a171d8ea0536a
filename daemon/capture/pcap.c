/* daemon/capture/pcap.c - libpcap, for reading files only.  See pcap.h. */
#include "daemon/capture/pcap.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

struct capture {
    pcap_t *pcap;
    enum capture_link link;
    uint64_t number;
    uint64_t counts[CAPTURE_FOUND];
};

static bool link_of(int type, enum capture_link *link)
{
    switch (type) {
    case DLT_EN10MB:
        *link = CAPTURE_ETHERNET;
        return true;
    case DLT_LINUX_SLL:
        *link = CAPTURE_SLL;
        return true;
    case DLT_LINUX_SLL2:
        *link = CAPTURE_SLL2;
        return true;
    case DLT_RAW:
    case DLT_IPV4:
        *link = CAPTURE_IP;
        return true;
    default:
        return false;
    }
}

struct capture *capture_open(const char *path, char error[static CAPTURE_ERROR_SIZE])
{
    char problem[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap =
        pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, problem);
    struct capture *capture;

    if (pcap == NULL) {
        snprintf(error, CAPTURE_ERROR_SIZE, "cannot read the capture %s: %s", path, problem);
        return NULL;
    }
    capture = calloc(1, sizeof(*capture));
    ASSERT(capture != NULL);
    capture->pcap = pcap;
    if (link_of(pcap_datalink(pcap), &capture->link))
        return capture;
    snprintf(error, CAPTURE_ERROR_SIZE,
             "%s has packets of link type %d; only Ethernet, Linux cooked and raw IP are "
             "understood",
             path, pcap_datalink(pcap));
    capture_close(capture);
    return NULL;
}

void capture_close(struct capture *capture)
{
    if (capture == NULL)
        return;
    pcap_close(capture->pcap);
    free(capture);
}

enum td_err capture_next(struct capture *capture, struct capture_packet *out,
                         char error[static CAPTURE_ERROR_SIZE])
{
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int result;

    while ((result = pcap_next_ex(capture->pcap, &header, &bytes)) == 1) {
        const enum capture_found found =
            capture_decode(capture->link, span_of(bytes, header->caplen), &out->datagram);

        capture->number++;
        capture->counts[found]++;
        if (found != CAPTURE_DHCP)
            continue;
        out->number = capture->number;
        out->when = instant_ms((int64_t)header->ts.tv_sec * 1000 +
                               (int64_t)header->ts.tv_usec / 1000000); /* nanoseconds */
        return TD_OK;
    }
    if (result == PCAP_ERROR_BREAK)
        return TD_NOT_FOUND;
    snprintf(error, CAPTURE_ERROR_SIZE, "the capture breaks off after packet %llu: %s",
             (unsigned long long)capture->number, pcap_geterr(capture->pcap));
    return TD_MALFORMED;
}

uint64_t capture_count(const struct capture *capture, enum capture_found kind)
{
    return capture->counts[kind];
}
