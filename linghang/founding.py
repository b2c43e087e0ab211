"""The first day of a real hospital: its blueprint and its first administrator."""

import sys

from django.db import transaction

from linghang.blueprints.loading import BlueprintProblem, apply, load
from linghang.compliance.parameters import GO_LIVE
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.org.actions import add_person, appoint, one_time_password, open_account
from linghang.org.models import Role, Unit, User


def found(blueprint: str, administrator: str) -> None:
    """Apply a blueprint to an empty database and print the administrator's one-time password, once."""
    if Unit.objects.exists():
        sys.exit("数据库里已有医院；init 只用于空库。升级请用 ./run.sh upgrade。")
    try:
        loaded = load(blueprint)
    except BlueprintProblem as problem:
        sys.exit(f"蓝本有问题：\n{problem}")
    password = one_time_password()
    with transaction.atomic():
        apply(loaded)
        hospital = Unit.objects.get(kind=Unit.Kind.HOSPITAL)
        person = add_person(SYSTEM, name="系统管理员", staff_number=administrator)
        role = Role.objects.get(code="administrator")
        appoint(SYSTEM, person=person, unit=hospital, role=role, since=clock.today())
        today = clock.today()
        parameters.put(SYSTEM, GO_LIVE, today.isoformat(), today, note="建库之日")
        open_account(SYSTEM, person=person, password=password, username=administrator)
    print(f"“{hospital}”已建好，{User.objects.count()} 个账号。")
    print(f"系统管理员  账号 {administrator}  一次性密码 {password}（首次登录必须修改，并绑定二次验证）")
    print("下一步：./run.sh serve，登录后导入党员名册、设置任职。")
