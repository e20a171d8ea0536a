#include "config/suggest.h"

#define WORD_MAX ((size_t)64)

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`
 * (optimal string alignment). */
static size_t edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_size; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *reused = before;

        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;

            row[j] = smallest(row[j - 1] + 1, last[j] + 1, last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        before = last;
        last = row;
        row = reused;
    }
    return last[b_size];
}

struct suggestion suggestion_for(const char *word)
{
    return (struct suggestion){.word = word, .best = NULL, .distance = SIZE_MAX};
}

/* A known word that holds the written one is better than nothing, and worse than any near one.
 */
#define DISTANCE_HELD (WORD_MAX + 1)
#define HELD_SIZE_MIN ((size_t)4)

void suggestion_consider(struct suggestion *suggestion, const char *known)
{
    size_t size = strnlen(suggestion->word, WORD_MAX + 1), known_size = strlen(known);
    size_t allowed = known_size < 6 ? 1 : known_size / 3;
    size_t distance;

    if (size > WORD_MAX || known_size > WORD_MAX)
        return;
    distance = edit_distance(suggestion->word, size, known, known_size);
    if (distance > allowed) {
        if (size < HELD_SIZE_MIN || strstr(known, suggestion->word) == NULL)
            return;
        distance = DISTANCE_HELD;
    }
    if (distance < suggestion->distance) {
        suggestion->best = known;
        suggestion->distance = distance;
    }
}
