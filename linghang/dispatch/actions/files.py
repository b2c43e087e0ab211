"""Files of a sheet: what goes with it, and the signed scan that is filed back."""

from django.core.files.base import File

from linghang.dispatch.models import Order
from linghang.kernel.access import Actor
from linghang.kernel.attachments import attach
from linghang.kernel.flow import step
from linghang.kernel.parameters import value

State = Order.State


@step(
    Order,
    "dispatch.attach_file",
    at={State.DRAFTED, State.CHECKED, State.SIGNED, State.ISSUED, State.RECEIVED},
)
def attach_file(order: Order, by: Actor, *, file: "File[bytes]") -> None:
    """添加附件"""
    attach(by, order, file, most=value("dispatch.file_size"))


@step(Order, "dispatch.file_scan", at={State.SIGNED, State.ISSUED, State.RECEIVED, State.CLOSED})
def file_scan(order: Order, by: Actor, *, file: "File[bytes]") -> None:
    """回存签字件

    The paper with pen and seal, scanned. A better scan may follow; the earlier one stays among the files.
    """
    order.scan = attach(by, order, file, most=value("dispatch.file_size"))
