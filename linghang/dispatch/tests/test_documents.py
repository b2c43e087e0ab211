"""通知 and 通报: drafted and checked here, laid out as GB/T 9704 asks, numbered by OA."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from docx import Document as Word
from docx.oxml.ns import qn

from linghang.dispatch import actions
from linghang.dispatch.models import Document, Order
from linghang.dispatch.papers import PAPERS
from linghang.dispatch.tests.test_actions import due, issued, make_order, make_supervision
from linghang.dispatch.tests.test_papers import words_of
from linghang.kernel import clock
from linghang.kernel.flow import OwnWork
from linghang.kernel.refs import origins, results
from linghang.kernel.todos import OFFERS
from linghang.rules.periods import day_words

DAY = date(2026, 10, 12)
TEXT = "现将有关事项通知如下。\n一、时间\n10 月 20 日前完成。\n（一）范围\n全体党支部 {{ 7*7 }} <b>。"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.at(DAY):
        yield


def drafted(cast: Any, hospital: Any, **more: Any) -> Document:
    given = {
        "kind": "notice",
        "title": "关于开展主题党日的通知",
        "addressees": "各党支部：",
        "text": TEXT,
        **more,
    }
    return actions.draft_document(cast.clerk_office, issuer=hospital.party, **given)


def east_asian(style: Any) -> str:
    """The Chinese font that a style names."""
    return str(style.element.rPr.rFonts.get(qn("w:eastAsia")))


def test_a_paper_is_drafted_checked_by_another_and_its_number_filled_back(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    document = drafted(cast, hospital)
    with pytest.raises(OwnWork):
        actions.check_document(document, cast.clerk_office)
    assert any(todo.button == "核稿" for todo in OFFERS["dispatch"](cast.office))
    actions.check_document(document, cast.office)
    assert any(todo.button == "回填文号" for todo in OFFERS["dispatch"](cast.clerk_office))
    url = f"{document.get_absolute_url()}number-document/"
    answer = client_of(cast.clerk_office).post(url, {"number": "院党发〔2026〕12号", "issued_on": f"{DAY}"})
    assert answer.status_code == 302
    document.refresh_from_db()
    assert (document.state, document.number, document.issued_on) == ("numbered", "院党发〔2026〕12号", DAY)
    assert "院党发〔2026〕12号" in client_of(cast.leader).get("/dispatch/documents/").content.decode()


def test_a_number_belongs_to_one_paper_and_to_no_coming_day(cast: Any, hospital: Any) -> None:
    first, second = drafted(cast, hospital), drafted(cast, hospital)
    for one in (first, second):
        actions.check_document(one, cast.office)
    with pytest.raises(ValidationError, match="晚于今天"):
        actions.number_document(first, cast.office, number="1号", issued_on=DAY + timedelta(days=1))
    actions.number_document(first, cast.office, number="1号", issued_on=DAY)
    with pytest.raises(ValidationError):
        actions.number_document(second, cast.office, number="1号", issued_on=DAY)


def test_only_the_office_and_the_leaders_see_drafts(cast: Any, hospital: Any, client_of: Any) -> None:
    url = drafted(cast, hospital).get_absolute_url()
    for person in (cast.secretary, cast.outsider, cast.member, cast.admin):
        assert client_of(person).get(url).status_code == 404
    given = {"kind": "notice", "issuer": hospital.party, "title": "x", "addressees": "x", "text": "x"}
    with pytest.raises(PermissionDenied):
        actions.draft_document(cast.secretary, **given)


def test_a_circular_about_what_is_overdue_is_a_draft_and_nothing_more(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    line = issued(cast, make_order(cast, hospital)).lines.last()
    actions.plan_line(cast.secretary, unit=hospital.b_medicine, text="支部自己的打算", due_on=due(3))
    with clock.at(due(30)):
        client = client_of(cast.clerk_office)
        assert "起草通报" in client.get("/dispatch/late-lines/").content.decode()
        page = client.get("/dispatch/documents/draft/?late").content.decode()
        assert line.text in page
        assert hospital.b_medicine.name in page
        assert "支部自己的打算" not in page
        assert not Document.objects.exists()
        made = drafted(cast, hospital, kind="circular", about=line.ref)
        assert made.state == Document.State.DRAFTED
        assert origins(made.ref)[-1] == line.ref
        assert made.ref in results(line.ref)
        shown = client_of(cast.office).get(line.get_absolute_url()).content.decode()
        assert made.get_absolute_url() in shown
        assert line.get_absolute_url() in client.get(made.get_absolute_url()).content.decode()
    assert Order.objects.filter(kind=Order.Kind.SUPERVISION).count() == 0


def test_the_word_text_has_the_layout_of_an_official_paper(cast: Any, hospital: Any, client_of: Any) -> None:
    """GB/T 9704-2012: A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 标题小标宋二号, 正文仿宋三号, 一级黑体, 二级楷体."""
    document = drafted(cast, hospital)
    response = client_of(cast.clerk_office).get(f"{document.get_absolute_url()}paper/")
    word = Word(BytesIO(response.content))
    section = word.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(one.mm) for one in sizes] == [210, 297, 37, 28]
    width = section.page_width.mm - section.left_margin.mm - section.right_margin.mm
    height = section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm
    assert (round(width), round(height)) == (156, 225)
    found = {one.text: one.style for one in word.paragraphs if one.text.strip()}
    title = found["关于开展主题党日的通知"]
    assert (east_asian(title), title.font.size.pt) == ("方正小标宋简体", 22)
    for text, font in (
        ("现将有关事项通知如下。", "仿宋_GB2312"),
        ("一、时间", "黑体"),
        ("（一）范围", "楷体_GB2312"),
    ):
        assert (east_asian(found[text]), found[text].font.size.pt) == (font, 16), text
    assert "各党支部：" in found
    assert "全体党支部 {{ 7*7 }} <b>。" in found
    assert "{%" not in words_of(response)
    assert hospital.party.name in found


# --- the forms of every kind --------------------------------------------------------------------------------------------

FIELDS = {
    "reminder": ("提示单", "“十月重点工作”，请做好以下工作", "签  发  人"),
    "worklist": ("工作清单",),
    "rectification": ("限期整改通知",),
    "supervision": ("督导单", "签  收  人", "复核"),
}


@pytest.mark.mechanism("S0-13", "S0-14", "S0-15")
@pytest.mark.parametrize("kind", list(Order.Kind))
def test_the_form_of_every_kind_is_read_back(kind: str, cast: Any, hospital: Any, client_of: Any) -> None:
    """Page, margins, the font that the style names, number, every line with its day, and nothing left of the template."""
    supervision = kind == Order.Kind.SUPERVISION
    order = issued(
        cast, make_supervision(cast, hospital) if supervision else make_order(cast, hospital, kind)
    )
    response = client_of(cast.office).get(f"{order.get_absolute_url()}paper/")
    word = Word(BytesIO(response.content))
    section = word.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(one.mm) for one in sizes] == [210, 297, 37, 28]
    assert east_asian(word.styles["Normal"]) == "仿宋_GB2312"
    text = words_of(response)
    assert not [mark for mark in ("{{", "{%", "}}", "None", "undefined") if mark in text]
    for wanted in (*FIELDS[kind], order.number_text, hospital.b_medicine.name):
        assert wanted in text, wanted
    for line in order.lines.all():
        assert line.text in text
        assert day_words(line.due_on) in text
    assert set(PAPERS) == set(Order.Kind)
