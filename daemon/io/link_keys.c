#include "daemon/io/link_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

struct failure {
    char *text;
    size_t size;
};

static __attribute__((format(printf, 3, 4))) enum td_err fail(const struct failure *failure,
                                                              enum td_err err,
                                                              const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(failure->text, failure->size, format, args);
    va_end(args);
    return err;
}

static bool is_z85(const char *key)
{
    uint8_t bytes[LINK_KEY_BYTES];
    bool decodes = zmq_z85_decode(bytes, key) != NULL;

    explicit_bzero(bytes, sizeof bytes);
    return decodes;
}

/* The group may read a secret (root:twindhcp 0640), everybody may not, nor may the group change
 * it. */
static enum td_err check_mode(int fd, const char *path, const struct failure *failure)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fail(failure, TD_IO, "%s: %s", path, strerror(errno));
    if ((st.st_mode & 0037) != 0)
        return fail(failure, TD_IO,
                    "the secret key %s is open to others (mode %04o): chmod 0600 %s", path,
                    (unsigned int)(st.st_mode & 07777), path);
    return TD_OK;
}

static enum td_err read_fd(int fd, const char *path, char key[static LINK_KEY_TEXT + 1],
                           const struct failure *failure)
{
    char text[LINK_KEY_TEXT + 8];
    ssize_t size = read(fd, text, sizeof text - 1);
    size_t used;
    bool good;

    if (size < 0)
        return fail(failure, TD_IO, "%s: %s", path, strerror(errno));
    text[size] = '\0';
    used = strcspn(text, " \t\r\n");
    good = used == LINK_KEY_TEXT && text[used + strspn(text + used, " \t\r\n")] == '\0';
    memcpy(key, text, LINK_KEY_TEXT);
    key[LINK_KEY_TEXT] = '\0';
    explicit_bzero(text, sizeof text);
    if (!good || !is_z85(key))
        return fail(failure, TD_MALFORMED,
                    "%s does not hold a key: 40 characters of Z85 on one line", path);
    return TD_OK;
}

static enum td_err read_key(const char *directory, const char *name, const char *suffix,
                            char key[static LINK_KEY_TEXT + 1], const struct failure *failure)
{
    char path[1024];
    enum td_err result = TD_OK;
    int fd;

    if (snprintf(path, sizeof path, "%s/%s.%s", directory, name, suffix) >= (int)sizeof path)
        return fail(failure, TD_IO, "the path of the keys is too long");
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(failure, TD_IO, "the key %s cannot be read: %s", path, strerror(errno));
    if (strcmp(suffix, "key") == 0)
        result = check_mode(fd, path, failure);
    if (result == TD_OK)
        result = read_fd(fd, path, key, failure);
    close(fd);
    return result;
}

static enum td_err check_pair(const struct link_keys *keys, const char *directory,
                              const char *own, const struct failure *failure)
{
    char derived[LINK_KEY_TEXT + 1];

    if (zmq_curve_public(derived, keys->own_secret) != 0)
        return fail(failure, TD_IO, "this system's ZeroMQ has no CURVE encryption");
    if (strcmp(derived, keys->own_public) == 0)
        return TD_OK;
    return fail(failure, TD_MALFORMED, "%s/%s.pub is not the public key of %s/%s.key",
                directory, own, directory, own);
}

enum td_err link_keys_read(struct link_keys *keys, const char *directory, const char *own,
                           const char *partner, char *error, size_t error_size)
{
    struct failure failure = {error, error_size};
    enum td_err result = read_key(directory, own, "key", keys->own_secret, &failure);

    if (result == TD_OK)
        result = read_key(directory, own, "pub", keys->own_public, &failure);
    if (result == TD_OK)
        result = read_key(directory, partner, "pub", keys->partner_public, &failure);
    if (result == TD_OK)
        result = check_pair(keys, directory, own, &failure);
    if (result != TD_OK)
        link_keys_wipe(keys);
    return result;
}

void link_keys_wipe(struct link_keys *keys)
{
    explicit_bzero(keys, sizeof *keys);
}
