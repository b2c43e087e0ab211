"""What every page must be, whoever opens it: no error, a title, nothing wider than the phone, nothing against axe."""

from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[2]
AXE = HOME / "node_modules/axe-core/axe.min.js"
SHOTS = HOME / "var/shots/journeys"
SIZES = {"pc": (1366, 768), "phone": (390, 844)}
GRAVE = ("serious", "critical")

# Controls that lead nowhere: a link without an address, a button that neither sends a form nor has a job in house.js.
IDLE = """() => {
  const jobs = ["print", "close", "bsToggle", "bsDismiss", "themeWish", "pick", "pickAll", "confirm", "copy"];
  const seen = (node) => node.checkVisibility();
  const words = (node) => (node.getAttribute("aria-label") || node.textContent).trim().slice(0, 30);
  const links = [...document.querySelectorAll("a")].filter(seen)
    .filter((a) => !a.getAttribute("href") || (a.getAttribute("href") === "#" && !a.dataset.bsDismiss));
  const buttons = [...document.querySelectorAll("button")].filter(seen)
    .filter((b) => !(b.type === "submit" && b.form) && !jobs.some((job) => job in b.dataset));
  const empty = [...document.querySelectorAll("a, button")].filter(seen).filter((node) => !words(node));
  return [...links, ...buttons].map(words).concat(empty.map((node) => "没有名字：" + node.outerHTML.slice(0, 80)));
}"""


def wrong_with(page: Any, size: str, *, axe: bool = True) -> list[str]:
    """Everything that is wrong with the page as it stands in this size."""
    width, height = SIZES[size]
    if page.viewport_size != {"width": width, "height": height}:
        page.set_viewport_size({"width": width, "height": height})
    found = [f"[{size}] {words}" for words in page.evaluate(IDLE)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append(f"[{size}] 要左右滚动（{page.evaluate('document.documentElement.scrollWidth')} px）")
    if not page.title().partition(" · ")[0].strip():
        found.append("没有标题")
    return found + ([f"[{size}] {words}" for words in against_axe(page)] if axe else [])


def against_axe(page: Any) -> list[str]:
    """The serious and critical findings of axe. Evaluated by the debugger, so that the page's own CSP stays in force."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    # It leaves empty style attributes behind, which htmx would copy and the CSP refuse.
    page.evaluate(
        "document.querySelectorAll('[style=\"\"]').forEach((node) => node.removeAttribute('style'))"
    )
    return [
        f"axe {one['id']}（{one['impact']}）：{one['nodes'][0]['html'][:140]} {one['nodes'][0]['target']}"
        for one in result["violations"]
        if one["impact"] in GRAVE
    ]
