"""二次验证：管理账号的人绑定验证器，下次登录要验证码；别人不受打扰。"""

import base64
import hmac
import struct
import time
from collections.abc import Callable

from tests.journeys.stage import PASSWORD
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
SETTINGS = {"LINGHANG_SECOND_FACTOR": "1"}


def code_of(secret: str, ahead: int = 0) -> str:
    """The six digits that an authenticator shows for this secret (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + ahead), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_administrator_binds_an_authenticator_and_shows_it_when_coming_back(visitor: Come) -> None:
    admin = visitor("9001")
    admin.arrives("今天")
    admin.go("账号")
    admin.arrives("请再确认一次是您本人")
    admin.type("密码", PASSWORD)
    admin.click("确认")
    admin.arrives("绑定验证器")
    secret = admin.page.locator("main code").inner_text()
    admin.look("1-bind")
    admin.type("认证器代码", "000000")
    admin.click("绑定")
    admin.sees("错误代码")
    admin.look("2-wrong-code")
    admin.type("认证器代码", code_of(secret))
    admin.click("绑定")
    admin.sees("已绑定")
    admin.look("3-bound")

    back = visitor()
    back.sign_in("9001")
    back.arrives("两步验证")
    back.look("4-two-steps")
    # A code is taken once; the next one is valid already.
    back.type("代码", code_of(secret, 1))
    back.click("登录")
    back.arrives("今天")
    back.go("账号")
    back.arrives("账号")


def test_a_secretary_is_never_asked_for_a_second_factor(visitor: Come) -> None:
    secretary = visitor("3001", phone=True)
    secretary.arrives("今天")
    secretary.go("组织生活")
    secretary.arrives("组织生活")
