"""A member register from upload to confirmation: what becomes of every row, and what is written."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection

from linghang.kernel.flow import WrongState
from linghang.kernel.models import Job, Trail
from linghang.org import imports
from linghang.org.importing.entries import ROWS
from linghang.org.models import (
    Grant,
    Import,
    Membership,
    Person,
    Post,
    Unit,
)
from linghang.org.tests.registers import (
    AS_OF,
    NUMBER,
    bring_in,
    decide,
    line,
    of,
    register,
    said,
    state,
    upload,
)
from linghang.ui.tests.workbooks import xlsx_of


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# Every row has one outcome ---------------------------------------------------------------------------------------------


def test_upload_changes_nothing_but_shows_what_would_happen(cast):
    before = state()
    found = upload(cast.office, line("新来的"), line("周明"), line("", 工号="9"))
    assert found.state == Import.State.PREVIEWED
    assert [found.counts[key] for key in ("rows", "imported", "merged", "refused")] == [3, 1, 1, 1]
    assert state() == before


def test_new_member_gets_person_membership_and_trail(cast, hospital):
    bring_in(
        cast.office, line("吴梅", 性别="女", 出生日期="1980-03-02", 所在科室="内科", 转正时间="2011-05-04")
    )
    person = Person.objects.get(name="吴梅")
    assert (person.branch, person.department, person.sex) == (
        hospital.b_medicine,
        hospital.d_medicine,
        "female",
    )
    assert (person.birth_on, person.joined_on) == (date(1980, 3, 2), date(2010, 5, 4))
    assert person.pinyin == "wumei wm"
    assert list(person.memberships.values_list("status", "since", "until")) == [
        ("probationary", date(2010, 5, 4), date(2011, 5, 4)),
        ("full", date(2011, 5, 4), None),
    ]
    assert Trail.objects.filter(verb="org.confirm_roster").count() == 1


def test_membership_begins_on_the_as_of_day_when_joining_is_unknown(cast):
    bring_in(cast.office, line("吴梅", 入党时间=""))
    assert Membership.objects.get(person__name="吴梅").since == AS_OF


def test_identity_number_is_not_kept_unless_the_hospital_keeps_it(cast, settings, tmp_path):
    content = xlsx_of(
        {
            "名册": [
                ["姓名", "所在党支部", "公民身份号码", "党员类别"],
                ["吴梅", "内科党支部", NUMBER, "正式党员"],
            ]
        }
    )
    bring_in(cast.office, content=content)
    person = Person.objects.get(name="吴梅")
    assert (person.identity_digest, person.identity_masked) == (None, "")
    assert person.birth_on == date(1949, 12, 31)
    assert not any(NUMBER in str(row) for row in Import.objects.values_list())


def test_identity_is_kept_as_digest_and_finds_the_person_again(cast, settings):
    settings.KEEP_IDENTITY = True
    head = ["姓名", "所在党支部", "公民身份号码", "党员类别"]
    bring_in(cast.office, content=xlsx_of({"名册": [head, ["吴梅", "内科党支部", NUMBER, "正式党员"]]}))
    person = Person.objects.get(name="吴梅")
    assert person.identity_masked == "1101**********002X"
    assert NUMBER not in person.identity_digest
    again = upload(cast.office, content=xlsx_of({"名册": [head, ["吴梅", "外科党支部", NUMBER, "正式党员"]]}))
    assert of(again, "吴梅")["person"] == person.pk
    assert "公民身份号码" in of(again, "吴梅")["into"]


def test_register_with_numbers_is_deleted_once_it_is_confirmed(cast, django_capture_on_commit_callbacks):
    head = ["姓名", "所在党支部", "公民身份号码", "党员类别"]
    content = xlsx_of({"名册": [head, ["吴梅", "内科党支部", NUMBER, "正式党员"]]})
    found = upload(cast.office, content=content)
    assert Path(found.file.path).exists()
    with django_capture_on_commit_callbacks(execute=True):
        imports.confirm_roster(found, cast.office)
    assert not Path(found.file.path).exists()


# Known persons ---------------------------------------------------------------------------------------------------------


def test_staff_number_finds_a_known_person_whose_news_are_taken_over(cast, hospital):
    found = bring_in(cast.office, line("周明", 工号="3001", 手机号码="13900001111", 性别="男"))
    person = Person.objects.get(staff_number="3001")
    assert (person.phone, person.sex) == ("13900001111", "male")
    assert person.position == "科主任"
    assert of(found, "周明")["kind"] == "merged"
    assert "13900001111" not in str(of(found, "周明")["changes"])


def test_staff_number_of_somebody_else_is_refused_with_the_name(cast):
    found = upload(cast.office, line("王二", 工号="3001"))
    assert "周明（工号 3001，内科党支部）" in said(of(found, "王二"))


def test_leading_zeros_that_excel_dropped_do_not_make_a_second_person(cast):
    Person.objects.create(name="钱零", staff_number="0077", pinyin="x")
    found = upload(cast.office, line("钱零", 工号=77))
    assert of(found, "钱零")["kind"] == "merged"


def test_namesakes_are_told_apart_by_birth_date_and_refused_where_they_cannot_be(cast, hospital):
    for day in (date(1980, 1, 1), date(1990, 1, 1)):
        Person.objects.create(name="李同", birth_on=day, pinyin="x", branch=hospital.b_medicine)
    found = upload(cast.office, line("李同", 出生日期="1990-01-01"))
    assert of(found, "李同")["kind"] == "merged"
    unclear = of(upload(cast.office, line("李同")), "李同")
    assert unclear["kind"] == "refused"
    assert "2 位相符的人" in said(unclear)
    assert "无工号，内科党支部" in said(unclear)


def test_two_rows_cannot_be_the_same_known_person(cast, hospital):
    Person.objects.create(name="李同", birth_on=date(1980, 1, 1), pinyin="x", branch=hospital.b_medicine)
    rows = (line("李同", "外科党支部", 出生日期="1980-01-01"), line("李同", 出生日期="1980-01-01"))
    found = upload(cast.office, *rows)
    kinds = {e["branch"]: e["kind"] for e in found.outcome if e["kind"] in ROWS}
    assert kinds == {"外科党支部": "refused", "内科党支部": "merged"}


def test_a_move_to_another_branch_ends_the_old_membership_on_the_as_of_day(cast, hospital):
    found = bring_in(cast.office, line("何员", "外科党支部", 工号="3004"))
    person = Person.objects.get(staff_number="3004")
    assert person.branch == hospital.b_surgery
    old, new = person.memberships.order_by("since")
    assert (old.branch, old.until) == (hospital.b_medicine, AS_OF)
    assert (new.branch, new.since, new.until) == (hospital.b_surgery, AS_OF, None)
    assert "支部由“内科党支部”改为“外科党支部”" in said(of(found, "何员"))


def test_a_probationary_member_becomes_full_on_the_day_of_confirmation(cast):
    Membership.objects.filter(person__staff_number="3005").update(since=date(2025, 3, 1))
    bring_in(cast.office, line("新晓", 工号="3005", 入党时间="2025-03-01", 转正时间="2026-03-05"))
    old, new = Membership.objects.filter(person__staff_number="3005").order_by("since")
    assert (old.until, new.since, new.status) == (date(2026, 3, 5), date(2026, 3, 5), "full")


def test_an_old_register_neither_moves_nor_demotes_anybody(cast, hospital):
    found = bring_in(cast.office, line("周明", "外科党支部", 工号="3001"), as_of=date(2019, 1, 1))
    assert Person.objects.get(staff_number="3001").branch == hospital.b_medicine
    assert "晚于名册截至日" in said(of(found, "周明"))
    found = bring_in(cast.office, line("何员", 工号="3004", 党员类别="预备党员"))
    assert Membership.objects.get(person__staff_number="3004").status == "full"
    assert "没有改动" in said(of(found, "何员"))


def test_who_left_is_not_brought_back_silently(cast):
    Person.objects.filter(staff_number="3004").update(left_on=date(2026, 1, 1))
    assert "已于 2026-01-01 离院" in said(of(upload(cast.office, line("何员", 工号="3004")), "何员"))


# Units -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["内科支部", "中共示例医院内科党支部委员会", "内科 党支部", "内科党支部（本部）", "示例医院内科党支部"],
)
def test_spellings_of_a_known_branch_are_that_branch(cast, hospital, written):
    if "本部" in written:
        Unit.objects.filter(pk=hospital.b_medicine.pk).update(name="内科党支部(本部)")
    found = upload(cast.office, line("新来的", written))
    assert found.counts["units"] == 0
    assert of(found, "新来的")["kind"] == "imported"


@pytest.mark.parametrize(
    "written", ["第一党总支内科党支部", "第一党总支-内科支部", "医院党委/第一党总支/内科党支部"]
)
@pytest.mark.under_a_committee
def test_a_branch_written_with_its_general_branch_in_one_cell_is_that_branch(cast, hospital, written):
    found = upload(cast.office, line("新来的", written))
    assert found.counts["units"] == 0
    assert of(found, "新来的")["branch"] == "内科党支部"


def test_branches_of_which_only_the_word_hospital_differs_stay_apart(cast, hospital):
    Unit.objects.filter(pk=hospital.b_medicine.pk).update(name="儿童医院党支部")
    found = upload(cast.office, line("新来的", "互联网医院党支部"), line("旧有的", "儿童医院党支部"))
    assert [e["name"] for e in found.outcome if e["kind"] == "unit"] == ["互联网医院党支部"]


def test_branches_counted_in_digits_and_in_words_are_the_same(cast, hospital):
    Unit.objects.filter(pk=hospital.b_medicine.pk).update(name="内科第一党支部")
    rows = [
        line(f"甲{at}", name) for at, name in enumerate(("内科一支部", "内科1支部", "1.内科第1党支部（3人）"))
    ]
    assert upload(cast.office, *rows).counts["units"] == 0


@pytest.mark.under_a_committee
def test_a_missing_branch_is_proposed_with_the_nearest_and_nothing_is_invented(cast, hospital):
    Unit.objects.filter(pk=hospital.b_medicine.pk).update(name="心血管内科党支部")
    found = upload(cast.office, line("新来的", "心内科支部"))
    [unit] = [e for e in found.outcome if e["kind"] == "unit"]
    assert unit["suggestion"] == f"map:{hospital.b_medicine.pk}"
    assert ["create", "新建党支部，设在“医院党委”下"] in unit["options"]
    with pytest.raises(ValidationError, match="还有 1 个新单位没有选择"):
        imports.confirm_roster(found, cast.office)
    imports.confirm_roster(decide(found, cast.office), cast.office)
    assert Person.objects.get(name="新来的").branch_id == hospital.b_medicine.pk


def test_wards_that_differ_in_their_number_are_not_taken_for_each_other(cast, hospital):
    Unit.objects.filter(pk=hospital.b_medicine.pk).update(name="骨科一病区党支部")
    [unit] = [e for e in upload(cast.office, line("新", "骨科三病区党支部")).outcome if e["kind"] == "unit"]
    assert unit["suggestion"] == "create"


def test_new_branch_hangs_where_the_register_says_with_path_and_placement(cast, hospital):
    content = xlsx_of(
        {
            "名册": [
                ["姓名", "所属党总支", "所在党支部", "党员类别", "所在科室", "党小组", "党内职务"],
                ["甲一", "第二党总支", "药学党支部", "正式党员", "药学部", "第一党小组", "党小组长"],
                ["乙二", "第三党总支", "护理党支部", "正式党员", "", "", "党总支书记"],
            ]
        }
    )
    bring_in(cast.office, content=content)
    pharmacy, nursing = Unit.objects.get(name="药学党支部"), Unit.objects.get(name="护理党支部")
    assert (pharmacy.parent, pharmacy.since) == (hospital.g2, AS_OF)
    assert pharmacy.path == f"{hospital.g2.path}{pharmacy.pk:05}/"
    assert pharmacy.placements.get().parent == hospital.g2
    assert nursing.parent.name == "第三党总支"
    assert nursing.parent.parent == hospital.party
    assert nursing.path.startswith(nursing.parent.path)
    assert Post.objects.get(person__name="甲一").unit.name == "药学第一党小组"
    assert Post.objects.get(person__name="乙二").role_id == "general_secretary"
    assert Person.objects.get(name="甲一").department.parent == hospital.hospital


def test_skipped_units_are_listed_as_refused_rows_with_that_reason(cast):
    found = decide(upload(cast.office, line("新来的", "药学党支部"), line("吴梅")), cast.office, "skip")
    assert "已选择不导入" in said(of(found, "新来的"))
    assert (found.counts["imported"], found.counts["refused"]) == (1, 1)
    imports.confirm_roster(found, cast.office)
    assert not Unit.objects.filter(name="药学党支部").exists()


def test_a_known_branch_is_not_moved_by_a_register_that_places_it_elsewhere(cast, hospital):
    head = ["姓名", "所属党总支", "所在党支部", "党员类别"]
    content = xlsx_of(
        {"名册": [head, *([name, "第二党总支", "内科党支部", "正式党员"] for name in ("甲一", "乙二"))]}
    )
    found = bring_in(cast.office, content=content)
    assert Unit.objects.get(pk=hospital.b_medicine.pk).parent == hospital.g1
    assert "隶属未改动" in said(of(found, "甲一"))
    assert said(of(found, "乙二")) == ""


# Posts -----------------------------------------------------------------------------------------------------------------


def test_posts_begin_on_the_as_of_day_and_a_held_seat_is_not_overwritten(cast, hospital):
    found = bring_in(
        cast.office,
        line("吴梅", 党内职务="党支部书记兼宣传委员"),
        line("冯兰", 党内职务="组织委员"),
        line("郑竹", "影像党支部", 党内职务="宣传委员"),
    )
    assert [p.role_id for p in Post.objects.filter(person__name="吴梅")] == ["publicist"]
    assert "现任为 周明" in said(of(found, "吴梅"))
    assert not Post.objects.filter(person__name="冯兰").exists()
    assert "现任为 王蕾" in said(of(found, "冯兰"))
    assert of(found, "吴梅")["cautions"][-1]["remedy"] == "请在任职页调整"
    post = Post.objects.get(person__name="郑竹")
    assert (post.role_id, post.unit, post.since) == ("publicist", hospital.b_imaging, AS_OF)


def test_a_post_that_is_held_already_stays_as_it_is(cast):
    before = Post.objects.filter(person=cast.secretary).values_list().get()
    bring_in(cast.office, line("周明", 工号="3001", 党内职务="支部书记"))
    assert Post.objects.filter(person=cast.secretary).values_list().get() == before


@pytest.mark.under_a_committee
def test_clerk_cannot_make_a_party_secretary_nor_an_officer_of_themselves(cast):
    Post.objects.filter(role="party_secretary").delete()
    found = bring_in(
        cast.clerk_office,
        line("吴梅", 党内职务="党委书记"),
        line("李静", "机关党支部", 工号="1004", 党内职务="组织委员"),
    )
    assert "您的职务不能任命党委书记" in said(of(found, "吴梅"))
    assert "不能由本人导入本人的任职" in said(of(found, "李静"))
    assert not Post.objects.filter(person__name="吴梅").exists()
    bring_in(cast.office, line("吴梅", 党内职务="党委书记"))
    assert Post.objects.get(person__name="吴梅").role_id == "party_secretary"


def test_auditor_gets_no_business_post(cast):
    found = bring_in(cast.office, line("审计员", "机关党支部", 工号="9002", 党内职务="组织委员"))
    assert "三员分立" in said(of(found, "审计员"))
    assert Post.objects.filter(person=cast.auditor).count() == 1


# Confirmation ----------------------------------------------------------------------------------------------------------


def test_the_same_register_again_changes_nothing_but_adds_one_trail_row(cast):
    rows = (
        line("吴梅", 党内职务="宣传委员", 出生日期="1980-03"),
        line("周明", 工号="3001", 手机号码="13900001111"),
    )
    bring_in(cast.office, *rows)
    before = state()
    again = upload(cast.office, *rows)
    assert (again.counts["imported"], again.counts["merged"], again.counts["changed"]) == (0, 2, 0)
    trail = Trail.objects.count()
    imports.confirm_roster(again, cast.office)
    assert state() == before
    assert Trail.objects.count() == trail + 1


def test_a_preview_that_is_no_longer_true_is_not_written(cast):
    found = upload(cast.office, line("吴梅"))
    Person.objects.create(name="吴梅", pinyin="x", branch=cast.secretary.branch)
    job = imports.start_confirmation(found, cast.office)
    assert job.state == Job.State.FAILED
    assert "预览之后系统里的数据有变动" in job.message
    found.refresh_from_db()
    assert (found.state, found.counts["merged"]) == (Import.State.PREVIEWED, 1)
    assert imports.start_confirmation(found, cast.office).state == Job.State.DONE


def test_killed_in_the_middle_nothing_is_half_written(cast):
    found = decide(upload(cast.office, line("吴梅", "药学党支部", 党内职务="宣传委员")), cast.office)
    before = state()

    def broken(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "org_post"'):
            raise OperationalError("connection lost")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        job = imports.start_confirmation(found, cast.office)
    assert job.state == Job.State.FAILED
    assert state() == before
    found.refresh_from_db()
    assert (found.state, found.journal) == (Import.State.PREVIEWED, [])
    assert imports.start_confirmation(found, cast.office).state == Job.State.DONE


def test_confirmation_happens_once_and_only_by_whoever_may(cast):
    found = upload(cast.office, line("吴梅"))
    with pytest.raises(PermissionDenied):
        imports.confirm_roster(found, cast.secretary)
    imports.confirm_roster(found, cast.office)
    with pytest.raises(WrongState, match="已导入"):
        imports.confirm_roster(found, cast.office)


def test_outsiders_cannot_upload(cast):
    with pytest.raises(PermissionDenied):
        upload(cast.secretary, line("吴梅"))
    assert not Import.objects.exists()


def test_whoever_imports_for_a_part_of_the_hospital_reaches_no_further(cast, hospital):
    for verb in ("org.import_roster", "org.adjust_roster", "org.confirm_roster"):
        Grant.objects.create(role_id="general_secretary", verb=verb, extent="tree", since=date(2020, 1, 1))
    rows = (
        line("吴梅"),
        line("郑竹", "外科党支部"),
        line("韩外", 工号="4001"),
        line("甲一", 所在科室="药学部"),
    )
    found = upload(cast.general, *rows)
    assert found.unit == hospital.g1
    assert of(found, "吴梅")["kind"] == "imported"
    assert "不在您的权限内" in said(of(found, "郑竹"))
    assert "不在您的权限内" in said(of(found, "韩外"))
    [unit] = [e for e in found.outcome if e["kind"] == "unit"]
    assert (unit["suggestion"], unit["options"]) == (
        "blank",
        [["blank", "不填科室，只导入人员"], ["skip", "这些行不导入"]],
    )


def test_a_file_that_is_no_honest_workbook_is_refused_in_words(cast):
    with pytest.raises(ValidationError, match="不是工作簿"):
        imports.import_roster(cast.office, content=b"a,b,c\n1,2,3\n", name="名册.xlsx")
    with pytest.raises(ValidationError, match="没有找到党员名册的表头"):
        imports.import_roster(
            cast.office, content=xlsx_of({"表": [["收入", "支出"], [1, 2]]}), name="账.xlsx"
        )
    assert not Import.objects.exists()


def test_a_text_table_is_imported_like_a_workbook(cast, hospital):
    content = "姓名,所在党支部,入党时间,党员类别\n吴梅,内科党支部,2010.3.1,正式党员\n".encode("gb18030")
    found = imports.import_roster(cast.office, content=content, name="名册.csv", as_of=AS_OF)
    imports.confirm_roster(found, cast.office)
    assert Person.objects.get(name="吴梅").joined_on == date(2010, 3, 1)


def test_a_header_without_rows_is_refused(cast):
    with pytest.raises(ValidationError, match="表头下面没有数据行"):
        upload(cast.office, content=register())


def test_two_namesakes_of_another_sex_are_found_again(cast):
    rows = [line("李静", 性别=sex) for sex in ("男", "女")]
    bring_in(cast.office, *rows)
    again = upload(cast.office, *rows)
    assert (again.counts["merged"], again.counts["changed"]) == (2, 0)


def test_the_preview_shows_dates_as_precisely_as_they_were_written(cast):
    entry = of(upload(cast.office, line("吴梅", 入党时间="2010.05", 转正时间="2011-5-4")), "吴梅")
    assert (entry["joined"], entry["confirmed"]) == ("2010-05", "2011-05-04")


def test_columns_can_be_corrected_and_rows_follow(cast):
    content = xlsx_of(
        {"名册": [["姓名", "支部名", "所在科室", "党员类别"], ["吴梅", "内科党支部", "内科", "正式党员"]]}
    )
    found = upload(cast.office, content=content)
    assert found.counts["refused"] == 1
    imports.adjust_roster(found, cast.office, columns={("名册", 1): "branch"})
    assert found.counts["imported"] == 1
    imports.adjust_roster(found, cast.office, columns={("名册", 2): None})
    imports.confirm_roster(found, cast.office)
    assert Person.objects.get(name="吴梅").department is None


def test_what_is_said_about_the_file_fills_what_rows_leave_out(cast, hospital):
    content = xlsx_of({"名册": [["姓名", "性别", "手机号码"], ["吴梅", "女", "13900001111"]]})
    found = upload(cast.office, content=content)
    assert found.counts["refused"] == 1
    imports.adjust_roster(found, cast.office, branch="内科党支部", status="full")
    imports.confirm_roster(found, cast.office)
    assert Membership.objects.get(person__name="吴梅").branch == hospital.b_medicine


def test_values_too_long_for_their_place_are_named_and_left_out(cast):
    found = bring_in(
        cast.office, line("吴梅", 手机号码="13900001111", 所在科室="内科", 工号="9" * 40), line("郑竹")
    )
    assert "工号过长" in said(of(found, "吴梅"))
    assert Person.objects.filter(name="郑竹").exists()
