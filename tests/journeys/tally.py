"""What people write with their own hands: taken down by the browser itself whenever a form is sent."""

from collections import Counter
from dataclasses import dataclass

from tests.journeys.visitor import Visitor

# A field counts when it holds something else than what the page offered, and that was not taken from its own list of
# suggestions. Boxes, choices and untouched first values are no typing.
LISTEN = """addEventListener("submit", (event) => {
  if (event.defaultPrevented && !event.target.hasAttribute("hx-post")) return;
  const passed = ["hidden", "checkbox", "radio", "file", "submit", "button"];
  const written = [...event.target.elements].filter((field) =>
    (field.matches("textarea") || (field.matches("input") && !passed.includes(field.type)))
    && field.value && field.value !== field.defaultValue
    && ![...(field.list?.options ?? [])].some((option) => option.value === field.value));
  for (const field of written) {
    const label = field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent ?? field.name;
    takenDown({where: location.pathname, label: label.replace("*", "").trim(), value: field.value});
  }
});"""
SHORT = 4


@dataclass(frozen=True)
class Written:
    """One field that somebody wrote into."""

    where: str
    label: str
    value: str

    def __str__(self) -> str:
        return f"{self.label}：{self.value}（{self.where}）"


class Tally:
    """Everything that one or several people wrote, from the moment they were watched."""

    def __init__(self) -> None:
        self.written: list[Written] = []
        self.people: list[Visitor] = []

    def watch(self, person: Visitor) -> None:
        """From the next page on; signing in went before, in a hospital through its own entrance."""
        self.people.append(person)
        person.typed = 0
        person.page.expose_function("takenDown", lambda told: self.written.append(Written(**told)))
        person.page.add_init_script(LISTEN)

    @property
    def by_hand(self) -> int:
        """How often they wrote into a field, as they know it themselves: the browser must have noticed each."""
        return sum(person.typed for person in self.people)

    @property
    def twice(self) -> dict[str, int]:
        """What was written more than once: a line of four or more characters, whatever the field."""
        lines = [line.strip() for one in self.written for line in one.value.splitlines()]
        return {line: n for line, n in Counter(lines).items() if n > 1 and len(line) >= SHORT}

    def __str__(self) -> str:
        return "\n".join(f"{number}. {one}" for number, one in enumerate(self.written, 1))
