"""python -m linghang COMMAND: what ./run.sh calls once the environment stands."""

import argparse
import os
import secrets
import sys
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from environs import EnvError

HOME = Path(__file__).resolve().parent.parent


def keys(var: Path) -> None:
    """Make the installation's own secrets where there are none: never a default, never in the repository."""
    folder = var / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in ("secret_key", "identity_key"):
        file = folder / name
        if not file.exists():
            file.write_text(secrets.token_urlsafe(48))
            file.chmod(0o600)


def django() -> None:
    """Wake Django up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linghang.settings")
    from django import setup

    setup()


def prepare() -> None:
    """Bring database, cache table and static files to this version; quick when nothing changed."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect()


def collect() -> None:
    """The static files under the names that pages ask for. Where npm brought no packages they were brought along."""
    from django.conf import settings
    from django.core.management import call_command

    if all(Path(folder).exists() for _, folder in settings.STATICFILES_DIRS):
        call_command("collectstatic", interactive=False, verbosity=0)
    elif not (settings.STATIC_ROOT / "staticfiles.json").exists():
        sys.exit(
            f"缺少静态文件：请把 static.tar.gz 解到 {settings.VAR_DIR}（见 docs/deploy.md“不能上网的服务器”）。"
        )


def demo(options: argparse.Namespace) -> None:
    """The demo hospital: made and played on the first start, kept on the next ones."""
    var = Path(os.environ.get("LINGHANG_VAR", HOME / "var")) / "demo" / options.blueprint
    if options.reset and var.exists():
        import shutil

        shutil.rmtree(var)
    os.environ |= {"LINGHANG_VAR": str(var), "LINGHANG_DEMO": "1", "LINGHANG_LOG": "WARNING"}
    os.environ.pop("DATABASE_URL", None)
    keys(var)
    django()
    from linghang.demo.play import ensure, introduce
    from linghang.serving import free
    from linghang.serving import serve as run

    free("127.0.0.1", options.port)
    ensure(options.blueprint, prepare)
    run("127.0.0.1", options.port, ready=lambda: introduce(options.port))


def init(options: argparse.Namespace) -> None:
    """An empty hospital from a blueprint, and its first administrator with a one-time password."""
    var = Path(os.environ.get("LINGHANG_VAR", HOME / "var"))
    # Keys that were lost are not made anew beside the data that was sealed with them.
    if not (var / "linghang.sqlite3").exists():
        keys(var)
    django()
    from linghang.founding import found, known

    known(options.blueprint)
    prepare()
    found(options.blueprint, options.administrator)


def serve(options: argparse.Namespace) -> None:
    """The production server with its worker and its tick."""
    django()
    from linghang.founding import standing
    from linghang.serving import serve as run

    standing(current=True)
    run(options.host, options.port)


def upgrade(options: argparse.Namespace) -> None:
    """Back up, then bring everything to this version; what the hospital has set itself stays as it is."""
    django()
    from linghang.founding import renew, standing
    from linghang.keeping import backup as keep

    standing()
    print(f"已备份到 {keep(None)}")
    prepare()
    renew()
    print("已升级")


def backup(options: argparse.Namespace) -> None:
    """Database, files and keys in one archive."""
    django()
    from linghang.founding import standing
    from linghang.keeping import backup as keep

    standing()
    print(f"已备份到 {keep(options.file)}")


def restore(options: argparse.Namespace) -> None:
    """Put an archive back; what stood there is kept beside it."""
    keys(Path(os.environ.get("LINGHANG_VAR", HOME / "var")))
    django()
    from linghang.keeping import restore as put_back

    aside = put_back(options.file)
    prepare()
    print(f"已恢复；原有数据在 {aside}")


def dev(options: argparse.Namespace) -> None:
    """Django's own server, which reloads what you edit."""
    keys(Path(os.environ.get("LINGHANG_VAR", HOME / "var")))
    os.environ |= {
        "LINGHANG_DEBUG": "1",
        "LINGHANG_TASKS": "django_tasks.backends.immediate.ImmediateBackend",
    }
    django()
    prepare()
    from django.core.management import call_command

    call_command("runserver", f"127.0.0.1:{options.port}")


def flows(options: argparse.Namespace) -> None:
    """What is written from the code itself: every workflow as a diagram, every key of a blueprint, every rule."""
    keys(Path(os.environ.get("LINGHANG_VAR", HOME / "var")))
    django()
    from linghang.blueprints.document import document as blueprint
    from linghang.flows import document as workflows
    from linghang.rules.document import document as rules

    for name, text in (("flows", workflows()), ("blueprint", blueprint()), ("rules", rules())):
        (HOME / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
        print(f"已写入 docs/{name}.md")


def static(options: argparse.Namespace) -> None:
    """Collect the static files, for a server that has neither npm nor the internet; no secret has a part in it."""
    for name in ("LINGHANG_SECRET_KEY", "LINGHANG_IDENTITY_KEY"):
        os.environ.setdefault(name, "static files only")
    django()
    collect()


HELP = {
    "demo": "演示",
    "init": "建一家真实医院的空库",
    "serve": "运行正式服务",
    "upgrade": "升级",
    "backup": "备份",
    "restore": "恢复",
    "dev": "开发服务器",
    "flows": "流程图、蓝本和规则的说明",
    "static": "收集静态文件",
}


class Parser(argparse.ArgumentParser):
    """What is wrong with a command line, and where its use is told."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"参数不对（{message}）。用法：{self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    found = Parser(prog="./run.sh")
    commands = found.add_subparsers(required=True, title="命令", metavar="命令")
    for run in (demo, init, serve, upgrade, backup, restore, dev, flows, static):
        command = commands.add_parser(run.__name__, help=HELP[run.__name__], description=HELP[run.__name__])
        command.set_defaults(run=run)
        if run in (demo, serve, dev):
            command.add_argument("--port", type=int, default=8000)
        if run is serve:
            command.add_argument("--host", default="127.0.0.1")
        if run is demo:
            command.add_argument("--blueprint", default="liuan", choices=["liuan", "jiangjin"])
            command.add_argument("--reset", action="store_true")
        if run is init:
            command.add_argument("blueprint", nargs="?", default="liuan")
            command.add_argument("--administrator", default="admin")
        if run in (backup, restore):
            command.add_argument("file", type=Path, nargs=None if run is restore else "?")
    return found


if __name__ == "__main__":
    # What an installation writes holds names and numbers: it is its own account's alone.
    os.umask(0o077)
    try:
        options = parser().parse_args()
        options.run(options)
    except KeyboardInterrupt:
        sys.exit(130)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    except EnvError as problem:
        sys.exit(f"环境变量有误：{problem}")
    except OperationalError as problem:
        sys.exit(f"数据库打不开：{problem}")
    except (PermissionError, FileNotFoundError, NotADirectoryError, FileExistsError) as problem:
        sys.exit(f"打不开 {problem.filename}：{problem.strerror}。请检查路径、目录权限和 LINGHANG_VAR。")
