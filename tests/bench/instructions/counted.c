#include "tests/bench/instructions/counted.h"

static void take(struct server *server, struct instant now, const struct turn *turn,
                 struct effects *fx)
{
    effects_clear(fx);
    for (size_t i = 0; i < turn->datagram_count; i++)
        server_receive(server, now, &turn->datagrams[i], fx);
    for (size_t i = 0; i < turn->frame_count; i++)
        server_frame(server, now, turn->frames[i], fx);
    if (turn->durable != 0)
        server_durable(server, now, turn->durable, fx);
    if (turn->tick)
        server_tick(server, now, fx);
    server_flush(server, now, fx);
}

size_t turn_take(struct server *server, struct instant now, const struct turn *turn,
                 struct effects *fx)
{
    take(server, now, turn, fx);
    return fx->count;
}

/* callgrind goes by this name and must see it entered and left: it is not inlined, not merged
 * with turn_take(), and does not end in a jump to it. */
__attribute__((noinline)) size_t counted_turn(struct server *server, struct instant now,
                                              const struct turn *turn, struct effects *fx)
{
    size_t count = turn_take(server, now, turn, fx);

    __asm__ volatile("");
    return count;
}
