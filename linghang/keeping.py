"""Backup and restore: database, files and keys in one archive, on both databases."""

import gzip
import shutil
import sqlite3
import sys
import tarfile
import tempfile
import zlib
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
from django.db import connection, transaction

from linghang.org.models import User

FOLDERS = ("blueprints", "files", "keys", "papers")
# The database's copy, on SQLite and elsewhere.
DUMPS = ("database.sqlite3", "database.json.gz")
# What `migrate` makes by itself, and who is signed in at the moment.
LEFT_OUT = frozenset({"contenttypes.ContentType", "auth.Permission", "sessions.Session"})


def on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def backup(target: Path | None) -> Path:
    """Write one archive; a running server may go on. Gives the archive's path; a folder gets a file of today's name."""
    name = f"linghang-{datetime.now():%Y%m%d-%H%M%S}.tar.gz"
    if target is None or target.is_dir():
        target = (target or settings.VAR_DIR / "backups") / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch) / DUMPS[0 if on_sqlite() else 1]
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
    with closing(sqlite3.connect(database())) as source, closing(sqlite3.connect(target)) as copy:
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


def restore(source: Path) -> Path:
    """Put an archive back; a wrong one changes nothing. Gives the folder where what stood there is kept."""
    with tempfile.TemporaryDirectory() as scratch:
        dump = _unpack(source, Path(scratch))
        if on_sqlite() and _in_use():
            sys.exit("服务还在运行，请先停止再恢复。")
        aside = _set_aside()
        for folder in FOLDERS:
            if (dump.parent / folder).exists():
                shutil.copytree(dump.parent / folder, settings.VAR_DIR / folder, dirs_exist_ok=True)
        if on_sqlite():
            shutil.copy(dump, database())
        else:
            call_command("migrate", verbosity=0)
            with transaction.atomic():
                call_command("flush", interactive=False, verbosity=0)
                call_command("loaddata", str(dump), verbosity=0)
    return aside


def _unpack(source: Path, into: Path) -> Path:
    """The database's copy among what an archive holds; ends with what is wrong with it."""
    if not source.is_file() or not tarfile.is_tarfile(source):
        sys.exit(f"{source} 不是备份文件。")
    try:
        with tarfile.open(source) as archive:
            _check_members(archive, into)
            # Python before 3.11.4 knows no filter; every member has been checked.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(into)  # noqa: S202
    except (tarfile.TarError, EOFError, zlib.error) as problem:
        sys.exit(f"{source} 不完整或已损坏（{problem}），没有改动任何数据。")
    dumps = [into / name for name in DUMPS if (into / name).exists()]
    if not dumps:
        sys.exit(f"{source} 里没有数据库，不是领航的备份。")
    if dumps[0].name != DUMPS[0 if on_sqlite() else 1]:
        sys.exit("这份备份来自另一种数据库，请在相同的数据库上恢复。")
    if on_sqlite() and not _ours(dumps[0]):
        sys.exit(f"{source} 里的数据库不是领航的，没有改动任何数据。")
    return dumps[0]


def _check_members(archive: tarfile.TarFile, into: Path) -> None:
    """Raise TarError for what could be written elsewhere."""
    for member in archive:
        inside = (into / member.name).resolve().is_relative_to(into.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"其中的“{member.name}”不是备份里会有的文件")


def _ours(copy: Path) -> bool:
    """Whether a file is a database of ours; that it is whole the archive's own checksum has said."""
    try:
        with closing(sqlite3.connect(copy)) as file:
            return bool(file.execute("SELECT 1 FROM django_migrations WHERE app = 'org'").fetchone())
    except sqlite3.DatabaseError:
        return False


def _in_use() -> bool:
    """Whether anybody else has the database open: leaving its write-ahead log wants the file alone."""
    connection.close()
    if not database().exists():
        return False
    with closing(sqlite3.connect(database(), timeout=0)) as file:
        try:
            file.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return True
    return False


def database() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def _set_aside() -> Path:
    aside: Path = settings.VAR_DIR / f"before-restore-{datetime.now():%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True)
    aside.chmod(0o700)
    for suffix in ("", "-wal", "-shm") if on_sqlite() else ():
        file = database().with_name(database().name + suffix)
        if file.exists():
            shutil.move(file, aside / file.name)
    if not on_sqlite() and User._meta.db_table in connection.introspection.table_names():
        _dump(aside / DUMPS[1])
    for folder in FOLDERS:
        if (settings.VAR_DIR / folder).exists():
            shutil.copytree(settings.VAR_DIR / folder, aside / folder)
    return aside
