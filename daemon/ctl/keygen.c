/* daemon/ctl/keygen.c - twinctl keygen: the CURVE keys of one node, for `security: {curve:
 * ...}`.
 *
 * Each machine makes its own, so that no secret travels: the daemon reads NAME.key and NAME.pub
 * of its node, and the partner's .pub. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "daemon/ctl/ctl.h"

#define KEY_TEXT  40 /* of Z85 */
#define PATH_SIZE 4096

/* A key that is there is in use: it is never written over. */
static bool write_key(const char *path, mode_t mode, const char *key)
{
    char line[KEY_TEXT + 1];

    memcpy(line, key, KEY_TEXT);
    line[KEY_TEXT] = '\n';
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    const bool written =
        fd >= 0 && write(fd, line, sizeof(line)) == (ssize_t)sizeof(line) && fsync(fd) == 0;
    explicit_bzero(line, sizeof(line));
    if (!written)
        fprintf(stderr, "twinctl: cannot write the key %s: %s\n", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (!written && fd >= 0)
        unlink(path);
    return written;
}

/* Both, or none. */
static bool write_both(const char *directory, const char *name, const char *public_key,
                       const char *secret_key)
{
    char secret[PATH_SIZE], public[PATH_SIZE];

    if (snprintf(secret, sizeof(secret), "%s/%s.key", directory, name) >= PATH_SIZE ||
        snprintf(public, sizeof(public), "%s/%s.pub", directory, name) >= PATH_SIZE) {
        fputs("twinctl: the path of the keys is too long\n", stderr);
        return false;
    }
    if (!write_key(secret, 0600, secret_key))
        return false;
    if (write_key(public, 0644, public_key))
        return true;
    unlink(secret);
    return false;
}

static bool is_node_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

enum ctl_exit ctl_keygen(const struct ctl_options *options)
{
    const char *directory = options->output != NULL ? options->output : CTL_KEYS_DEFAULT;
    const char *name = options->file;
    char public_key[KEY_TEXT + 1], secret_key[KEY_TEXT + 1];

    if (!is_node_name(name)) {
        fprintf(stderr, "twinctl: \"%s\" is no name of a node\n", name);
        return CTL_USAGE;
    }
    if (mkdir(directory, 0750) != 0 && errno != EEXIST) {
        fprintf(stderr, "twinctl: cannot make %s: %s\n", directory, strerror(errno));
        return CTL_FAILED;
    }
    if (zmq_curve_keypair(public_key, secret_key) != 0) {
        fputs("twinctl: this system's ZeroMQ has no CURVE encryption\n", stderr);
        return CTL_FAILED;
    }
    const bool made = write_both(directory, name, public_key, secret_key);
    explicit_bzero(secret_key, sizeof(secret_key));
    if (!made)
        return CTL_FAILED;
    printf(
        "made %s/%s.key, which the daemon must be able to read and nobody else, and %s.pub:\n"
        "copy %s.pub to %s of the partner\n",
        directory, name, name, name, directory);
    return CTL_OK;
}
