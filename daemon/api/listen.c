/* daemon/api/listen.c - see listen.h */
#include "daemon/api/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/option.h"

#define BACKLOG     64
#define SOCKET_MODE 0660

static int fail(int fd, char *error, size_t error_size, const char *what, const char *where)
{
    const char *why = strerror(errno);

    snprintf(error, error_size, "%s %s: %s", what, where, why);
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool make_directory_of(const char *path, char *error, size_t error_size)
{
    char directory[sizeof(((struct socket_file *)NULL)->path)];
    const char *slash = strrchr(path, '/');

    if (slash == NULL || slash == path)
        return true;
    snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path), path);
    if (mkdir(directory, 0755) == 0 || errno == EEXIST)
        return true;
    fail(-1, error, error_size, "cannot make the directory of the API socket", directory);
    return false;
}

/* Make room for a socket file: false when a live process or some other file is there. */
static bool clear_stale(const struct sockaddr_un *address, char *error, size_t error_size)
{
    struct stat file;

    if (lstat(address->sun_path, &file) != 0) {
        if (errno == ENOENT)
            return true;
        fail(-1, error, error_size, "cannot look at the API socket", address->sun_path);
        return false;
    }
    if (!S_ISSOCK(file.st_mode)) {
        snprintf(error, error_size,
                 "%s is in the way of the API socket: it is no socket; remove it",
                 address->sun_path);
        return false;
    }
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        fail(-1, error, error_size, "cannot make the API socket", address->sun_path);
        return false;
    }
    /* Nobody listens behind the file of a dead process.  A full backlog (EAGAIN) is a live one.
     */
    const int answer = connect(fd, (const struct sockaddr *)address, sizeof(*address));
    const int why = errno;
    close(fd);
    if (answer == 0 || why != ECONNREFUSED) {
        snprintf(error, error_size,
                 "another process listens on the API socket %s: is twindhcpd running already?",
                 address->sun_path);
        return false;
    }
    if (unlink(address->sun_path) == 0 || errno == ENOENT)
        return true;
    fail(-1, error, error_size, "cannot replace the old API socket", address->sun_path);
    return false;
}

int listen_unix(const char *path, struct socket_file *file, char *error, size_t error_size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct socket_file made;
    struct stat status;

    if (strlen(path) >= sizeof(address.sun_path)) {
        snprintf(error, error_size, "the path of the API socket is longer than %zu bytes: %s",
                 sizeof(address.sun_path) - 1, path);
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (!make_directory_of(path, error, error_size) ||
        !clear_stale(&address, error, error_size))
        return -1;

    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(fd, error, error_size, "cannot make the API socket", path);
    /* The mode of the descriptor is what bind() makes the file with, less the umask, so nobody
     * else can connect in between; chmod() then gives back what the umask took. */
    if (fchmod(fd, SOCKET_MODE) != 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        return fail(fd, error, error_size, "cannot make the API socket", path);
    memcpy(made.path, path, strlen(path) + 1);
    if (lstat(path, &status) != 0)
        return fail(fd, error, error_size, "cannot look at the API socket", path);
    made.device = status.st_dev;
    made.inode = status.st_ino;
    if (chmod(path, SOCKET_MODE) != 0 || listen(fd, BACKLOG) != 0) {
        const int result = fail(fd, error, error_size, "cannot listen on the API socket", path);
        socket_file_remove(&made);
        return result;
    }
    *file = made;
    return fd;
}

void socket_file_remove(const struct socket_file *file)
{
    struct stat status;

    if (lstat(file->path, &status) == 0 && status.st_dev == file->device &&
        status.st_ino == file->inode)
        unlink(file->path);
}

static bool parse_tcp(const char *text, struct sockaddr_in *out)
{
    const char *colon = strchr(text, ':');
    char host[IP4_TEXT_SIZE];
    struct ip4 address;

    if (colon == NULL || (size_t)(colon - text) >= sizeof(host))
        return false;
    snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
    const size_t digits = strlen(colon + 1);
    if (!ip4_parse(host, &address) || digits < 1 || digits > 5 ||
        strspn(colon + 1, "0123456789") != digits)
        return false;
    const unsigned long port = strtoul(colon + 1, NULL, 10);
    if (port > UINT16_MAX)
        return false;
    *out = (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(address.value)};
    return true;
}

int listen_tcp(const char *text, char *error, size_t error_size)
{
    struct sockaddr_in address;
    const int on = 1;

    if (!parse_tcp(text, &address)) {
        snprintf(error, error_size, "the API's http address \"%s\" is not like 127.0.0.1:8067",
                 text);
        return -1;
    }
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(fd, error, error_size, "cannot listen for the API on", text);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(fd, BACKLOG) != 0)
        return fail(fd, error, error_size, "cannot listen for the API on", text);
    return fd;
}
