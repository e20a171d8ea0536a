/* ha/model/versions.h - versions as ranks: only their order matters, so after every step the
 * versions that exist are renumbered 1, 2, 3 ... */

#define VERSIONS 32

static void for_each_version(int *map, int (*visit)(int *map, int version))
{
#define VISIT(field) ((field) = visit(map, (field)))
    for (int p = 0; p < 2; p++) {
        for (int a = 0; a < ADDRESSES; a++) {
            VISIT(MEM(p).record[a].version);
            VISIT(DISK(p).record[a].version);
            VISIT(MEM(p).known[a].applied);
            VISIT(DISK(p).known[a].applied);
        }
        VISIT(VOL(p).reply_version);
        for (int i = 0; i < queued(p); i++) {
            VISIT(WORLD.queue[p][i].record.version);
            for (int a = 0; a < ADDRESSES; a++)
                VISIT(WORLD.queue[p][i].at[a].version);
        }
    }
#undef VISIT
}

static int visit_map(int *map, int version)
{
    return map[version];
}

static int visit_mark(int *map, int version)
{
    map[version] = 1;
    return version;
}

static int visit_max(int *map, int version)
{
    if (version > map[0])
        map[0] = version;
    return version;
}

static int newest_version(void)
{
    int max[1] = {0};

    for_each_version(max, visit_max);
    return max[0];
}

static void renumber_versions(void)
{
    int map[VERSIONS] = {0}, rank = 0;

    for_each_version(map, visit_mark);
    map[0] = 0;
    for (int i = 1; i < VERSIONS; i++)
        if (map[i])
            map[i] = ++rank;
    for_each_version(map, visit_map);
}

/* A version above all of which the writer has `seen` the newest.  With clocks apart it need not
 * be above the others: `above_all` says which of the two it is. */
static int new_version(int seen, bool above_all)
{
    const int newest = newest_version();
    int map[VERSIONS];

    if (newest >= VERSIONS - 2) {
        fail("model: out of versions");
        return 1;
    }
    if (!SKEW || above_all || seen >= newest)
        return newest + 1;
    for (int i = 0; i < VERSIONS; i++)
        map[i] = i > seen && i + 1 < VERSIONS ? i + 1 : i;
    for_each_version(map, visit_map);
    return seen + 1;
}
