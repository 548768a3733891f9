"""How often one client may ask: a bucket of tokens for each, filled again with time."""

from __future__ import annotations

from collections import OrderedDict

__all__ = ["Rate"]

#: Clients that are remembered; who has been quiet longest is forgotten first, and begins anew.
_CLIENTS = 10_000


class Rate:
    """So many requests in a minute from each client, a tenth of them at once (at least 20); 0 for any number."""

    def __init__(self, per_minute: int) -> None:
        self._speed = per_minute / 60
        self._most = max(20.0, per_minute / 10)
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """0 where a client may ask, or the seconds after which it may."""
        if not self._speed:
            return 0.0
        tokens, since = self._clients.pop(client, (self._most, now))
        tokens = min(self._most, tokens + (now - since) * self._speed)
        allowed = tokens >= 1
        self._clients[client] = (tokens - 1 if allowed else tokens, now)
        if len(self._clients) > _CLIENTS:
            self._clients.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._speed
