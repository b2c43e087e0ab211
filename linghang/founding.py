"""A real hospital's first day (its blueprint, its first administrator), and whether it stands on a later one."""

import sys

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from linghang.blueprints.loading import BlueprintProblem, apply, folder, load
from linghang.compliance.parameters import GO_LIVE
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.models import BlueprintVersion
from linghang.org.actions import add_person, appoint, one_time_password, open_account
from linghang.org.models import Role, Unit, User


def known(blueprint: str) -> None:
    """End with those there are when there is no blueprint of this name, before anything is written."""
    try:
        folder(blueprint)
    except BlueprintProblem as problem:
        sys.exit(str(problem))


def found(blueprint: str, administrator: str) -> None:
    """Apply a blueprint to an empty database and print the administrator's one-time password, once."""
    if Unit.objects.exists():
        sys.exit("数据库里已有医院；init 只用于空库。升级请用 ./run.sh upgrade。")
    password = one_time_password()
    with transaction.atomic():
        try:
            apply(load(blueprint))
        except (BlueprintProblem, ValidationError) as problem:
            sys.exit(f"蓝本“{blueprint}”有问题，没有建库：\n{_told(problem)}")
        hospital = Unit.objects.filter(kind=Unit.Kind.HOSPITAL).first()
        if hospital is None:
            sys.exit(f"蓝本“{blueprint}”里没有医院（org.units 中 kind: hospital 的一行），没有建库。")
        person = add_person(SYSTEM, name="系统管理员", staff_number=administrator)
        role = Role.objects.get(code="administrator")
        appoint(SYSTEM, person=person, unit=hospital, role=role, since=clock.today())
        today = clock.today()
        if not parameters.value(GO_LIVE):
            parameters.put(SYSTEM, GO_LIVE, today.isoformat(), today, note="建库之日")
        open_account(SYSTEM, person=person, password=password, username=administrator)
    print(f"“{hospital}”已建好，{User.objects.count()} 个账号。")
    print(f"系统管理员  账号 {administrator}  一次性密码 {password}（首次登录必须修改，并绑定二次验证）")
    print("下一步：./run.sh serve，登录后导入党员名册、设置任职。")


def _told(problem: Exception) -> str:
    return "\n".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)


def standing(*, current: bool = False) -> None:
    """End with what to do first where no hospital was founded or, asked for the `current`, where it is of an older version."""
    if Unit._meta.db_table not in connection.introspection.table_names() or not Unit.objects.exists():
        sys.exit(f"{settings.VAR_DIR} 里还没有医院：请先运行 ./run.sh init 蓝本名。")
    if not current:
        return
    executor = MigrationExecutor(connection)
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if behind or not (settings.STATIC_ROOT / "staticfiles.json").exists():
        sys.exit("数据库或静态文件还是旧版：请先运行 ./run.sh upgrade。")


def renew() -> None:
    """Bring what the hospital's blueprint says in this version, save what the hospital has decided itself."""
    last = BlueprintVersion.objects.first()
    if last is None:
        return
    try:
        changed = apply(load(last.name), founding=False)
    except (BlueprintProblem, ValidationError) as problem:
        sys.exit(f"数据库已升级，但蓝本“{last.name}”有问题，没有应用：\n{_told(problem)}")
    for title, count in changed.items():
        if count:
            print(f"  {title}：按蓝本变动 {count} 项")
