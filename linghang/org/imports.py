"""A member register from upload to undo. Read top to bottom: 上传、调整、确认（后台）、撤销."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from linghang.kernel import clock, jobs
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.kernel.models import Job
from linghang.org.importing.entries import decisive, figures
from linghang.org.importing.plan import Plan, Settings, make_plan
from linghang.org.importing.undoing import built_on
from linghang.org.importing.writing import revert, write
from linghang.org.models import Import, Person, Unit
from linghang.org.roster.reading import Mapped, Roster, parse_roster
from linghang.ui.sheets import Sheet, SheetProblem, read_workbook

State = Import.State
MOST_ROWS = 10_000
SHOWN_REASONS = 30
EXPORT = verb("org.export_roster", "导出名册导入结果")


class Stale(ValidationError):
    """The database has moved on since the preview was shown."""


@creation(Import, "org.import_roster")
def import_roster(
    by: Actor,
    *,
    content: bytes,
    name: str,
    as_of: date | None = None,
    branch: str = "",
    status: str = "",
    unit: Unit | None = None,
) -> Import:
    """上传名册"""
    sheets = _sheets(content, name)
    chosen = Settings(as_of or clock.today(), branch, status)
    made = Import(unit=unit or _top(by), name=PurePath(name).name[:200])
    if not by.may("org.import_roster", made):
        raise PermissionDenied("您的职务不能在此处上传名册")
    made.digest = hashlib.sha256(content).hexdigest()
    made.choices = chosen.kept()
    roster = _parse(sheets, [], chosen)
    if not roster.columns:
        remedy = "请确认表头有“姓名”“所在党支部”“入党时间”等至少三列，并且在同一行或上下两行"
        raise ValidationError(f"没有找到党员名册的表头。{remedy}。")
    if not roster.data_rows and any(column.field == "name" for column in roster.columns):
        raise ValidationError("表头下面没有数据行，请确认选对了文件和工作表。")
    _preview(made, sheets, roster, by, "org.import_roster")
    made.file = ContentFile(content, name=f"{made.digest[:24]}{PurePath(name).suffix.lower()}")
    return made


@step(Import, "org.adjust_roster", at={State.PREVIEWED})
def adjust_roster(
    imp: Import,
    by: Actor,
    *,
    columns: Mapping[tuple[str, int], str | None] | None = None,
    units: Mapping[str, str] | None = None,
    as_of: date | None = None,
    branch: str | None = None,
    status: str | None = None,
) -> None:
    """调整导入：列、单位和对文件的说明；预览随之重算。"""
    chosen = Settings.of(imp.choices)
    chosen = Settings(
        as_of or chosen.as_of,
        chosen.branch if branch is None else branch,
        chosen.status if status is None else status,
        {**chosen.units, **(units or {})},
    )
    imp.choices = chosen.kept()
    kept = {(sheet, at): name for sheet, at, name in imp.columns.get("mapping", [])} | dict(columns or {})
    mapping = [[sheet, at, name] for (sheet, at), name in kept.items()]
    sheets = stored_sheets(imp)
    imp.columns = {"mapping": mapping}
    _preview(imp, sheets, _parse(sheets, mapping, chosen), by, "org.import_roster")


@step(Import, "org.confirm_roster", at={State.PREVIEWED}, to=State.CONFIRMED)
def confirm_roster(
    imp: Import,
    by: Actor,
    *,
    sheets: Sequence[Sheet] | None = None,
    note: str = "",
) -> None:
    """确认导入：按预览的样子一次写完；预览之后有变动的，不写。"""
    # Two imports at once would each make the same people; the hospital's row is the queue.
    Unit.objects.select_for_update().get(pk=imp.unit_id)
    plan = replan(imp, by, sheets)
    if decisive(plan.entries) != decisive(imp.outcome):
        raise Stale("预览之后系统里的数据有变动，已重新生成预览；请再核对一遍后确认", code="stale")
    if plan.counts["open"]:
        raise ValidationError(f"还有 {plan.counts['open']} 个新单位没有选择怎样处理")
    if not plan.counts["imported"] + plan.counts["merged"]:
        raise ValidationError("没有可以导入的行；请按“未导入”里的原因改正名册后重新上传")
    imp.journal = write(plan)
    if imp.columns.get("identity") and not settings.KEEP_IDENTITY:
        # The register itself holds the numbers that this hospital does not keep.
        transaction.on_commit(lambda: _discard_file(imp))


@step(Import, "org.discard_roster", at={State.PREVIEWED}, to=State.UNDONE)
def discard_roster(imp: Import, by: Actor) -> None:
    """放弃导入"""
    transaction.on_commit(lambda: _discard_file(imp))


@step(Import, "org.undo_roster", at={State.CONFIRMED}, to=State.UNDONE)
def undo_roster(imp: Import, by: Actor, *, reason: str = "") -> None:
    """撤销导入"""
    if reasons := built_on(imp.journal):
        more = [f"……共 {len(reasons)} 处"] if len(reasons) > SHOWN_REASONS else []
        raise ValidationError(["导入之后已有新的记录，不能撤销：", *reasons[:SHOWN_REASONS], *more])
    revert(imp.journal)
    imp.journal = []


# The preview ----------------------------------------------------------------------------------------------------------


def replan(imp: Import, by: Actor, sheets: Sequence[Sheet] | None = None) -> Plan:
    """What a confirmation would do now; writes nothing."""
    read = sheets if sheets is not None else stored_sheets(imp)
    chosen = Settings.of(imp.choices)
    roster = _parse(read, imp.columns.get("mapping", []), chosen)
    return make_plan(roster, read, chosen, by, by.reach("org.confirm_roster"))


def _preview(imp: Import, sheets: Sequence[Sheet], roster: Roster, by: Actor, code: str) -> None:
    if roster.data_rows > MOST_ROWS:
        raise ValidationError(
            f"名册有 {roster.data_rows} 行，一次最多 {MOST_ROWS} 行；请按党总支拆成几个文件"
        )
    plan = make_plan(roster, sheets, Settings.of(imp.choices), by, by.reach(code))
    imp.outcome, imp.counts = plan.entries, plan.counts
    imp.columns = {
        "mapping": imp.columns.get("mapping", []),
        "found": [[c.sheet, c.index, c.label, c.field] for c in roster.columns],
        "identity": any(c.field == "identity" for c in roster.columns),
    }


def _parse(sheets: Sequence[Sheet], mapping: list[list[Any]], chosen: Settings) -> Roster:
    wanted: Mapped = {(sheet, at): name or None for sheet, at, name in mapping}
    return parse_roster(sheets, wanted, branch=chosen.branch, as_of=chosen.as_of)


def _sheets(content: bytes, name: str) -> list[Sheet]:
    try:
        return read_workbook(content, name)
    except SheetProblem as problem:
        raise ValidationError(str(problem), code="sheet") from problem


def stored_sheets(imp: Import) -> list[Sheet]:
    """The workbook as it was uploaded. Raises ValidationError when the file is gone."""
    try:
        with imp.file.open("rb") as stream:
            return _sheets(stream.read(), imp.name)
    except (FileNotFoundError, ValueError) as problem:
        raise ValidationError("上传的文件已不在，请重新上传") from problem


def _top(by: Actor) -> Unit:
    """The highest unit that somebody imports for."""
    found: Unit | None = Unit.objects.within(by, "org.import_roster").order_by("path").first()
    if found is None:
        raise PermissionDenied("您的职务不能上传名册")
    return found


def file_is_there(imp: Import) -> bool:
    """Whether the uploaded register is still kept."""
    return bool(imp.file) and imp.file.storage.exists(imp.file.name or "")


def _discard_file(imp: Import) -> None:
    if file_is_there(imp):
        imp.file.storage.delete(imp.file.name or "")


# In the background ----------------------------------------------------------------------------------------------------


def job_title(imp: Import) -> str:
    """The title under which an import's confirmation runs; with its number, so that it is found again."""
    return f"导入名册 {imp.pk}：{imp.name}"[:120]


