/* tests/unit/api/test_listen.c - the sockets that the API listens on */
#include "tests/unit/api/help_server.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct fixture {
    struct server *server;
    uv_loop_t loop;
    char directory[32], path[128], error[256];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    f->server = help_server_new(true);
    assert_int_equal(uv_loop_init(&f->loop), 0);
    strcpy(f->directory, "/tmp/twindhcp-api-XXXXXX");
    assert_non_null(mkdtemp(f->directory));
    snprintf(f->path, sizeof(f->path), "%s/api.sock", f->directory);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    help_close_loop(&f->loop);
    help_server_free(f->server);
    unlink(f->path);
    assert_int_equal(rmdir(f->directory), 0);
    free(f);
    return 0;
}

static struct api *start(struct fixture *f, const char *path, const char *tcp)
{
    f->error[0] = '\0';
    return help_listen(&f->loop, f->server, path, tcp, f->error, sizeof(f->error));
}

/* Starting fails with `text` in the error. */
static void assert_refused(struct fixture *f, const char *path, const char *tcp,
                           const char *text)
{
    assert_null(start(f, path, tcp));
    if (strstr(f->error, text) == NULL)
        fail_msg("no \"%s\" in \"%s\"", text, f->error);
    assert_null(strchr(f->error, '\n'));
}

static bool exists(const char *path)
{
    struct stat file;

    return lstat(path, &file) == 0;
}

/* Whatever the umask: the group may use it, others may not. */
static void the_socket_is_for_its_group(void **state)
{
    static const mode_t masks[] = {0, 022, 077};
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
        const mode_t old = umask(masks[i]);
        struct stat file;
        struct api *api = start(f, f->path, NULL);
        umask(old);
        assert_non_null(api);
        assert_int_equal(stat(f->path, &file), 0);
        assert_int_equal(file.st_mode & 07777, 0660);
        api_free(api);
        assert_false(exists(f->path));
    }
}

static void the_last_directory_is_made(void **state)
{
    struct fixture *f = *state;
    char directory[64], path[80];

    snprintf(directory, sizeof(directory), "%s/run", f->directory);
    snprintf(path, sizeof(path), "%s/api.sock", directory);
    struct api *api = start(f, path, NULL);
    assert_non_null(api);
    api_free(api);
    assert_int_equal(rmdir(directory), 0);
}

static void a_path_of_missing_directories_is_refused(void **state)
{
    struct fixture *f = *state;
    char path[80];

    snprintf(path, sizeof(path), "%s/a/b/api.sock", f->directory);
    assert_refused(f, path, NULL, "No such file or directory");
}

static void a_path_too_long_for_a_socket_is_refused(void **state)
{
    struct fixture *f = *state;
    char path[200];

    memset(path, 'x', sizeof(path));
    path[sizeof(path) - 1] = '\0';
    assert_refused(f, path, NULL, "longer than 107");
}

static void the_socket_of_a_dead_process_is_replaced(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%.100s", f->path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    close(fd);
    assert_true(exists(f->path));
    struct api *api = start(f, f->path, NULL);
    assert_non_null(api);
    api_free(api);
}

static void the_socket_of_a_live_process_is_left_alone(void **state)
{
    struct fixture *f = *state;
    struct api *first = start(f, f->path, NULL);

    assert_non_null(first);
    assert_refused(f, f->path, NULL, "running already");
    assert_true(exists(f->path));
    api_free(first);
}

static void another_file_in_the_way_is_left_alone(void **state)
{
    struct fixture *f = *state;
    FILE *file = fopen(f->path, "w");

    assert_non_null(file);
    fclose(file);
    assert_refused(f, f->path, NULL, "no socket");
    assert_true(exists(f->path));
}

/* Started anew over our file, another server owns the name. */
static void the_socket_file_of_another_is_not_removed(void **state)
{
    struct fixture *f = *state;
    struct api *first = start(f, f->path, NULL);

    assert_non_null(first);
    assert_int_equal(unlink(f->path), 0);
    struct api *second = start(f, f->path, NULL);
    assert_non_null(second);
    api_free(first);
    assert_true(exists(f->path));
    api_free(second);
    assert_false(exists(f->path));
}

static void an_address_that_cannot_be_used_is_named(void **state)
{
    struct fixture *f = *state;

    assert_refused(f, f->path, "localhost", "127.0.0.1:8067");
    assert_refused(f, f->path, "127.0.0.1:", "127.0.0.1:8067");
    assert_refused(f, f->path, "127.0.0.1:65536", "127.0.0.1:8067");
    assert_refused(f, f->path, "127.0.0.256:80", "127.0.0.1:8067");
    assert_refused(f, f->path, "192.0.2.1:8067", "192.0.2.1:8067");
    assert_false(exists(f->path)); /* nothing is left half done */
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    api_free(NULL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_socket_is_for_its_group),
        TEST(the_last_directory_is_made),
        TEST(a_path_of_missing_directories_is_refused),
        TEST(a_path_too_long_for_a_socket_is_refused),
        TEST(the_socket_of_a_dead_process_is_replaced),
        TEST(the_socket_of_a_live_process_is_left_alone),
        TEST(another_file_in_the_way_is_left_alone),
        TEST(the_socket_file_of_another_is_not_removed),
        TEST(an_address_that_cannot_be_used_is_named),
        TEST(freeing_nothing_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
