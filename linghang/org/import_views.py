"""Pages of the import: upload, columns, preview, confirmation with its bar, report, undo."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from linghang.kernel import clock
from linghang.kernel.flow import record, traces
from linghang.kernel.models import Job
from linghang.kernel.parameters import value
from linghang.org import imports
from linghang.org.importing.entries import figures
from linghang.org.importing.forms import ColumnsForm, UploadForm
from linghang.org.importing.report import report as workbook
from linghang.org.importing.tabs import TABS, entries, first_tab, listed, tabs
from linghang.org.importing.undoing import built_on
from linghang.org.models import Import
from linghang.org.parameters import LARGE_IMPORT
from linghang.ui.lists import XLSX, Column, Listing, download
from linghang.ui.requests import HouseRequest
from linghang.ui.second_factor import confirmed, demand
from linghang.ui.shortcuts import (
    attempt,
    fetch,
    form_page,
    make_form,
    needs,
    page,
    submitted,
    words,
)
from linghang.ui.uploads import upload_page, uploads_page

PATIENCE = timedelta(minutes=5)


@needs("org.import_roster")
def uploads(request: HouseRequest) -> HttpResponse:
    """Every import, newest first, with what became of it."""
    columns = [
        Column("rows", "行数", kind="number", read=lambda i: figures(i)["rows"]),
        Column("imported", "导入", kind="number", read=lambda i: figures(i)["imported"]),
        Column("merged", "合并", kind="number", read=lambda i: figures(i)["merged"]),
        Column("refused", "未导入", kind="number", read=lambda i: figures(i)["refused"]),
    ]
    return uploads_page(
        request,
        Import,
        new=("导入名册", reverse("org:import_new")),
        columns=columns,
        title="名册导入",
        sub="每份名册都先看预览，确认后才写入；没有新的记录压在上面时，可以整份撤销。",
        search=("name",),
        empty="还没有导入过名册。上传一份党员名册，先看预览，确认后才写入。",
    )


@needs("org.import_roster")
def upload(request: HouseRequest) -> HttpResponse:
    """Upload a register: checked, recognised, previewed; nothing is changed yet."""
    return upload_page(
        request,
        make_form(UploadForm, request),
        _read,
        title="导入名册",
        sub="上传后先看预览：每一行导入、合并还是不导入，都说清原因；确认之前什么都不改。",
        warning=("不得上传涉密文件。", "只上传本院党员名册，不要夹带其他工作表。"),
        cancel=reverse("org:imports"),
    )


def _read(request: HouseRequest, *, file: Any, **said: Any) -> Import:
    return imports.import_roster(request.person, content=file.read(), name=file.name, **said)


@needs("org.import_roster")
def roster(request: HouseRequest, pk: int, tab: str = "") -> HttpResponse:
    """One import: the preview before it is confirmed, the report after; a running confirmation shows its bar."""
    found: Import = fetch(request, Import, pk)
    tab = tab or first_tab(found)
    if tab not in TABS:
        raise Http404
    shown, job = listed(request, found, tab), _job(found)
    context = {
        "import": found,
        "count": figures(found),
        "tab": tab,
        "tabs": [(f"{t.label} {t.count}", t.url, t.current) for t in tabs(found, tab)],
        "listing": shown,
        "notes": entries(found, "note"),
        "asides": entries(found, "aside"),
        "file_there": imports.file_is_there(found),
        "trail": traces(found),
        **_doing(request, found, tab, shown, job),
    }
    return _progress(request, found, job) or page(request, "org/import.html", context)


def _doing(request: HouseRequest, found: Import, tab: str, shown: Listing, job: Job | None) -> dict[str, Any]:
    """What can be done with an import in its present state, and what is under way."""
    waiting = found.state == Import.State.PREVIEWED
    deciding = waiting and tab == "units"
    return {
        "waiting": waiting,
        "job": job if waiting else None,
        "busy": waiting and job is not None and _runs(job),
        "deciding": deciding,
        "units": _page_of_units(found, shown) if deciding else [],
        "may_confirm": waiting and request.person.may("org.confirm_roster", found),
        "asks_more": waiting and _large(found) and not confirmed(request),
        "undoable": found.state == Import.State.CONFIRMED and request.person.may("org.undo_roster", found),
    }


def _large(found: Import) -> bool:
    """Whether so much is at stake that a second factor is asked for."""
    return bool(figures(found)["rows"] > value(LARGE_IMPORT))


def _job(found: Import) -> Job | None:
    return Job.objects.filter(title=imports.job_title(found)).order_by("-pk").first()


def _runs(job: Job) -> bool:
    """Whether a confirmation is on its way; one whose worker was killed must not bar the next for ever."""
    return job.state in (Job.State.WAITING, Job.State.RUNNING) and clock.now() - job.at < PATIENCE


def _progress(request: HouseRequest, found: Import, job: Job | None) -> HttpResponse | None:
    """The bar asks for itself alone; once the work is over the whole page is worth showing again."""
    if job is None or not request.htmx or request.htmx.target != f"job-{job.pk}":
        return None
    if _runs(job):
        return page(request, "org/import_job.html", {"job": job, "import": found, "regions": ()})
    return HttpResponseClientRedirect(found.get_absolute_url())


def _page_of_units(found: Import, shown: Listing) -> list[dict[str, Any]]:
    """The questions of this page of the list, each with its choice or what is suggested."""
    q = shown.q.split()
    matching = [u for u in entries(found, "unit") if all(word in u["name"] for word in q)]
    first = shown.page.start_index() - 1 if matching else 0
    return [{**u, "value": u["choice"] or u["suggestion"]} for u in matching[first : first + len(shown.rows)]]


@needs("org.adjust_roster")
def columns(request: HouseRequest, pk: int) -> HttpResponse:
    """Which column holds what; every change is recognised anew at once."""
    found: Import = fetch(request, Import, pk)
    if found.state != Import.State.PREVIEWED:
        return redirect(found)
    try:
        sheets = imports.stored_sheets(found)
    except ValidationError as problem:
        messages.error(request, words(problem))
        return redirect(found)
    form: Any = make_form(ColumnsForm, request, found, sheets=sheets)
    chosen = submitted(
        request,
        form,
        lambda _: imports.adjust_roster(found, request.person, columns=form.chosen(), **form.said()),
    )
    if chosen and not request.htmx:
        return redirect(found)
    if chosen:
        form = ColumnsForm(person=request.person, obj=found, sheets=sheets)
    return form_page(
        request,
        form,
        "org/import_columns.html",
        **{"import": found, "count": figures(found), "regions": ("columns",)},
    )


@needs("org.adjust_roster")
@require_POST
def units(request: HouseRequest, pk: int) -> HttpResponse:
    """Keep what was chosen for the units of this page, or take every suggestion."""
    found: Import = fetch(request, Import, pk)
    if request.POST.get("all"):
        answers = {
            u["key"]: u["suggestion"] for u in entries(found, "unit") if not u["choice"] and u["suggestion"]
        }
    else:
        answers = dict(zip(request.POST.getlist("key"), request.POST.getlist("choice"), strict=False))
    chosen = {key: value for key, value in answers.items() if value}
    attempt(request, lambda: imports.adjust_roster(found, request.person, units=chosen), _saved)
    return redirect("org:import_rows", found.pk, "units") if figures(found)["open"] else redirect(found)


def _saved(found: Import) -> str:
    left = figures(found)["open"]
    return f"已保存，还有 {left} 个单位待选择" if left else "已保存，单位都已选择"


@needs("org.confirm_roster")
def confirm(request: HouseRequest, pk: int) -> HttpResponse:
    """Queue the confirmation; a large import asks for a second factor first."""
    found: Import = fetch(request, Import, pk)
    if _large(found) and not confirmed(request):
        return demand(request)
    if request.method != "POST":
        return redirect(found)
    job = imports.start_confirmation(found, request.person)
    if job.state == Job.State.FAILED:
        messages.error(request, job.message)
    elif job.state == Job.State.DONE:
        messages.success(request, f"已导入：{found}")
    return redirect(found)


@needs("org.undo_roster")
def undo(request: HouseRequest, pk: int) -> HttpResponse:
    """Take an import back; when something was built on it, each such thing is named."""
    found: Import = fetch(request, Import, pk)
    if _large(found) and not confirmed(request):
        return demand(request)
    if found.state != Import.State.CONFIRMED:
        messages.error(request, f"当前为“{found.get_state_display()}”，不能撤销导入")
        return redirect(found)
    if request.method == "POST":
        try:
            imports.undo_roster(found, request.person, reason=request.POST.get("reason", "")[:500])
        except (ValidationError, PermissionDenied) as problem:
            messages.error(request, words(problem)[:200])
        else:
            messages.success(request, f"已撤销：{found}，人员、组织和任职已恢复原样")
            return redirect(found)
    reasons = built_on(found.journal)
    context = {"import": found, "reasons": reasons, "count": figures(found)}
    return page(request, "org/import_undo.html", context, 422 if request.method == "POST" else 200)


@needs(imports.EXPORT, strong=True)
def report(request: HouseRequest, pk: int) -> HttpResponse:
    """Every row with outcome, reasons and remedies, as a workbook."""
    found: Import = fetch(request, Import, pk)
    record(request.person, imports.EXPORT, found, label="导出导入结果")
    return download(workbook(found), f"{found.name.rpartition('.')[0]} 导入结果.xlsx", XLSX)


@needs(imports.EXPORT, strong=True)
def original(request: HouseRequest, pk: int) -> HttpResponse:
    """The register as it was uploaded, for whoever may see the import."""
    found: Import = fetch(request, Import, pk)
    if not imports.file_is_there(found):
        messages.info(request, "原文件已按设置删除，系统只留校验码")
        return redirect(found)
    record(request.person, imports.EXPORT, found, label="下载名册原件")
    return download(found.file.read(), found.name, "application/octet-stream")
