"""The import in the browser: doors, upload, columns, units, preview, bar, report, undo."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linghang.kernel.models import Job, Trail
from linghang.org import actions, imports
from linghang.org.models import Import, Person, Unit
from linghang.org.tests.registers import AS_OF, SAMPLES, decide, line, register, upload
from linghang.ui.tests.workbooks import xlsx_of


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(client_of, cast):
    return client_of(cast.office)


def send(client, content, name="名册.xlsx", **said):
    file = SimpleUploadedFile(name, content)
    return client.post("/org/imports/new/", {"file": file, "as_of": AS_OF.isoformat(), **said})


def text(response):
    return response.content.decode()


def address(found, tail=""):
    return f"/org/imports/{found.pk}/{tail}"


@pytest.mark.under_a_committee
def test_office_goes_from_upload_to_report_without_javascript(office, cast):
    assert "不得上传涉密文件" in text(office.get("/org/imports/new/"))
    shown = send(office, register(line("吴梅", "药学党支部"), line("周明", 工号="3001"), line("")))
    found = Import.objects.get()
    assert shown.headers["Location"] == found.get_absolute_url()
    preview = text(office.get(found.get_absolute_url()))
    for words in ("待确认", "名册里有、系统里没有的单位", "新建党支部，设在“医院党委”下", "先选新单位（1）"):
        assert words in preview
    [unit] = [e for e in found.outcome if e["kind"] == "unit"]
    office.post(address(found, "units/"), {"key": unit["key"], "choice": "create"})
    assert "确认导入" in text(office.get(found.get_absolute_url()))
    assert not Person.objects.filter(name="吴梅").exists()
    office.post(address(found, "confirm-roster/"))
    report = text(office.get(found.get_absolute_url()))
    assert "已导入" in report
    assert "撤销导入" in report
    assert Person.objects.get(name="吴梅").branch.name == "药学党支部"


def test_the_sum_of_outcomes_is_the_number_of_rows_before_and_after(office, cast):
    send(office, register(line("吴梅"), line("周明", 工号="3001"), line(""), line("郑竹", 党员类别="群众")))
    found = Import.objects.get()
    for _ in ("preview", "report"):
        page = text(office.get(address(found, "rows/imported/")))
        assert "<b>4</b> 行 ＝" in page
        for words in ("导入 <b>1</b>", "合并 <b>1</b>", "未导入 <b>2</b>"):
            assert words in page
        office.post(address(found, "confirm-roster/"))


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("imported", ("吴梅", "内科党支部", "任内科党支部宣传委员")),
        ("merged", ("周明（工号 3001，内科党支部），依据工号", "无变动")),
        ("refused", ("A6", "没有姓名", "请补上姓名后重新导入")),
        ("cautions", ("“2010.05”只精确到月", "请按档案补全到日")),
        ("units", ("系统都已有",)),
    ],
)
def test_every_tab_tells_its_rows(office, tab, words):
    send(
        office,
        register(
            line("吴梅", 党内职务="宣传委员"),
            line("周明", 工号="3001", 入党时间=""),
            line("郑竹", 入党时间="2010.05"),
            line(""),
        ),
    )
    page = text(office.get(address(Import.objects.get(), f"rows/{tab}/")))
    for said in words:
        assert said in page


def test_lists_are_paged_searched_and_filtered(office):
    send(office, register(*(line(f"新人{chr(0x4E00 + n)}", 入党时间="2010.05") for n in range(45))))
    found = Import.objects.get()
    page = text(office.get(address(found, "rows/imported/")))
    assert page.count('data-label="党支部"') == 20
    assert 'aria-label="第 3 页"' in page
    assert "共 1 条" in text(office.get(address(found, f"rows/imported/?q=新人{chr(0x4E00)}")))
    assert "共 45 条" in text(office.get(address(found, "rows/cautions/?about=入党时间")))
    assert office.get(address(found, "rows/nothing/")).status_code == 404


def test_a_region_of_the_list_can_be_asked_for_alone(office):
    send(office, register(line("吴梅")))
    url = address(Import.objects.get(), "rows/imported/")
    region = text(office.get(url, headers={"HX-Request": "true", "HX-Target": "list"}))
    assert region.lstrip().startswith('<section class="list"')


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("名册.txt", b"a,b", "不支持“.txt”文件"),
        ("名册.csv", b"a,b", "没有找到党员名册的表头"),
        ("名册.xlsx", b"", "空"),
        ("名册.xlsx", b"\x00garbage", "文件不完整或已损坏"),
        ("名册.xlsx", xlsx_of({"账": [["收入", "支出"], [1, 2]]}), "没有找到党员名册的表头"),
    ],
)
def test_an_unusable_file_is_refused_in_the_form_and_nothing_is_kept(office, name, content, words, tmp_path):
    answer = send(office, content, name)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Import.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


def test_a_day_in_the_future_is_refused(office):
    answer = send(office, register(line("吴梅")), as_of="2027-12-31")
    assert "不能晚于今天" in text(answer)


def test_columns_page_shows_samples_and_follows_every_change(office):
    content = xlsx_of(
        {"名册": [["姓名", "支部名", "手机号码", "性别"], ["吴梅", "内科党支部", "13900001111", "女"]]}
    )
    send(office, content, status="full")
    found = Import.objects.get()
    page = text(office.get(address(found, "columns/")))
    for words in ("支部名", "内科党支部", "139****1111", "公民身份号码（只用于核对，不保存）"):
        assert words in page
    given = {
        "as_of": AS_OF.isoformat(),
        "status": "full",
        "c0": "name",
        "c1": "branch",
        "c2": "phone",
        "c3": "sex",
    }
    region = office.post(
        address(found, "columns/"), given, headers={"HX-Request": "true", "HX-Target": "columns"}
    )
    assert "导入 <b>1</b>" in text(region)
    assert "<html" not in text(region)
    plain = office.post(address(found, "columns/"), {**given, "c2": ""})
    assert plain.headers["Location"] == found.get_absolute_url()
    found.refresh_from_db()
    assert found.columns["found"][2] == ["名册", 2, "手机号码", None]
    assert office.post(address(found, "columns/"), {**given, "as_of": ""}).status_code == 422


def test_all_suggestions_can_be_taken_at_once(office):
    send(
        office,
        register(
            *(line(f"新人{n}", f"药学{n}党支部") for n in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
        ),
    )
    found = Import.objects.get()
    assert "全部按建议处理（22 个）" in text(office.get(found.get_absolute_url()))
    office.post(address(found, "units/"), {"all": "1"})
    found.refresh_from_db()
    assert found.counts["open"] == 0
    office.post(address(found, "confirm-roster/"))
    assert Unit.objects.filter(name__startswith="药学").count() == 22


def test_outsiders_find_no_door(client_of, cast):
    found = upload(cast.office, line("吴梅"))
    tails = ("", "rows/imported/", "columns/", "report/", "file/", "undo-roster/", "confirm-roster/")
    for person in (cast.secretary, cast.member, cast.auditor, cast.leader):
        client = client_of(person)
        assert client.get("/org/imports/").status_code == 404
        assert client.get("/org/imports/new/").status_code == 404
        assert [client.get(address(found, tail)).status_code for tail in tails] == [404] * len(tails)
        assert "导入名册" not in text(client.get("/org/people/"))


def test_whoever_may_see_the_import_opens_the_file_and_it_leaves_a_trace(office, client_of, cast):
    content = register(line("吴梅"))
    found = upload(cast.office, content=content)
    assert "导入名册" in text(office.get("/org/people/"))
    for client in (office, client_of(cast.clerk_office)):
        answer = client.get(address(found, "file/"))
        assert answer.content == content
        assert "attachment" in answer.headers["Content-Disposition"]
    assert Trail.objects.filter(subject=found.ref, label="下载名册原件").count() == 2


def test_a_large_import_asks_for_a_second_factor_at_confirmation(office, cast, settings):
    settings.SECOND_FACTOR = True
    content = (SAMPLES / "roster-small.xlsx").read_bytes()
    small = decide(upload(cast.office, content=content), cast.office)
    rows = [line(f"新人{chr(0x4E00 + n)}") for n in range(201)]
    large = upload(cast.office, *rows)
    assert "需要二次验证" in text(office.get(large.get_absolute_url()))
    answer = office.post(address(large, "confirm-roster/"))
    assert "/accounts/2fa/" in answer.headers["Location"]
    assert not Job.objects.exists()
    office.post(address(small, "confirm-roster/"))
    assert Import.objects.get(pk=small.pk).state == Import.State.CONFIRMED
    assert Import.objects.get(pk=large.pk).state == Import.State.PREVIEWED


def test_the_bar_is_shown_while_it_runs_and_leads_on_when_it_is_over(office, cast):
    found = upload(cast.office, line("吴梅"))
    job = Job.objects.create(
        title=imports.job_title(found), owner=cast.office.ref, state=Job.State.RUNNING, done=30, total=100
    )
    page = text(office.get(found.get_absolute_url()))
    assert 'value="30"' in page
    assert "确认导入</button>" not in page
    ask = {"HX-Request": "true", "HX-Target": f"job-{job.pk}"}
    bar = text(office.get(found.get_absolute_url(), headers=ask))
    assert bar.lstrip().startswith(f'<div class="job" id="job-{job.pk}"')
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    assert (
        office.get(found.get_absolute_url(), headers=ask).headers["HX-Redirect"] == found.get_absolute_url()
    )


def test_a_confirmation_that_was_killed_does_not_bar_the_next(office, cast, on_day):
    found = upload(cast.office, line("吴梅"))
    with on_day(AS_OF):
        Job.objects.create(title=imports.job_title(found), owner=cast.office.ref, state=Job.State.RUNNING)
    assert "确认导入</button>" in text(office.get(found.get_absolute_url()))


def test_a_failed_confirmation_says_why_and_that_nothing_was_written(office, cast):
    found = upload(cast.office, line("吴梅"))
    Person.objects.create(name="吴梅", pinyin="x", branch=cast.secretary.branch)
    office.post(address(found, "confirm-roster/"))
    page = text(office.get(found.get_absolute_url()))
    assert "预览之后系统里的数据有变动" in page
    assert "什么都没有写入" in page
    assert "确认导入</button>" in page


def test_report_is_a_workbook_with_every_row_and_what_to_do(office, cast):
    send(office, register(line("吴梅"), line("周明", 工号="3001"), line("", "内科党支部")))
    found = Import.objects.get()
    book = openpyxl.load_workbook(BytesIO(office.get(address(found, "report/")).content))
    assert book.sheetnames == ["全部结果", "未导入", "提醒"]
    cells = [[cell.value for cell in row] for row in book["全部结果"].iter_rows()]
    outcomes = {row[1]: row[4] for row in cells if row[4] in ("导入", "合并", "未导入")}
    assert outcomes == {3: "导入", 4: "合并", 5: "未导入"}
    assert "3 行 = 导入 1 + 合并 1 + 未导入 1" in str(cells)
    assert "请补上姓名后重新导入" in str([[c.value for c in row] for row in book["未导入"].iter_rows()])


def test_undo_page_takes_back_or_lists_what_was_built_on_it(office, cast):
    found = decide(upload(cast.office, line("吴梅")), cast.office)
    office.post(address(found, "confirm-roster/"))
    actions.edit_person(Person.objects.get(name="吴梅"), cast.office, name="吴莓")
    blocked = text(office.get(address(found, "undo-roster/")))
    assert "陈岚修改人员信息：吴莓" in blocked
    assert office.post(address(found, "undo-roster/"), {"reason": "错"}).status_code == 422
    assert Person.objects.filter(name="吴莓").exists()

    other = upload(cast.office, line("郑竹"))
    office.post(address(other, "confirm-roster/"))
    assert "这次导入的 1 人" in text(office.get(address(other, "undo-roster/")))
    office.post(address(other, "undo-roster/"), {"reason": "传错了文件"})
    assert not Person.objects.filter(name="郑竹").exists()
    assert "已撤销" in text(office.get(other.get_absolute_url()))


def test_a_waiting_import_can_be_given_up_from_its_page(office, cast):
    found = upload(cast.office, line("吴梅"))
    office.post(address(found, "discard-roster/"))
    found.refresh_from_db()
    assert found.state == Import.State.UNDONE
    assert "确认导入" not in text(office.get(found.get_absolute_url()))


def test_list_of_imports_begins_empty_and_then_tells_each(office, cast):
    assert "还没有导入过名册" in text(office.get("/org/imports/"))
    upload(cast.office, line("吴梅"))
    page = text(office.get("/org/imports/"))
    assert "名册.xlsx" in page
    assert "待确认" in page
