"""Accounts to sign in with, and uploads of member registers."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse

from linghang.kernel import clock
from linghang.kernel.access import Gated, GatedQuerySet
from linghang.kernel.uploads import Upload
from linghang.org.models.people import Person
from linghang.org.models.units import Unit


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(username=username, **more)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, Gated):
    """The account of one person. Opened and reset by the administrator, on paper; no mail is needed."""

    username = models.CharField("账号", max_length=30, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField("可登录", default=True)
    must_change = models.BooleanField("下次登录须改密码", default=False)
    opened_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = UserManager.from_queryset(GatedQuerySet)()
    view_verb = "org.manage_accounts"
    trail_hides = frozenset({"password", "last_login"})
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return reverse("org:accounts")


class Import(Upload):
    """One register of members: what it became, row by row, and the way back."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="imports")
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/%Y/%m/")
    columns = models.JSONField(default=dict, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)

    unit_paths = ("unit",)
    view_verb = "org.import_roster"

    class Meta(Upload.Meta):
        verbose_name = "导入"
