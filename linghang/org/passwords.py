"""What a password must be (等级保护: 身份鉴别信息有复杂度要求)."""

import re
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


class LongEnough(MinimumLengthValidator):
    """Django's own, whose words are not all translated."""

    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return f"密码至少 {self.min_length} 个字符。"


class ThreeKinds:
    """At least three of: small letters, capitals, digits, signs."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return "密码应含小写字母、大写字母、数字、符号中的至少三种。"


class NotOneself:
    """Neither the account name nor the staff number may stand in the password."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None:
            return
        own = {user.username, user.person.staff_number or ""} - {""}
        if any(len(word) >= 3 and word.lower() in password.lower() for word in own):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return "密码不能包含账号或工号。"
