"""What time itself brings about. Each is idempotent: done twice it changes nothing the second time."""

from collections.abc import Callable

TICKS: dict[str, Callable[[], object]] = {}


def tick(name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Offer work to be done once a minute."""

    def decorate(run: Callable[[], object]) -> Callable[[], object]:
        TICKS[name] = run
        return run

    return decorate
