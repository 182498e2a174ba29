"""What maps are made of, kept until what it was made of changes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

T = TypeVar("T")
MOST = 64
"""Things kept at once: some maps, each asked for in some ways."""


class Kept:
    """Holds what was made last under each key; the longest unasked are forgotten. One for a process."""

    def __init__(self) -> None:
        self._things: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the thing under a key, made when it is first asked for; a key must say all that it depends on."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return cast(T, self._things[key])
        made = make()
        with self._lock:
            self._things[key] = made
            while len(self._things) > MOST:
                self._things.popitem(last=False)
        return made
