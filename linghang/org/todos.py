"""What the administrator waits for: those who must act in the system and cannot sign in."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.todos import Todo, todos
from linghang.org.models import Person, Post, Unit


@todos("org")
def waiting(person: Any) -> Iterator[Todo]:
    """Secretaries without an account: they confirm and sign for their units. Nobody else needs one to be counted."""
    if not person.reach("org.open_account"):
        return
    posts: Any = Post.objects
    heads = posts.on(clock.today()).filter(role__leads=True).exclude(unit__kind=Unit.Kind.GROUP)
    without = Person.objects.within(person, "org.open_account").filter(user=None, left_on=None)
    count = without.filter(posts__in=heads).exclude(staff_number=None).distinct().count()
    if count:
        title = f"{count} 位书记还没有账号"
        why = "上报、确认和签收要由书记本人办；一次性口令打印后当面交"
        yield Todo(title, why, reverse("org:open_accounts"), "开通账号", "账", count=count)
