#include "daemon/io/store_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static __attribute__((format(printf, 3, 4))) enum td_err fail(char *error, size_t size,
                                                              const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, size, format, args);
    va_end(args);
    return TD_IO;
}

/* The new name itself must survive a power cut. */
static void sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static enum td_err make_directory(const char *path, char *error, size_t size)
{
    char copy[PATH_MAX];
    const char *parent;

    snprintf(copy, sizeof copy, "%s", path);
    parent = dirname(copy);
    if (mkdir(path, 0750) == 0) {
        sync_directory(parent);
        return TD_OK;
    }
    if (errno == ENOENT)
        return fail(error, size,
                    "%s cannot be made, for %s does not exist: make it, or correct "
                    "`server: store`",
                    path, parent);
    return fail(error, size, "%s cannot be made: %s", path, strerror(errno));
}

/* What a creation of a store that was cut short, or a mount point, leaves behind. */
static bool may_be_in_a_new_store(const char *name)
{
    static const char *const patterns[] = {
        ".*",      "lost+found",      "LOCK",     "LOG*", "IDENTITY",
        "*.dbtmp", "MANIFEST-000001", "OPTIONS-*"};

    for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
        if (fnmatch(patterns[i], name, 0) == 0)
            return true;
    }
    return false;
}

static enum td_err check_contents(const char *path, DIR *dir, char *error, size_t size)
{
    char stranger[NAME_MAX + 1] = "";
    const struct dirent *entry;

    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, "CURRENT") == 0)
            return TD_OK; /* RocksDB's own mark of a database */
        if (!may_be_in_a_new_store(entry->d_name))
            snprintf(stranger, sizeof stranger, "%s", entry->d_name);
    }
    if (stranger[0] == '\0')
        return TD_OK;
    return fail(error, size,
                "%s holds other files (%s) and no lease store: name an empty "
                "directory, or one that does not exist yet, in `server: store`",
                path, stranger);
}

enum td_err store_dir_prepare(const char *path, char *error, size_t error_size)
{
    struct stat st;
    enum td_err result;
    DIR *dir;

    if (strlen(path) >= PATH_MAX)
        return fail(error, error_size, "the path of the store is too long");
    if (stat(path, &st) != 0) {
        if (errno != ENOENT)
            return fail(error, error_size, "%s: %s", path, strerror(errno));
        return make_directory(path, error, error_size);
    }
    if (!S_ISDIR(st.st_mode))
        return fail(error, error_size, "%s is not a directory", path);
    if (access(path, R_OK | W_OK | X_OK) != 0)
        return fail(error, error_size, "%s is not writable for user %ju: %s", path,
                    (uintmax_t)geteuid(), strerror(errno));
    dir = opendir(path);
    if (dir == NULL)
        return fail(error, error_size, "%s: %s", path, strerror(errno));
    result = check_contents(path, dir, error, error_size);
    closedir(dir);
    return result;
}

/* Bytes that a compressing file system cannot make smaller. */
static void fill(uint8_t *bytes, size_t size, uint32_t *state)
{
    for (size_t i = 0; i < size; i++) {
        *state = *state * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(*state >> 24);
    }
}

static bool write_probe(int fd)
{
    uint8_t block[16384];
    uint32_t state = 1;

    for (size_t done = 0; done < STORE_PROBE_SIZE; done += sizeof block) {
        ssize_t written;

        fill(block, sizeof block, &state);
        written = write(fd, block, sizeof block);
        if (written < 0)
            return false;
        if (written != (ssize_t)sizeof block) {
            errno = ENOSPC; /* what a short write to a file means */
            return false;
        }
    }
    return fsync(fd) == 0;
}

enum td_err store_dir_probe(const char *path, char *error, size_t error_size)
{
    char name[PATH_MAX];
    int fd, problem = 0;

    snprintf(name, sizeof name, "%s/.probe", path);
    fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, error_size, "%s: %s", path, strerror(errno));
    (void)unlink(name); /* first, so that nothing is left whatever happens */
    if (!write_probe(fd))
        problem = errno;
    close(fd);
    return problem == 0 ? TD_OK : fail(error, error_size, "%s: %s", path, strerror(problem));
}

void store_dir_explain_lock(const char *path, char *error, size_t error_size)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char name[PATH_MAX];
    int fd;

    snprintf(error, error_size, "%s is in use by another process", path);
    snprintf(name, sizeof name, "%s/LOCK", path);
    fd = open(name, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
        snprintf(error, error_size,
                 "%s is in use by process %jd: is the server running already?", path,
                 (intmax_t)lock.l_pid);
    close(fd);
}
