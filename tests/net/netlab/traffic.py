"""Restless clients: somebody of a swarm always comes, goes, reboots or asks again."""

import random
import time

# What they do, and how often beside each other.
ACTIONS = {"join": 3, "leave": 3, "release": 2, "renew": 3, "rebind": 3, "remember": 2,
           "forget": 2}


class Traffic:
    """So many things a second, by lot, until quiet(); as many clients leave as join."""

    def __init__(self, swarm, rate, seed=1):
        self.swarm, self.rate = swarm, rate
        self.random = random.Random(seed)
        self.turn = 0

    def begin(self):
        self.turn += 1
        self._act(self.turn)

    def quiet(self):
        self.turn += 1

    def _act(self, turn):
        if turn != self.turn:
            return
        swarm = self.swarm
        action, = self.random.choices(list(ACTIONS), list(ACTIONS.values()))
        # Only of those who have nothing else to do: an exchange under way is never given up.
        bound = [client for client in swarm.clients if client.state == "bound"]
        if action == "join":
            swarm.join()
        elif bound:
            client = self.random.choice(bound)
            if action in ("remember", "forget"):
                swarm.restart(client, action == "remember")
            elif action == "release":
                swarm.release(client, away=(0.1, 1.0))
            else:
                getattr(swarm, action)(client)
        swarm.at(time.monotonic() + self.random.expovariate(self.rate), self._act, turn)
