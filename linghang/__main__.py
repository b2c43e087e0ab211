"""python -m linghang COMMAND: what ./run.sh calls once the environment stands."""

import argparse
import os
import secrets
import sys
from pathlib import Path

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
    call_command("collectstatic", interactive=False, verbosity=0)


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

    ensure(options.blueprint, prepare)
    from linghang.serving import serve as run

    run("127.0.0.1", options.port, ready=lambda: introduce(options.port))


def init(options: argparse.Namespace) -> None:
    """An empty hospital from a blueprint, and its first administrator with a one-time password."""
    keys(Path(os.environ.get("LINGHANG_VAR", HOME / "var")))
    django()
    prepare()
    from linghang.founding import found

    found(options.blueprint, options.administrator)


def serve(options: argparse.Namespace) -> None:
    """The production server with its worker and its tick."""
    django()
    from linghang.serving import serve as run

    run(options.host, options.port)


def upgrade(options: argparse.Namespace) -> None:
    """Back up, then bring everything to this version."""
    django()
    from linghang.keeping import backup as keep

    print(f"已备份到 {keep(None)}")
    prepare()
    print("已升级")


def backup(options: argparse.Namespace) -> None:
    """Database, files and keys in one archive."""
    django()
    from linghang.keeping import backup as keep

    print(f"已备份到 {keep(options.file)}")


def restore(options: argparse.Namespace) -> None:
    """Put an archive back; what stood there is kept beside it."""
    keys(Path(os.environ.get("LINGHANG_VAR", HOME / "var")))
    django()
    from linghang.keeping import restore as put_back

    put_back(options.file)
    prepare()
    print("已恢复")


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
    """What is written from the code itself: every workflow as a diagram, every key of a blueprint."""
    keys(Path(os.environ.get("LINGHANG_VAR", HOME / "var")))
    django()
    from linghang.blueprints.document import document as blueprint
    from linghang.flows import document as workflows

    for name, text in (("flows", workflows()), ("blueprint", blueprint())):
        (HOME / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
        print(f"已写入 docs/{name}.md")


def static(options: argparse.Namespace) -> None:
    """Collect the static files, for a server that has neither npm nor the internet."""
    keys(Path(os.environ.get("LINGHANG_VAR", HOME / "var")))
    django()
    prepare()


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="linghang")
    commands = found.add_subparsers(required=True)
    for run in (demo, init, serve, upgrade, backup, restore, dev, flows, static):
        command = commands.add_parser(run.__name__, help=run.__doc__)
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
    try:
        options = parser().parse_args()
        options.run(options)
    except KeyboardInterrupt:
        sys.exit(130)
