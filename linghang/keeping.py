"""Backup and restore: database, files and keys in one archive, on both databases."""

import gzip
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.serializers import serialize
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

FOLDERS = ("files", "keys", "papers")
# What `migrate` makes by itself, and who is signed in at the moment.
LEFT_OUT = frozenset({"contenttypes.ContentType", "auth.Permission", "sessions.Session"})


def on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def backup(target: Path | None) -> Path:
    """Write one archive; a running server may go on. Gives the archive's path."""
    target = target or settings.VAR_DIR / "backups" / f"linghang-{datetime.now():%Y%m%d-%H%M%S}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch) / ("database.sqlite3" if on_sqlite() else "database.json.gz")
        _copy_sqlite(dump) if on_sqlite() else _dump(dump)
        partial = target.with_suffix(".partial")
        with tarfile.open(partial, "w:gz") as archive:
            archive.add(dump, dump.name)
            for folder in FOLDERS:
                if (settings.VAR_DIR / folder).exists():
                    archive.add(settings.VAR_DIR / folder, folder)
    partial.chmod(0o600)
    partial.replace(target)
    return target


def _copy_sqlite(target: Path) -> None:
    """SQLite's own online copy: consistent while the server writes."""
    database = settings.DATABASES["default"]["NAME"]
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


class Exact(DjangoJSONEncoder):
    """Moments to the microsecond, as the database holds them; Django's own encoder cuts them to milliseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _dump(target: Path) -> None:
    kept = (m for m in apps.get_models() if m._meta.label not in LEFT_OUT and not m._meta.proxy)
    rows = chain.from_iterable(model._base_manager.order_by("pk").iterator() for model in kept)
    with gzip.open(target, "wt", encoding="utf-8") as out:
        serialize("json", rows, stream=out, cls=Exact)


def restore(source: Path) -> None:
    """Put an archive back. What stood there moves to var/before-restore-…; a wrong archive changes nothing."""
    if not source.exists() or not tarfile.is_tarfile(source):
        sys.exit(f"{source} 不是备份文件。")
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(source) as archive:
            archive.extractall(scratch, filter="data")
        found = Path(scratch)
        dump = found / ("database.sqlite3" if on_sqlite() else "database.json.gz")
        if not dump.exists():
            sys.exit("这份备份来自另一种数据库，请在相同的数据库上恢复。")
        _set_aside()
        for folder in FOLDERS:
            if (found / folder).exists():
                shutil.copytree(found / folder, settings.VAR_DIR / folder, dirs_exist_ok=True)
        if on_sqlite():
            connection.close()
            shutil.copy(dump, settings.DATABASES["default"]["NAME"])
        else:
            call_command("migrate", verbosity=0)
            call_command("flush", interactive=False, verbosity=0)
            call_command("loaddata", str(dump), verbosity=0)


def _set_aside() -> None:
    aside = settings.VAR_DIR / f"before-restore-{datetime.now():%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True)
    if on_sqlite():
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            file = Path(f"{settings.DATABASES['default']['NAME']}{suffix}")
            if file.exists():
                shutil.move(file, aside / file.name)
    for folder in FOLDERS:
        if (settings.VAR_DIR / folder).exists():
            shutil.copytree(settings.VAR_DIR / folder, aside / folder)
