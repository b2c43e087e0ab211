"""The library on screen: everybody finds a rule, the office keeps it, a catalogue goes from upload to undo."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from linghang.kernel import clock
from linghang.kernel.refs import tie
from linghang.policies import actions
from linghang.policies.models import BASIS, Policy, PolicyImport, citing
from linghang.policies.tests.test_actions import DAY, make_policy
from linghang.policies.tests.test_imports import workbook
from tests.making import make_check, make_finding, make_meeting, make_order, make_round, unit

SAMPLE = Path(__file__).with_name("samples") / "policies.xlsx"


@pytest.fixture(autouse=True)
def day(on_day: Any) -> Any:
    with on_day(DAY):
        yield


@pytest.mark.mechanism("S2-11")
def test_every_employee_finds_a_rule_by_name_number_and_text(cast, client_of):
    make_policy(text="首诊医师负责联系会诊")
    make_policy(title="查对制度", number="院字〔2021〕7号", category="医疗核心", owner=unit("d-medicine"))
    make_policy(title="旧制度", number="", state="repealed")
    client = client_of(cast.member)
    for q, found in (
        ("会诊", "会诊制度"),
        ("2021〕7", "查对制度"),
        ("首诊医师", "会诊制度"),
        ("内科", "查对制度"),
    ):
        page = client.get("/policies/", {"q": q}).content.decode()
        assert f">{found}</a>" in page, q
        assert page.count('class="lead-cell') == 1, q
    assert "旧制度" not in client.get("/policies/").content.decode()
    assert "旧制度" in client.get("/policies/ended/").content.decode()
    assert "会诊制度" not in client.get("/policies/", {"category": "医疗核心"}).content.decode()
    assert client.get("/policies/", {"export": 1}).headers["Content-Type"].endswith("sheet")
    assert client.get("/policies/policies/new/").status_code == 404
    assert client.get("/policies/imports/").status_code == 404


@pytest.mark.mechanism("S1-02")
def test_a_rule_shows_its_editions_and_only_those_records_that_the_reader_may_see(cast, client_of):
    old = make_policy(title="党委会议事规则", state="superseded", version="第一版")
    new = make_policy(title="党委会议事规则", version="第二版")
    Policy.objects.filter(pk=old.pk).update(successor=new)
    tie(new, make_meeting(title="支部大会议事"), BASIS)
    tie(old, make_order(unit=unit("b-surgery"), title="外科的单子"), BASIS)
    page = client_of(cast.secretary).get(new.get_absolute_url()).content.decode()
    assert "第一版" in page
    assert "支部大会议事" in page
    assert "外科的单子" not in page
    assert "另有 1 条不在您的权限内" in page
    assert new.get_absolute_url() in client_of(cast.member).get(old.get_absolute_url()).content.decode()


@pytest.mark.mechanism("S1-02")
def test_a_meeting_is_tied_to_the_rule_it_rests_on_by_its_address_and_untied_with_a_reason(cast, client_of):
    held, meeting = make_policy(title="党委会议事规则"), make_meeting(title="支部大会议事")
    client = client_of(cast.office)
    for wrong in ("/activities/", "不是网址", "/activities/meetings/99999/"):
        answer = client.post(f"/policies/policies/{held.pk}/cite/", {"ref": wrong})
        assert answer.status_code == 422, wrong
    client.post(
        f"/policies/policies/{held.pk}/cite/", {"ref": f"http://testserver{meeting.get_absolute_url()}?a=1"}
    )
    assert "支部大会议事" in client_of(cast.secretary).get(held.get_absolute_url()).content.decode()
    client.post(f"/policies/policies/{held.pk}/uncite/", {"ref": meeting.ref, "reason": "看错了"})
    assert "支部大会议事" not in client.get(held.get_absolute_url()).content.decode().split("经过")[0]
    assert citing([held]) == []


@pytest.mark.mechanism("S3-10")
def test_conduct_and_stories_by_post_come_from_a_sheet_are_read_by_everybody_and_tied_to_a_check(
    cast, client_of
):
    client = client_of(cast.office)
    sheets = {
        "conduct": [("岗位", "准则内容"), ("医师", "查房先问候病人"), (None, "交代病情避开他人"), ("护士", "操作前说明目的")],
        "story": [("岗位", "名称", "正文"), ("医师", "凌晨三点的会诊", "他放下电话就赶来了。")],
    }  # fmt: skip
    for kind, told in sheets.items():
        file = SimpleUploadedFile(
            "行为准则.xlsx", workbook(*told, merged="A2:A3" if kind == "conduct" else "")
        )
        preview = client.post("/policies/imports/new/", {"file": file, "kind": kind})
        client.post(f"{preview.url}confirm/")
    found = Policy.objects.filter(kind="conduct").values_list("category", "title")
    assert list(found) == [
        ("医师", "交代病情避开他人"),
        ("医师", "查房先问候病人"),
        ("护士", "操作前说明目的"),
    ]
    page = client_of(cast.member).get("/policies/", {"kind": "conduct", "category": "医师"}).content.decode()
    assert "查房先问候病人" in page
    assert "凌晨三点的会诊" not in page
    story, check = Policy.objects.get(kind="story"), make_check()
    assert "赶来了" in client_of(cast.member).get(story.get_absolute_url()).content.decode()
    client.post(f"/policies/policies/{story.pk}/cite/", {"ref": check.get_absolute_url()})
    assert (
        check.get_absolute_url() in client_of(cast.secretary).get(story.get_absolute_url()).content.decode()
    )


def test_a_file_is_kept_and_handed_out_as_a_download(cast, client_of):
    held = make_policy()
    file = SimpleUploadedFile("会诊制度.pdf", b"%PDF-1.7 text")
    given = {"title": held.title, "kind": "rule", "file": file}
    assert client_of(cast.office).post(f"/policies/policies/{held.pk}/edit-policy/", given).status_code == 302
    answer = client_of(cast.member).get(f"/policies/policies/{held.pk}/file/")
    assert answer.content == b"%PDF-1.7 text"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    bad = {"title": held.title, "kind": "rule", "file": SimpleUploadedFile("a.exe", b"MZ")}
    assert client_of(cast.office).post(f"/policies/policies/{held.pk}/edit-policy/", bad).status_code == 422


def test_a_rule_is_revised_merged_and_repealed_on_its_page(cast, client_of):
    client, held, other = client_of(cast.office), make_policy(), make_policy(title="多学科会诊制度")
    form = client.get(f"/policies/policies/{held.pk}/revise/").content.decode()
    assert held.title in form
    new = {"title": held.title, "kind": "rule", "version": "第二版", "published_on": "2026-11-10"}
    client.post(f"/policies/policies/{held.pk}/revise/", new)
    held.refresh_from_db()
    fresh = held.successor
    assert (held.state, fresh.version) == ("superseded", "第二版")
    assert "第二版" in client.get(held.get_absolute_url()).content.decode()
    client.post(f"/policies/policies/{fresh.pk}/merge-policy/", {"into": other.pk})
    gone = {"ended_on": "2026-11-20", "reason": "院字〔2026〕9号"}
    client.post(f"/policies/policies/{other.pk}/repeal/", gone)
    states = list(Policy.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["superseded", "repealed", "merged"]
    assert client.post(f"/policies/policies/{other.pk}/repeal/", gone).status_code == 422


def test_many_rules_that_are_due_are_one_thing_to_do(cast, client_of):
    for n in range(5):
        make_policy(title=f"第 {n} 项制度", review_on=date(2026, 12, 1))
    assert "复审 5 项制度" in client_of(cast.office).get("/").content.decode()


def test_the_review_calendar_lists_what_is_due_and_confirms_several_at_once(cast, client_of):
    due, later = (
        make_policy(review_on=date(2026, 11, 1)),
        make_policy(title="查对制度", review_on=date(2027, 5, 1)),
    )
    make_policy(title="没定日子")
    client = client_of(cast.office)
    page = client.get("/policies/reviews/").content.decode()
    assert page.index(due.title) < page.index(later.title)
    assert page.count("现行，待复审") == 1
    assert "1 项现行制度没定复审日" in page
    assert later.title not in client.get("/policies/reviews/", {"when": "late"}).content.decode()
    assert "没定日子" in client.get("/policies/reviews/", {"when": "none"}).content.decode()
    client.post("/policies/reviews/confirm/", {"row": [due.pk, later.pk]})
    due.refresh_from_db()
    assert due.review_on == date(2029, 11, 20)


@pytest.mark.mechanism("S3-15")
def test_a_catalogue_goes_from_upload_to_preview_to_the_library_and_back(cast, client_of):
    client = client_of(cast.office)
    file = SimpleUploadedFile("制度汇编目录.xlsx", SAMPLE.read_bytes())
    preview = client.post("/policies/imports/new/", {"file": file, "kind": "rule"})
    made = PolicyImport.objects.get()
    assert preview.url == made.get_absolute_url()
    page = client.get(preview.url).content.decode()
    assert "742 行 ＝ 导入 742 ＋ 合并 0 ＋ 未导入 0" in page
    assert "并入的第" in client.get(f"{preview.url}rows/cautions/", {"q": "已废止"}).content.decode()
    assert client.get(f"{preview.url}report/").headers["Content-Type"].endswith("sheet")
    client.post(f"{preview.url}confirm/")
    assert Policy.objects.count() == 742
    assert client_of(cast.clerk_office).post(f"{preview.url}undo/").status_code == 404
    client.post(f"{preview.url}undo/")
    assert Policy.objects.count() == 0


def test_what_the_library_gives_out_changes_nothing_when_it_comes_back(cast, client_of):
    old = make_policy(number="院字〔2018〕1号", version="第一版", state="superseded")
    new = make_policy(number="院字〔2022〕3号", version="第二版", review_on=date(2027, 1, 1))
    Policy.objects.filter(pk=old.pk).update(successor=new)
    make_policy(title="查对制度", number="", published_on=None, owner=unit("d-medicine"), category="医疗核心")
    make_policy(title="旧制度", state="repealed")
    client = client_of(cast.office)
    file = SimpleUploadedFile("制度目录.xlsx", client.get("/policies/all/", {"export": 1}).content)
    client.post("/policies/imports/new/", {"file": file, "kind": "rule"})
    rows = PolicyImport.objects.get().outcome
    assert [(row["outcome"], row["changes"]) for row in rows] == [("merged", [])] * 4
    assert len({row["policy"] for row in rows}) == 4


def test_a_wrong_file_is_answered_at_its_field(cast, client_of):
    file = SimpleUploadedFile("制度.docx", b"PK\x03\x04 nothing")
    answer = client_of(cast.office).post("/policies/imports/new/", {"file": file, "kind": "rule"})
    assert answer.status_code == 422


@pytest.mark.mechanism("S2-11")
def test_a_rule_finds_the_checklist_items_and_indicators_that_name_it_and_they_lead_to_it(cast, client_of):
    """Both ways by the words of the basis: nothing is tied by hand, and the longer name takes what fits it better."""
    rule = make_policy(title="医院党支部考核办法", number="院党〔2026〕3 号")
    longer = make_policy(title="医院党支部考核办法实施细则")
    checks = make_policy(title="医院督查整改办法")
    office = client_of(cast.office)
    page = office.get(rule.get_absolute_url())
    assert {"A1 第一议题与理论学习", "D2 质量安全与国考相关指标"} <= {
        line.title for line in page.context["resting"]
    }
    (scheme,) = {line.url for line in page.context["resting"]}
    assert f'href="{scheme}"' in page.content.decode()
    assert f'href="{rule.get_absolute_url()}"' in office.get(scheme).content.decode()
    assert not office.get(longer.get_absolute_url()).context["resting"]
    told = [(line.title, line.within) for line in office.get(checks.get_absolute_url()).context["resting"]]
    assert ("A2 上级部署按期办结", "党支部工作检查表") in told
    checklist = apps.get_model("inspections.Checklist").objects.get(code="standard")
    check = make_check(state="waiting", held_on=None, round=make_round(checklist=checklist))
    asked = client_of(cast.secretary).get(check.get_absolute_url()).content.decode()
    assert f'href="{checks.get_absolute_url()}"' in asked
    item = check.round.checklist.items.get(code="A2")
    finding = make_finding(item=item, inspection=check, confirmed_on=clock.today())
    assert (
        checks.get_absolute_url() in client_of(cast.office).get(finding.get_absolute_url()).content.decode()
    )
    assert not client_of(cast.member).get(checks.get_absolute_url()).context["resting"]
    actions.repeal(checks, cast.office, ended_on=clock.today(), reason="院发 9 号")
    assert not office.get(checks.get_absolute_url()).context["resting"]
    assert checks.get_absolute_url() not in office.get(finding.get_absolute_url()).content.decode()
