#include "help_link.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

#include "help_io.h"

static void on_up(void *context)
{
    struct end *end = context;

    end->out_of_place += end->is_up;
    end->is_up = true;
    end->ups++;
    if (end->answers)
        end_send(end, 0, 4);
}

static void on_down(void *context)
{
    struct end *end = context;

    end->out_of_place += !end->is_up;
    end->is_up = false;
    end->downs++;
}

static void on_frame(void *context, struct span bytes)
{
    struct end *end = context;

    end->out_of_place += !end->is_up;
    end->last_size = bytes.size;
    if (end->frames < HELP_FRAMES && bytes.size >= 4)
        memcpy(&end->numbers[end->frames], bytes.data, 4);
    end->frames++;
}

static void on_event(void *context, const struct event *event)
{
    struct end *end = context;

    snprintf(end->event, sizeof end->event, "%s", event->name);
    snprintf(end->text, sizeof end->text, "%s", event->text);
}

/* A port that was free a moment ago. */
static unsigned int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void on_before_wait(uv_prepare_t *before_wait)
{
    struct pair *pair = before_wait->data;

    if (pair->primary.link != NULL)
        link_before_wait(pair->primary.link);
    if (pair->secondary.link != NULL)
        link_before_wait(pair->secondary.link);
}

struct pair *pair_new(void)
{
    struct pair *pair = calloc(1, sizeof *pair);

    assert_non_null(pair);
    assert_int_equal(uv_loop_init(&pair->loop), 0);
    uv_prepare_init(&pair->loop, &pair->before_wait);
    pair->before_wait.data = pair;
    uv_prepare_start(&pair->before_wait, on_before_wait);
    snprintf(pair->address, sizeof pair->address, "tcp://127.0.0.1:%u", free_port());
    pair->config.name = "test";
    pair->config.nodes[ROLE_PRIMARY] = (struct config_node){"dhcp-a", pair->address};
    pair->config.nodes[ROLE_SECONDARY] = (struct config_node){"dhcp-b", "tcp://127.0.0.2:1"};
    pair->primary = (struct end){.pair = pair, .role = ROLE_PRIMARY, .answers = true};
    pair->secondary = (struct end){.pair = pair, .role = ROLE_SECONDARY, .answers = true};
    return pair;
}

void pair_free(struct pair *pair)
{
    end_close(&pair->primary);
    end_close(&pair->secondary);
    uv_close((uv_handle_t *)&pair->before_wait, NULL);
    help_loop_end(&pair->loop);
    free(pair);
}

static struct link *open_link(struct end *end, char *error, size_t size)
{
    struct link_host host = {
        .context = end, .up = on_up, .down = on_down, .frame = on_frame, .event = on_event};

    return link_new(&end->pair->loop, &end->pair->config, end->role, &host, error, size);
}

void end_open(struct end *end)
{
    char error[512] = "";

    end->link = open_link(end, error, sizeof error);
    assert_string_equal(error, "");
    assert_non_null(end->link);
}

const char *end_open_fails(struct end *end)
{
    static char error[512];

    error[0] = '\0';
    assert_null(open_link(end, error, sizeof error));
    return error;
}

void end_close(struct end *end)
{
    link_free(end->link, 0);
    end->link = NULL;
    end->is_up = false;
}

void end_send(struct end *end, uint32_t number, size_t size)
{
    static uint8_t bytes[1 << 20];

    assert_true(size >= 4 && size <= sizeof bytes);
    memcpy(bytes, &number, 4);
    link_send(end->link, span_of(bytes, size));
}

static bool both_up(void *context)
{
    const struct pair *pair = context;

    return pair->primary.is_up && pair->secondary.is_up;
}

void pair_wait_until_up(struct pair *pair)
{
    help_run_until(&pair->loop, both_up, pair);
}

void pair_open(struct pair *pair)
{
    end_open(&pair->primary);
    end_open(&pair->secondary);
    pair_wait_until_up(pair);
}

void help_key_pair(const char *directory, const char *node)
{
    char name[64], public_key[41], secret_key[41];

    assert_int_equal(zmq_curve_keypair(public_key, secret_key), 0);
    snprintf(name, sizeof name, "%s.pub", node);
    help_file(directory, name, public_key, 0644);
    snprintf(name, sizeof name, "%s.key", node);
    help_file(directory, name, secret_key, 0600);
}

void help_keys(const char *directory)
{
    help_key_pair(directory, "dhcp-a");
    help_key_pair(directory, "dhcp-b");
}
