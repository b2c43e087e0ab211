"""Which files of the front-end packages are served: those that pages ask for, and what these ask for themselves."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder

SERVED = frozenset(
    {
        "tabler/css/tabler.min.css",
        "tabler/css/tabler.min.css.map",
        "tabler/js/tabler.min.js",
        "tabler/js/tabler.min.js.map",
        "echarts/echarts.common.min.js",
    }
)


class Packages(FileSystemFinder):
    """The packages as npm brought them; a thousand files that no page names are left where they are."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Path and storage of each file that is served."""
        for path, storage in super().list(ignore_patterns):
            if f"{storage.prefix}/{path}" in SERVED:
                yield path, storage
