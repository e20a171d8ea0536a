/* config/source.c - see source.h */
#include "config/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Up to `capacity` bytes of a file; -1 with errno. */
static ssize_t read_all(int fd, char *text, size_t capacity)
{
    size_t used = 0;

    while (used < capacity) {
        ssize_t got = read(fd, text + used, capacity - used);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        used += (size_t)got;
    }
    return (ssize_t)used;
}

static struct source_id id_of(const struct stat *stat)
{
    return (struct source_id){(uint64_t)stat->st_dev, (uint64_t)stat->st_ino};
}

bool source_read(const char *path, struct source_text *out, const char **what)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat found;
    size_t room = CONFIG_FILE_MAX + 1; /* one byte more tells "too large" */
    ssize_t size = -1;
    char *text;
    int error;

    if (fd < 0) {
        *what = "cannot be opened";
        return false;
    }
    *what = "cannot be read";
    if (fstat(fd, &found) != 0)
        found = (struct stat){0};
    /* Most are small, and there may be many. */
    if (S_ISREG(found.st_mode) && (size_t)found.st_size < room)
        room = (size_t)found.st_size + 1;
    text = malloc(room);
    ASSERT(text != NULL);
    size = read_all(fd, text, room);
    error = errno;
    (void)close(fd);
    if (size < 0) {
        free(text);
        errno = error;
        return false;
    }
    *out = (struct source_text){text, (size_t)size, id_of(&found)};
    return true;
}

bool source_identify(const char *path, struct source_id *id, bool *is_directory)
{
    struct stat found;

    if (stat(path, &found) != 0)
        return false;
    *id = id_of(&found);
    *is_directory = S_ISDIR(found.st_mode);
    return true;
}

static bool is_yaml(const char *name)
{
    static const char end[] = ".yaml";
    const size_t size = strlen(name);

    return name[0] != '.' && size >= sizeof(end) &&
           strcmp(name + size - (sizeof(end) - 1), end) == 0;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

bool source_list(const char *path, char ***names, size_t *count, const char **what)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    char **list = NULL;
    size_t used = 0, capacity = 0;

    if (directory == NULL) {
        *what = "cannot be opened";
        return false;
    }
    while ((entry = readdir(directory)) != NULL) {
        if (!is_yaml(entry->d_name))
            continue;
        if (used == capacity) {
            capacity = capacity == 0 ? 16 : 2 * capacity;
            char **longer = realloc(list, capacity * sizeof(*list));

            ASSERT(longer != NULL);
            list = longer;
        }
        list[used] = strdup(entry->d_name);
        ASSERT(list[used] != NULL);
        used++;
    }
    (void)closedir(directory);
    if (used > 1)
        qsort(list, used, sizeof(*list), compare_names);
    *names = list;
    *count = used;
    return true;
}
