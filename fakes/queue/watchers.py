"""Who wants to hear when something changes."""

from collections.abc import Callable


class Watchers:
    """Callbacks, each called on every change until its watch ends."""

    def __init__(self) -> None:
        self._callbacks: dict[object, Callable[[], object]] = {}

    def __len__(self) -> int:
        return len(self._callbacks)

    def add(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Call *callback* on every change; return what ends that, repeatedly."""
        key = object()
        self._callbacks[key] = callback

        def unwatch() -> None:
            self._callbacks.pop(key, None)

        return unwatch

    def notify(self) -> None:
        """Tell everyone of a change."""
        for callback in list(self._callbacks.values()):
            callback()
