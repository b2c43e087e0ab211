from tests.journeys.conftest import *

SCENES = ("year",)
def test_it(visitor):
    o = visitor("1003")
    o.seen.update(["desk-desk", "org-grants","blueprints-settings"])
    o.go("设置")
    o.arrives("设置")
    for y in (0, 100, 300, 900):
        o.page.evaluate(f"scrollTo(0,{y})")
        print(y, o.page.evaluate("[scrollY, document.querySelector('.top').getBoundingClientRect().top, document.querySelector('.side').getBoundingClientRect().top, document.body.getBoundingClientRect().top, document.documentElement.scrollHeight]"))
    o.page.screenshot(path="/tmp/s1.png")
    o.page.set_viewport_size({"width":390,"height":844})
    o.page.screenshot(path="/tmp/s2.png", full_page=True)
    o.page.set_viewport_size({"width":1366,"height":768})
    o.page.screenshot(path="/tmp/s2.png", full_page=True)
    for y in (0, 100, 300, 900):
        o.page.evaluate(f"scrollTo(0,{y})")
        print(y, o.page.evaluate("[scrollY, document.querySelector('.top').getBoundingClientRect().top, document.querySelector('.side').getBoundingClientRect().top, document.body.getBoundingClientRect().top, document.documentElement.scrollHeight]"))
    o.page.screenshot(path="/tmp/s3.png")
