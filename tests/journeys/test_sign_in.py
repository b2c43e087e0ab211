"""进门：填错、一次性密码、改密码、退出。"""

from collections.abc import Callable

from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]


def test_a_wrong_password_is_answered_in_words_and_the_right_one_opens_the_desk(visitor: Come) -> None:
    somebody = visitor(phone=True).sign_in("3001", "not-the-password")
    somebody.sees("密码")
    assert "/accounts/login/" in somebody.page.url
    somebody.look("1-wrong-password")
    somebody.sign_in("3001")
    somebody.arrives("今天")
    somebody.look("2-desk")


def test_a_one_time_password_must_be_changed_before_anything_else(visitor: Come) -> None:
    admin = visitor("9001")
    admin.go("账号")
    admin.arrives("账号")
    admin.click("3004")
    admin.click("重置密码")
    admin.agree()
    admin.arrives("密码条")
    password = admin.page.locator("main code").inner_text()
    admin.look("3-slip")

    member = visitor(phone=True).sign_in("3004", password)
    member.arrives("改密码")
    member.sees("一次性密码")
    member.look("4-must-change")
    member.page.goto("/notices/")
    member.arrives("改密码")

    member.type("当前密码", password)
    member.type("新密码", "too short")
    member.type("新密码（重复）", "too short")
    member.send("改密码")
    member.sees("密码应含", inside=member.page.locator(".problem"))
    member.look("5-refused")
    member.type("当前密码", password)
    member.type("新密码", "Harbour-2026")
    member.type("新密码（重复）", "Harbour-2026")
    member.send("改密码")
    member.sees("密码已改")


def test_signing_out_closes_the_door_behind(visitor: Come) -> None:
    member = visitor("3001")
    member.arrives("今天")
    member.page.locator("details.who summary").click()
    member.look("6-who")
    member.click("退出")
    member.sees("登录")
    member.page.go_back()
    member.page.goto("/notices/")
    member.arrives("登录")
