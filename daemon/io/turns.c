#include "daemon/io/turns.h"

#define WINDOW_NS (UINT64_C(1000000) * TURNS_WINDOW_MS)

static void begin_window(struct turns *turns, uint64_t now_ns)
{
    const uint64_t passed = now_ns - turns->window_ns;

    if (passed < WINDOW_NS)
        return;
    turns->longest_ns[1] = passed < 2 * WINDOW_NS ? turns->longest_ns[0] : 0;
    turns->longest_ns[0] = 0;
    turns->window_ns = now_ns;
}

uint64_t turns_end(struct turns *turns, uint64_t now_ns, uint64_t idle_ns)
{
    uint64_t turn = 0;

    if (turns->begun) {
        const uint64_t passed = now_ns - turns->ended_ns, waited = idle_ns - turns->idle_ns;

        turn = passed > waited ? passed - waited : 0;
    } else {
        turns->begun = true;
        turns->window_ns = now_ns;
    }
    turns->ended_ns = now_ns;
    turns->idle_ns = idle_ns;
    turns->busy_ns += turn;
    begin_window(turns, now_ns);
    if (turn > turns->longest_ns[0])
        turns->longest_ns[0] = turn;
    return turn;
}

uint64_t turns_longest_ns(const struct turns *turns, uint64_t now_ns)
{
    struct turns now = *turns;

    begin_window(&now, now_ns);
    return now.longest_ns[0] > now.longest_ns[1] ? now.longest_ns[0] : now.longest_ns[1];
}
