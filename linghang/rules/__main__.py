"""The rules on the command line: `./run.sh rules list 换届`, `show R-XJ-06`, `ask R-ZB-02 members=51 --on 2026-09-01`."""

import argparse
import sys
from datetime import date

from linghang.rules.asking import ask
from linghang.rules.document import listing, shown
from linghang.rules.register import rule, versions


def parser() -> argparse.ArgumentParser:
    """Three questions: which rules there are, what one says, how it judges."""
    found = argparse.ArgumentParser(prog="./run.sh rules", description="查规则、问规则")
    commands = found.add_subparsers(required=True, title="命令", metavar="命令", dest="command")
    find = commands.add_parser("list", help="列出规则，可以带要找的字")
    find.add_argument("wanted", nargs="?", default="")
    show = commands.add_parser("show", help="看一条规则的各个版本，或某一天施行的版本")
    show.add_argument("code")
    put = commands.add_parser("ask", help="问一条规则：名称=值")
    put.add_argument("code")
    put.add_argument("given", nargs="*", metavar="名称=值")
    for command in (show, put):
        command.add_argument("--on", type=date.fromisoformat, metavar="日期", help="按哪一天施行的文本")
    return found


def answer(options: argparse.Namespace) -> str:
    """What is asked for, as text. Raises LookupError or ValueError with a sentence that says what is wrong."""
    if options.command == "list":
        return "\n".join(listing(options.wanted)) or f"没有包含“{options.wanted}”的规则"
    if options.command == "ask":
        given = dict(pair.partition("=")[::2] for pair in options.given)
        return ask(options.code, options.on or date.today(), given)
    laws = [rule(options.code, options.on)] if options.on else versions(options.code)
    return "\n\n".join(map(shown, laws))


def main(words: list[str]) -> str | None:
    """Answer on standard output; what is wrong is returned, for the exit."""
    try:
        print(answer(parser().parse_args(words)))
    except (LookupError, ValueError) as problem:
        return str(problem.args[0])
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
