/* daemon/ddns/keys.c - see keys.h */
#include "daemon/ddns/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_base64(const char *text)
{
    const size_t size = strlen(text);
    const size_t digits = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789+/");

    return digits > 0 && size % 4 == 0 && size - digits <= 2 &&
           strspn(text + digits, "=") == size - digits;
}

/* The text of the file without white space around it. */
static enum td_err read_secret(int fd, char out[static DDNS_SECRET_SIZE])
{
    char text[DDNS_SECRET_SIZE];
    const ssize_t size = read(fd, text, sizeof(text) - 1);
    size_t begin, end;

    if (size < 0)
        return TD_IO;
    text[size] = '\0';
    begin = strspn(text, " \t\r\n");
    end = begin + strcspn(text + begin, " \t\r\n");
    memcpy(out, text + begin, end - begin);
    out[end - begin] = '\0';
    explicit_bzero(text, sizeof(text));
    return is_base64(out) ? TD_OK : TD_REFUSED;
}

static enum td_err load_one(const struct config_ddns_key *key,
                            char out[static DDNS_SECRET_SIZE], char *error, size_t error_size)
{
    const int fd = open(key->secret_file, O_RDONLY | O_CLOEXEC);
    enum td_err result = TD_IO;
    struct stat about;

    if (fd < 0 || fstat(fd, &about) != 0) {
        (void)snprintf(error, error_size, "the secret of key %s: %s: %s", key->name,
                       key->secret_file, strerror(errno));
    } else if ((about.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        (void)snprintf(error, error_size,
                       "the secret of key %s: everybody may read or write %s; chmod 640 it",
                       key->name, key->secret_file);
        result = TD_REFUSED;
    } else {
        result = read_secret(fd, out);
        if (result != TD_OK)
            (void)snprintf(
                error, error_size, "the secret of key %s: %s %s", key->name, key->secret_file,
                result == TD_IO ? strerror(errno) : "does not hold one secret in base64");
    }
    if (fd >= 0)
        (void)close(fd);
    return result;
}

enum td_err ddns_keys_load(const struct config_ddns *ddns, struct ddns_keys *out, char *error,
                           size_t error_size)
{
    struct ddns_keys keys = {.count = ddns->key_count};

    keys.secret = calloc(keys.count + 1, sizeof(*keys.secret));
    ASSERT(keys.secret != NULL);
    for (size_t i = 0; i < keys.count; i++) {
        const enum td_err result = load_one(&ddns->keys[i], keys.secret[i], error, error_size);

        if (result != TD_OK) {
            ddns_keys_free(&keys);
            return result;
        }
    }
    *out = keys;
    return TD_OK;
}

void ddns_keys_free(struct ddns_keys *keys)
{
    if (keys->secret != NULL)
        explicit_bzero(keys->secret, keys->count * sizeof(*keys->secret));
    free(keys->secret);
    *keys = (struct ddns_keys){.count = 0};
}

const char *ddns_keys_secret(const struct ddns_keys *keys, const struct config_ddns *ddns,
                             const struct config_ddns_key *key)
{
    const size_t place = (size_t)(key - ddns->keys);

    ASSERT(place < keys->count);
    return keys->secret[place];
}
