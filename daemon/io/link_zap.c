#include "daemon/io/link_zap.h"

#include <zmq.h>

/* A request's frames: version, request id, domain, address, identity, mechanism, credentials.
 */
#define FRAMES     7
#define FRAME_SIZE 256

struct request {
    size_t count; /* of frames, those beyond the expected ones included */
    uint8_t frame[FRAMES][FRAME_SIZE];
    size_t size[FRAMES]; /* as received: above FRAME_SIZE, it was cut */
};

enum td_err link_zap_init(struct link_zap *zap, void *context, const char *allowed_public)
{
    int linger = 0;

    *zap = (struct link_zap){.socket = NULL};
    if (zmq_z85_decode(zap->allowed, allowed_public) == NULL)
        return TD_MALFORMED;
    zap->socket = zmq_socket(context, ZMQ_REP);
    ASSERT(zap->socket != NULL);
    (void)zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof linger);
    if (zmq_bind(zap->socket, "inproc://zeromq.zap.01") != 0) {
        link_zap_deinit(zap);
        return TD_REFUSED;
    }
    return TD_OK;
}

void link_zap_deinit(struct link_zap *zap)
{
    if (zap->socket != NULL)
        zmq_close(zap->socket);
    zap->socket = NULL;
}

static bool receive_request(void *socket, struct request *request)
{
    int more = 1;

    request->count = 0;
    while (more) {
        zmq_msg_t part;
        size_t at = request->count;

        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&part);
            return false;
        }
        if (at < FRAMES) {
            size_t size = zmq_msg_size(&part);

            request->size[at] = size;
            memcpy(request->frame[at], zmq_msg_data(&part),
                   size < FRAME_SIZE ? size : FRAME_SIZE);
        }
        request->count++;
        more = zmq_msg_more(&part);
        zmq_msg_close(&part);
    }
    return true;
}

static bool frame_is(const struct request *request, size_t i, struct span wanted)
{
    return request->size[i] <= FRAME_SIZE &&
           span_equal(span_of(request->frame[i], request->size[i]), wanted);
}

static bool is_allowed(const struct link_zap *zap, const struct request *request)
{
    return request->count == FRAMES && frame_is(request, 0, span_of("1.0", 3)) &&
           frame_is(request, 5, span_of("CURVE", 5)) &&
           frame_is(request, 6, span_of(zap->allowed, sizeof zap->allowed));
}

static void answer(void *socket, const struct request *request, bool allowed)
{
    size_t id_size =
        request->count > 1 && request->size[1] <= FRAME_SIZE ? request->size[1] : 0;
    const char *code = allowed ? "200" : "400";
    const char *text = allowed ? "" : "unknown key";

    /* Inproc, to one who waits for it: there is nothing to do about a failure. */
    (void)zmq_send(socket, "1.0", 3, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    (void)zmq_send(socket, request->frame[1], id_size, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    (void)zmq_send(socket, code, 3, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    (void)zmq_send(socket, text, strlen(text), ZMQ_SNDMORE | ZMQ_DONTWAIT);
    (void)zmq_send(socket, "", 0, ZMQ_SNDMORE | ZMQ_DONTWAIT); /* user id */
    (void)zmq_send(socket, "", 0, ZMQ_DONTWAIT);               /* metadata */
}

size_t link_zap_work(struct link_zap *zap)
{
    struct request request;
    size_t refused = 0;

    while (zap->socket != NULL && receive_request(zap->socket, &request)) {
        bool allowed = is_allowed(zap, &request);

        answer(zap->socket, &request, allowed);
        if (!allowed)
            refused++;
    }
    return refused;
}