def start_confirmation(imp: Import, by: Actor) -> Job:
    """Queue the confirmation; its progress is shown on the import's own page."""
    return jobs.start(
        "linghang.org.imports.confirm_in_background", job_title(imp), by, imp=imp.pk, person=by.pk
    )


def confirm_in_background(job: Job, *, imp: int, person: int) -> str:
    """Read, decide and write with a bar; a preview that is no longer true is made anew and refused."""
    found, by = Import.objects.get(pk=imp), Person.objects.get(pk=person)
    jobs.progress(job, 10, 100)
    sheets = stored_sheets(found)
    jobs.progress(job, 30, 100)
    try:
        confirm_roster(found, by, sheets=sheets, note=_sentence(found))
    except Stale:
        renew(found, by, sheets)
        raise
    except PermissionDenied as problem:
        raise ValidationError(str(problem)) from problem
    jobs.progress(job, 100, 100)
    return found.get_absolute_url()


def _sentence(imp: Import) -> str:
    count = figures(imp)
    return f"{count['rows']} 行：导入 {count['imported']}，合并 {count['merged']}，未导入 {count['refused']}"


def renew(imp: Import, by: Actor, sheets: Sequence[Sheet]) -> None:
    """Bring the preview of a waiting import up to the present day."""
    plan = replan(imp, by, sheets)
    waiting = Import.objects.filter(pk=imp.pk, state=State.PREVIEWED)
    waiting.update(outcome=plan.entries, counts=plan.counts)
