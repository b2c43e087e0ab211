"""通知 and 通报: drafted and checked here, signed and issued by the hospital's OA, whose 文号 is filled back."""

from datetime import date

from django.core.exceptions import ValidationError

from linghang.dispatch.models import ORIGIN, Document
from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, keep, step, verb
from linghang.kernel.refs import tie
from linghang.org.models import Unit

State = Document.State
DRAFT = "dispatch.draft_document"
verb("dispatch.view_document", "查看公文稿")


@creation(Document, DRAFT, to=State.DRAFTED)
def draft_document(
    by: Actor, *, kind: str, issuer: Unit, title: str, addressees: str, text: str, about: str = ""
) -> Document:
    """起草公文

    A 通报 is only a draft here: whether it goes out a leader decides in OA.
    """
    made = Document(
        kind=kind, issuer=issuer, title=title.strip(), addressees=addressees.strip(), text=text, about=about
    )
    keep(made)
    if about:
        tie(about, made, ORIGIN)
    return made


@step(Document, "dispatch.edit_document", at={State.DRAFTED})
def edit_document(document: Document, by: Actor, *, title: str, addressees: str, text: str) -> None:
    """修改公文稿"""
    document.title, document.addressees, document.text = title.strip(), addressees.strip(), text


@step(Document, "dispatch.check_document", at={State.DRAFTED}, to=State.CHECKED, checks=DRAFT)
def check_document(document: Document, by: Actor) -> None:
    """核稿公文

    By somebody else than the drafter.
    """


@step(Document, "dispatch.number_document", at={State.CHECKED}, to=State.NUMBERED)
def number_document(document: Document, by: Actor, *, number: str, issued_on: date) -> None:
    """回填文号

    OA's number and day, once the paper has gone out.
    """
    if issued_on > clock.today():
        raise ValidationError({"issued_on": "成文日期不能晚于今天"})
    document.number, document.issued_on = number.strip(), issued_on


@step(Document, "dispatch.return_document", at={State.CHECKED}, to=State.DRAFTED)
def return_document(document: Document, by: Actor, *, reason: str) -> None:
    """退回公文稿"""


@step(Document, "dispatch.drop_document", at={State.DRAFTED, State.CHECKED}, to=State.DROPPED)
def drop_document(document: Document, by: Actor, *, reason: str) -> None:
    """不发"""
