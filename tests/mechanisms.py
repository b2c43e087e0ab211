"""python -m tests.mechanisms: which mechanism of the field is shown working by which test; the unclaimed are listed."""

import csv
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import tests.environment  # noqa: F401

HOME = Path(__file__).resolve().parent.parent


class Claims:
    """A pytest plugin that only listens: every @pytest.mark.mechanism with its test's name."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        for item in items:
            for mark in item.iter_markers("mechanism"):
                for code in mark.args:
                    self.found[code].add(item.nodeid.partition("[")[0])


def table(claims: dict[str, set[str]]) -> str:
    """The document: all mechanisms with their tests, the unclaimed ones last."""
    known = dict(csv.reader((HOME / "tests/mechanisms.csv").open(encoding="utf-8")))
    del known["编号"]
    if strange := claims.keys() - known.keys():
        sys.exit(f"没有这些机制编号：{'、'.join(sorted(strange))}")
    lines = ["# 机制与测试", "", "由 `./run.sh mechanisms` 生成：每一条机制由哪些测试证明。", ""]
    lines += [
        f"已证明 {len(claims)} 条，共 {len(known)} 条。",
        "",
        "| 编号 | 机制 | 测试 |",
        "| --- | --- | --- |",
    ]
    for code in sorted(claims):
        lines.append(
            f"| {code} | {known[code]} | {'<br>'.join(f'`{name}`' for name in sorted(claims[code]))} |"
        )
    rest = [f"{code} {name}" for code, name in known.items() if code not in claims]
    return "\n".join([*lines, "", "## 尚未证明", "", "、".join(rest) + "。", ""])


def main() -> int:
    claims = Claims()
    with redirect_stdout(StringIO()) as said:
        code = pytest.main(["--collect-only", "-q", "-n0"], plugins=[claims])
    if code:
        print(said.getvalue())
    if code == 0:
        (HOME / "docs/mechanisms.md").write_text(table(claims.found), encoding="utf-8")
        print(f"已写入 docs/mechanisms.md：{len(claims.found)} 条有测试")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
