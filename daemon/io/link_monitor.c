#include "daemon/io/link_monitor.h"

#include <stdio.h>
#include <zmq.h>

void *link_monitor_open(void *context, void *socket, unsigned int number)
{
    static const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                              ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                              ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                              ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
    char name[64];
    void *monitor;
    int linger = 0, unlimited = 0;

    snprintf(name, sizeof name, "inproc://twindhcp-monitor-%u", number);
    if (zmq_socket_monitor(socket, name, events) != 0)
        return NULL;
    monitor = zmq_socket(context, ZMQ_PAIR);
    if (monitor == NULL)
        return NULL;
    (void)zmq_setsockopt(monitor, ZMQ_LINGER, &linger, sizeof linger);
    /* ZeroMQ's own thread writes events, and would wait for us to read. */
    (void)zmq_setsockopt(monitor, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    if (zmq_connect(monitor, name) == 0)
        return monitor;
    zmq_close(monitor);
    return NULL;
}

void link_monitor_close(void *monitor, void *socket)
{
    /* First no more events: to write one that nobody is there to read would stop ZeroMQ's
     * thread for ever. */
    (void)zmq_socket_monitor(socket, NULL, 0);
    zmq_close(monitor);
}

static const char *protocol_reason(uint32_t value)
{
    switch (value) {
    case ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC:
        return "the keys do not fit: each node needs the other's present public key";
    case ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH:
        return "only one side encrypts: `pair: security` differs between the nodes";
    case ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA:
        return "the other side is no twindhcp node";
    default:
        return "the other side does not follow the ZMTP protocol";
    }
}

static const char *auth_reason(uint32_t status)
{
    return status == 400 ? "the partner does not know this node's key"
                         : "the partner cannot check this node's key at present";
}

/* A first frame holds the event's type and value, in the machine's byte order. */
static bool decode(const uint8_t *bytes, size_t size, struct link_monitor_event *event)
{
    uint16_t type;
    uint32_t value;

    if (size < sizeof type + sizeof value)
        return false;
    memcpy(&type, bytes, sizeof type);
    memcpy(&value, bytes + sizeof type, sizeof value);
    *event = (struct link_monitor_event){.change = LINK_FAILED, .fd = -1, .reason = ""};
    switch (type) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        event->change = LINK_CONNECTED;
        event->fd = (int)value;
        return true;
    case ZMQ_EVENT_DISCONNECTED:
        event->change = LINK_DISCONNECTED;
        event->fd = (int)value;
        return true;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        event->reason = protocol_reason(value);
        return true;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        event->change = LINK_UNKNOWN_KEY;
        event->reason = auth_reason(value);
        return true;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        event->reason = "the other side closed the connection or said nothing";
        return true;
    default:
        return false;
    }
}

bool link_monitor_next(void *monitor, struct link_monitor_event *event)
{
    bool decoded = false;

    while (!decoded) {
        uint8_t first[16];
        char endpoint[256];
        int size = zmq_recv(monitor, first, sizeof first, ZMQ_DONTWAIT);

        if (size < 0)
            return false;
        (void)zmq_recv(monitor, endpoint, sizeof endpoint, ZMQ_DONTWAIT);
        decoded = decode(first, (size_t)size, event);
    }
    return true;
}
