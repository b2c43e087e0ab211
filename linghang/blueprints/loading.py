"""Read a blueprint's folder, check every key and cross-reference, apply it in one transaction."""

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from pydantic import ValidationError

from linghang.kernel.access import SYSTEM
from linghang.kernel.blueprint import SECTIONS, Section
from linghang.kernel.facts import SOURCES
from linghang.kernel.flow import VERBS
from linghang.kernel.models import BlueprintVersion

LINE = "__line__"


class BlueprintProblem(Exception):
    """What is wrong with a blueprint, each problem with file, line and remedy."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class LineLoader(yaml.SafeLoader):
    """The safe loader, with the line of every mapping kept: `safe_load` alone drops it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        return {**super().construct_mapping(node, deep=True), LINE: node.start_mark.line + 1}


@dataclass
class Row:
    """One entry as it stands in a file."""

    data: dict[str, Any]
    file: str
    line: int


@dataclass
class Blueprint:
    """A checked blueprint: its name, its title, and the entries of each section in order of application."""

    name: str
    title: str
    digest: str
    sections: list[tuple[Section, list[Any]]]


def _roots() -> tuple[Path, Path]:
    """A hospital's own blueprints stand with its data, and so in its backup; the product's own come with it."""
    return settings.VAR_DIR / "blueprints", settings.BASE_DIR / "blueprints"


def folder(name: str) -> Path:
    """Where a blueprint lives. Raises BlueprintProblem when there is none of that name."""
    for root in _roots():
        if (root / name / "blueprint.yaml").exists():
            return root / name
    known = sorted({path.parent.name for root in _roots() for path in root.glob("*/blueprint.yaml")})
    raise BlueprintProblem([f"没有名为“{name}”的蓝本；可用：{'、'.join(known)}"])


def _files(base: str) -> list[Path]:
    """The sections of what a blueprint builds on."""
    return [path for root in _roots() for path in sorted((root / base).glob("*.yaml"))]


def load(name: str) -> Blueprint:
    """Read and check. Raises BlueprintProblem listing everything that is wrong, with file, line and suggestion."""
    home = folder(name)
    head = _read(home / "blueprint.yaml")
    files = [path for base in head.get("extends", []) for path in _files(base)]
    files += [path for path in sorted(home.glob("*.yaml")) if path.name != "blueprint.yaml"]
    problems: list[str] = []
    raw: dict[str, dict[str, Row]] = {}
    for path in files:
        _collect(path, raw, problems)
    for dropped in head.get("without", []):
        raw.get(dropped["section"], {}).pop(dropped["key"], None)
    sections = _validate(raw, problems)
    if problems:
        raise BlueprintProblem(problems)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return Blueprint(name, head.get("title", name), digest, sections)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), LineLoader)  # noqa: S506  (a SafeLoader with lines)
    except yaml.YAMLError as problem:
        raise BlueprintProblem([f"{path.name}：不是合法的 YAML：{problem}"]) from problem
    if not isinstance(data, dict):
        raise BlueprintProblem([f"{path.name}：应以“栏目名: 列表”开头"])
    return data


def _collect(path: Path, raw: dict[str, dict[str, Row]], problems: list[str]) -> None:
    for name, entries in _read(path).items():
        if name == LINE:
            continue
        if name not in SECTIONS:
            near = get_close_matches(name, SECTIONS, n=1)
            hint = f"是否为“{near[0]}”？" if near else f"可用：{'、'.join(sorted(SECTIONS))}"
            problems.append(f"{path.parent.name}/{path.name}：没有名为“{name}”的栏目；{hint}")
            continue
        _collect_section(path, name, entries or [], raw.setdefault(name, {}), problems)


def _collect_section(path: Path, name: str, entries: Any, known: dict[str, Row], problems: list[str]) -> None:
    """Keep entries by their key. A hospital's own replaces the shared one; twice in one folder is a slip."""
    file, key = f"{path.parent.name}/{path.name}", SECTIONS[name].schema.key
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(f"{file}：{name} 应是一个列表，每项形如“{key}: …”")
        return
    for entry in entries:
        line = entry[LINE]
        code = str(entry.get(key) or "")
        if not code:
            problems.append(f"{file} 第 {line} 行：缺少 {key}")
        elif code in known and known[code].file.startswith(f"{path.parent.name}/"):
            problems.append(
                f"{file} 第 {line} 行：“{code}”与 {known[code].file} 第 {known[code].line} 行重复"
            )
        else:
            known[code] = Row(_plain(entry), file, line)


def _plain(value: Any) -> Any:
    """The data without the line marks."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != LINE}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _validate(raw: dict[str, dict[str, Row]], problems: list[str]) -> list[tuple[Section, list[Any]]]:
    codes: dict[str, set[str]] = {
        name: set(raw.get(name, {})) | set(section.codes()) for name, section in SECTIONS.items()
    }
    codes |= {"kernel.verbs": set(VERBS), "kernel.sources": set(SOURCES)}
    found = []
    for section in sorted(SECTIONS.values(), key=lambda s: s.order):
        entries = []
        for row in raw.get(section.name, {}).values():
            try:
                entries.append(section.schema.model_validate(row.data, context={"codes": codes}))
            except ValidationError as problem:
                problems += [f"{row.file} 第 {row.line} 行 {_where(e)}：{_what(e)}" for e in problem.errors()]
        if entries:
            found.append((section, entries))
    return found


def _where(error: Any) -> str:
    return ".".join(str(part) for part in error["loc"])


def _what(error: Any) -> str:
    known = {"extra_forbidden": "没有这个键", "missing": "必须填写"}
    return known.get(error["type"], str(error["msg"]).removeprefix("Value error, "))


def apply(blueprint: Blueprint, *, dry: bool = False, founding: bool = True) -> dict[str, int]:
    """Apply every section in one transaction (`dry`: and take it back); gives what changed, section by section.

    An upgrade leaves out what belongs to the founding: units and people.
    """
    wanted = [(one, entries) for one, entries in blueprint.sections if founding or not one.founding]
    with transaction.atomic():
        changed = {section.title: section.apply(entries, SYSTEM) for section, entries in wanted}
        if dry:
            transaction.set_rollback(True)
        elif any(changed.values()):
            BlueprintVersion.objects.create(
                name=blueprint.name, title=blueprint.title, digest=blueprint.digest
            )
    return changed
