/* The example files with random damage: a model or problems, never a crash, never both. */
#include "tests/unit/config/help_load.h"

#include <stdio.h>

#define ROUNDS    4000
#define TEXT_SIZE 65536

static uint64_t random_state;

/* xorshift64*: one seed, one run */
static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 33) % limit;
}

struct text {
    char bytes[TEXT_SIZE];
    size_t size;
};

static void read_text(const char *path, struct text *out)
{
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    out->size = fread(out->bytes, 1, sizeof(out->bytes) / 2, file);
    assert_true(out->size > 0);
    assert_int_equal(fclose(file), 0);
}

static void insert(struct text *text, size_t at, const char *bytes, size_t size)
{
    if (text->size + size > sizeof(text->bytes))
        return;
    memmove(text->bytes + at + size, text->bytes + at, text->size - at);
    memcpy(text->bytes + at, bytes, size);
    text->size += size;
}

static void erase(struct text *text, size_t at, size_t size)
{
    if (size > text->size - at)
        size = text->size - at;
    memmove(text->bytes + at, text->bytes + at + size, text->size - at - size);
    text->size -= size;
}

static void damage(struct text *text)
{
    static const char *const bits[] = {"{",         "}",      "[",
                                       "]",         ":",      ": ",
                                       ",",         "- ",     "\n",
                                       "\n  ",      "&a ",    "*a",
                                       "!!x ",      "'",      "\"",
                                       "#",         "|\n",    "? ",
                                       "---\n",     "0",      "99999999999999999999",
                                       "10.77.0.0", "/0",     "/32",
                                       "-",         "%d%s%n", "\xff",
                                       "\xc3\xa4",  "\t",     "<<: *a",
                                       "null",      "~",      "255.255.255.255",
                                       "{node}",    "text:",  "option-3: ",
                                       "*",         "?"};
    char copied[64];
    size_t at, from, size;

    if (text->size == 0)
        return;
    at = random_below((uint32_t)text->size);
    from = random_below((uint32_t)text->size);
    size = random_below(sizeof(copied));
    switch (random_below(5)) {
    case 0: {
        const char *bit = bits[random_below((uint32_t)ARRAY_SIZE(bits))];

        insert(text, at, bit, strlen(bit));
        break;
    }
    case 1:
        erase(text, at, size);
        break;
    case 2:
        text->bytes[at] = (char)random_below(256);
        break;
    case 3:
        if (size > text->size - from)
            size = text->size - from;
        memcpy(copied, text->bytes + from, size);
        insert(text, at, copied, size);
        break;
    default:
        text->bytes[at] = text->bytes[from];
        break;
    }
}

static bool has_errors(const struct config_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        if (!problems->items[i].warning)
            return true;
    return false;
}

static void load_damaged(const char *path, uint64_t seed, size_t *right, size_t *wrong)
{
    static struct text original, text;
    struct config_problems problems;
    struct config *config;
    uint32_t count;

    read_text(path, &original);
    random_state = seed;
    for (int round = 0; round < ROUNDS; round++) {
        text = original;
        count = 1 + random_below(6);
        for (uint32_t i = 0; i < count; i++)
            damage(&text);
        config = config_load_text("f", text.bytes, text.size, "dhcp-a", &problems);
        assert_true((config == NULL) == has_errors(&problems));
        if (config != NULL) {
            (void)config_pool_of(config, address("10.77.20.1"));
            (void)config_reservation_at(config, address("10.77.0.20"));
            ++*right;
        } else {
            ++*wrong;
        }
        for (size_t i = 0; i < problems.count; i++)
            assert_true(strlen(problems.items[i].text) > 0);
        config_free(config);
        config_problems_free(&problems);
    }
}

static void damaged_files_give_a_model_or_problems(void **state)
{
    static const char *const paths[] = {"config/examples/pair.yaml",
                                        "config/examples/alone.yaml",
                                        "config/examples/relay.yaml"};
    size_t right = 0, wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
        load_damaged(paths[i], 1 + i, &right, &wrong);
    /* Damage of comments leaves some right; both ways were gone. */
    assert_true(right > ROUNDS / 20);
    assert_true(wrong > ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_files_give_a_model_or_problems),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
