"""The house rules, checked by the machine: floors, rooms, sizes, guarded views, one road for writing, clean templates."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from linghang.kernel.flow import VERBS
from tests.quality import MODULES

HOME = Path(__file__).resolve().parent.parent
CODE = HOME / "linghang"
BIN = Path(sys.executable).parent
LINES, TEST_LINES, FUNCTION_LINES = 400, 650, 45


def is_test(path: Path) -> bool:
    return "tests" in path.parts


@cache
def sources(tests: bool = False) -> list[Path]:
    """Our own Python files."""
    found = [path for path in sorted(CODE.rglob("*.py")) if "migrations" not in path.parts]
    return [path for path in found if is_test(path) is tests]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    return str(path.relative_to(CODE))


def templates() -> list[Path]:
    return sorted(CODE.glob("*/templates/**/*.html"))


# --- floors and rooms ------------------------------------------------------------------------------------------------


def test_imports_go_down():
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=HOME, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "ignore_imports" not in (HOME / "pyproject.toml").read_text(encoding="utf-8")


FORBIDDEN = {
    f"{name}.py"
    for name in (
        "utils",
        "util",
        "helpers",
        "common",
        "base",
        "managers",
        "constants",
        "misc",
        "services",
        "selectors",
        "signals",
    )
}


def test_no_file_is_named_after_nothing():
    assert [short(p) for p in CODE.rglob("*") if p.name in FORBIDDEN | {"utils", "helpers", "common"}] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_the_rooms_that_every_module_has(module):
    # What a module lets others count is tested by one battery over all sources: kernel/tests/test_facts.py.
    # A room that has grown is a folder, by noun.
    have = {
        str(path.relative_to(CODE / module)).replace("/__init__", "")
        for path in (CODE / module).rglob("*.py")
    }
    wanted = {
        "apps.py",
        "models.py",
        "actions.py",
        "views.py",
        "urls.py",
        "refs.py",
        "tests/test_actions.py",
        "tests/test_pages.py",
    }
    assert wanted - have == set()
    assert (CODE / module / "templates" / module).is_dir()
    assert (HOME / "blueprints" / "common" / f"{module}.yaml").exists()


def test_libraries_know_no_framework():
    for path in (*(CODE / "rules").rglob("*.py"), *(CODE / "engine").rglob("*.py")):
        assert "django" not in imported(path), path


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_a_file_is_read_in_a_sitting():
    sizes = {short(p): len(p.read_text(encoding="utf-8").splitlines()) for p in sources() + sources(True)}
    long = {name: n for name, n in sizes.items() if n > (TEST_LINES if is_test(CODE / name) else LINES)}
    assert long == {}


def test_a_function_fits_on_a_screen():
    long = []
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and length(node) > FUNCTION_LINES:
                long.append(f"{short(path)}:{node.name} {length(node)}")
    assert long == []


def length(node: ast.FunctionDef) -> int:
    """Lines of signature and body."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_has_too_many_branches():
    command = [BIN / "ruff", "check", "--select", "C901", "--output-format", "concise", "linghang"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_public_functions_say_what_they_do():
    mute = [
        f"{short(path)}:{node.name}"
        for path in sources()
        if path.name in ("actions.py", "flow.py", "access.py", "shortcuts.py", "todos.py", "facts.py")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert mute == []


# --- guarded views ---------------------------------------------------------------------------------------------------

# Tables that a view may ask directly, and why that gives nothing away.
FREE = {
    "Link": "holds references only; what they lead to is shown through refs.show, under the reader's permission",
    "Notice": "asked by the owner's own reference",
    "Job": "asked by its owner's own reference, or by the record that it works on",
    "Parameter": "of the whole hospital; its door asks for the verb",
    "BlueprintVersion": "of the whole hospital, holds nothing about anybody",
    "Grant": "of the whole hospital; its door asks for the verb",
    "Role": "of the whole hospital, holds nothing about anybody",
}
FREE_HERE = {
    ("org/unit_views.py", "Membership"): "counts under a unit that was fetched",
    ("org/views.py", "Post"): "narrows rows that come from rows()",
    ("desk/views.py", "Unit"): "the watchdog asks whether the database answers",
    ("assessment/views.py", "Objection"): "of a cycle that was fetched",
}


def view_files() -> list[Path]:
    return [path for path in sources() if path.name.endswith("views.py") or path.name == "api.py"]


def unguarded(path: Path) -> Iterator[tuple[str, int]]:
    """Every `Model.objects` that is not at once narrowed by `.within`."""
    guarded = {
        id(node.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "within"
    }
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("objects", "_base_manager")
            and id(node) not in guarded
        ):
            yield getattr(node.value, "id", "?"), node.lineno


def test_views_reach_rows_only_through_the_gate():
    wrong = [
        f"{short(path)}:{line} {model}.objects"
        for path in view_files()
        for model, line in unguarded(path)
        if model not in FREE and (short(path), model) not in FREE_HERE
    ]
    assert wrong == []


def test_every_exception_is_still_needed():
    used = {(short(path), model) for path in view_files() for model, _ in unguarded(path)}
    assert set(FREE_HERE) - used == set()
    assert set(FREE) - {model for _, model in used} == set()


def test_views_are_short():
    long = [
        f"{short(path)}:{node.name} {length(node)}"
        for path in view_files()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and length(node) > FUNCTION_LINES
    ]
    assert long == []


# --- one road for writing --------------------------------------------------------------------------------------------

# Rooms that may save, beside models.py and actions.py.
SAVING = {
    "kernel/flow.py": "the road itself",
    "kernel/jobs.py": "the bar of long work, which has no state of the business",
    "blueprint.py": "definitions as dated rows, written by one command",
    "imports.py": "the files of the outside world",
}


def may_save(path: Path) -> bool:
    return (
        path.name in ("models.py", "actions.py")
        or path.parent.name in ("models", "actions")
        or (short(path) in SAVING or path.name in SAVING)
    )


def test_nobody_saves_or_sets_a_state_beside_the_road():
    wrong = [
        f"{short(path)}:{line} {what}"
        for path in sources()
        if not may_save(path)
        for line, what in writes(path)
    ]
    assert wrong == []


def writes(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # A document is saved into something that is named first; a row is not.
            if node.func.attr == "save" and not node.args:
                yield node.lineno, ".save()"
            if node.func.attr == "update" and any(word.arg == "state" for word in node.keywords):
                yield node.lineno, ".update(state=…)"
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign)
            else []
        )
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield node.lineno, ".state ="


def test_there_are_no_signals():
    for path in sources():
        assert "django.dispatch" not in path.read_text(encoding="utf-8"), path
        assert "db.models.signals" not in path.read_text(encoding="utf-8"), path


def test_the_day_comes_from_the_house_clock():
    wrong = [
        f"{short(path)}:{node.lineno}"
        for path in sources()
        # The rules have no clock; their command line, which knows no house, asks the machine's.
        if short(path) not in ("kernel/clock.py", "rules/__main__.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("date.today", "datetime.today", "timezone.now", "timezone.localdate")
    ]
    assert wrong == []


# --- templates -------------------------------------------------------------------------------------------------------

ROOTS = {"base.html", "blank.html"}
# A region that is its own answer: the counts of the menu, asked for by htmx once the page stands.
REGIONS = {"badges.html"}
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<style", re.IGNORECASE)


def name_of(path: Path) -> str:
    return path.as_posix().partition("/templates/")[2]


def included() -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in templates())
    return set(re.findall(r"""{%\s*include\s+["']([^"']+)["']""", text)) | tagged()


def tagged() -> set[str]:
    """Templates that our own template tags render."""
    code = (CODE / "ui" / "templatetags").glob("*.py")
    return set(
        re.findall(r"""["']([\w/]+\.html)["']""", "".join(path.read_text(encoding="utf-8") for path in code))
    )


def test_every_page_stands_in_the_frame():
    free = ROOTS | REGIONS | included()
    bare = []
    for path in templates():
        name, text = name_of(path), path.read_text(encoding="utf-8").lstrip()
        if not name.startswith("cotton/") and name not in free and text and not text.startswith("{% extends"):
            bare.append(name)
    assert bare == []


def test_nothing_is_inline():
    wrong = [
        f"{name_of(path)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if INLINE.search(line)
    ]
    assert wrong == []


def test_code_writes_no_inline_style_either():
    wrong = [
        short(path)
        for path in sources()
        if re.search(r"""<[^>"']+\sstyle=""", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_nothing_is_fetched_from_elsewhere():
    for path in (*templates(), *CODE.glob("*/static/**/*.css"), *CODE.glob("*/static/**/*.js")):
        found = re.findall(
            r"""(?:src|href)=["']https?:|url\(\s*["']?https?:|@import\s+url""",
            path.read_text(encoding="utf-8"),
        )
        assert not found, path


# --- words -----------------------------------------------------------------------------------------------------------


def glossary() -> list[tuple[str, str]]:
    """Chinese word and code name of every row with a code name."""
    text = (HOME / "docs" / "glossary.md").read_text(encoding="utf-8")
    return re.findall(r"^\| ([^|]+?) \| `([^`]+)` \|", text, re.MULTILINE)


def named() -> dict[str, str]:
    """Every app, model and verb of the product with its Chinese word where the code knows it."""
    assert get_resolver().url_patterns
    configs = [config for config in apps.get_app_configs() if config.name.startswith("linghang.")]
    found = {config.label: str(config.verbose_name) for config in configs}
    found |= {"rules": "", "engine": ""}
    found |= {model._meta.label: "" for config in configs for model in config.get_models()}
    return found | {code: label for code, label in VERBS.items() if not code.startswith("test.")}


def test_the_glossary_names_every_module_noun_and_verb():
    known = {code for _, code in glossary()}
    missing = [f"| {label or '…'} | `{code}` |" for code, label in named().items() if code not in known]
    assert missing == [], "add to docs/glossary.md:\n" + "\n".join(missing)


def test_the_glossary_names_nothing_that_is_gone_and_nothing_twice():
    codes = [code for _, code in glossary()]
    assert set(codes) - set(named()) == set()
    assert [code for code, count in Counter(codes).items() if count > 1] == []


def test_the_glossary_uses_the_words_of_the_screen():
    ours = named()
    assert [
        (word, code, ours[code]) for word, code in glossary() if ours.get(code) and word != ours[code]
    ] == []


def test_screens_use_the_terms_of_the_field():
    """practice.md: 佐证 not 证据, 原因 not 根因, 抽签号 not 种子, 校验码 not 指纹, 提出异议 not 申诉, 接受检查 not 迎检."""
    banned = re.compile("证据|根因|种子|指纹|未关账|迎检|申诉")
    wrong = [
        f"{name_of(p)} {found[0]}"
        for p in templates()
        if (found := banned.findall(p.read_text(encoding="utf-8")))
    ]
    assert wrong == []


def test_identifiers_are_english():
    pinyin = re.compile(r"\b\w*(zhibu|dangwei|tishi|dudao|kaohe|zhenggai|huiyi|dangyuan)\w*\b")
    for path in sources():
        names = {n.id for n in ast.walk(tree(path)) if isinstance(n, ast.Name)}
        assert not [name for name in names if pinyin.search(name) or not name.isascii()], path


# --- the repository --------------------------------------------------------------------------------------------------

SECRETS = re.compile(
    r"/(?:root|home|work|Users)/[\w.-]+/|index-url|\b(?:mirrors?|registry)\.[\w-]+\.(?:com|cn|org|edu)|tuna\.tsinghua"
    r"|\"resolved\"\s*:"
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOME, capture_output=True, text=True)
    return [HOME / name for name in listed.stdout.split("\0") if name and (HOME / name).is_file()]


def test_no_machine_path_and_no_index_address_is_in_the_repository():
    wrong = []
    for path in tracked():
        if path == Path(__file__).resolve() or path.suffix in (".docx", ".xlsx", ".png", ".gz"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if SECRETS.search(line):
                wrong.append(f"{path.relative_to(HOME)}:{number} {line.strip()[:80]}")
    assert wrong == []


def test_nothing_unfinished_is_left():
    mark = re.compile(r"\b(TODO|FIXME|XXX)\b")
    wrong = [
        f"{short(path)} {found[0]}"
        for path in sources()
        if (found := mark.findall(path.read_text(encoding="utf-8")))
    ]
    assert wrong == []
