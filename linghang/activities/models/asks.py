"""What a kind of meeting asks besides what every record says: the questions are data, the replies stand beside the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models

SHORT, LONG, MOST = 120, 1000, 1_000_000
NO_ASK = "另记"


class How(models.TextChoices):
    """The kinds of field that a question may have."""

    TEXT = "text", "一行字"
    LONG = "long", "几句话"
    CHOICE = "choice", "选一项"
    NUMBER = "number", "数"


@dataclass(frozen=True)
class Ask:
    """One question. Wherever its code stands it is the same question, so that replies add up over kinds."""

    code: str
    label: str
    how: str = How.TEXT
    options: tuple[str, ...] = ()
    required: bool = False
    listed: bool = False
    hint: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """A question as the kind's row keeps it."""
        return cls(**{**row, "options": tuple(row.get("options", ()))})

    @property
    def name(self) -> str:
        """What its field is called in a form."""
        return f"ask_{self.code}"

    def read(self, given: Any) -> Any:
        """A reply as it is kept: text, or a whole number; empty for none. Raises ValidationError for what is no reply."""
        if given in (None, ""):
            return self._none()
        if self.how == How.NUMBER:
            return self._number(given)
        text = str(given).strip()
        if self.how == How.CHOICE and text not in self.options:
            raise self._wrong(f"“{text}”不在可选项里，可选：{'、'.join(self.options)}")
        if len(text) > (limit := LONG if self.how == How.LONG else SHORT):
            raise self._wrong(f"超过 {limit} 字，请写短些")
        return text or self._none()

    def _none(self) -> str:
        if self.required:
            raise self._wrong("要写" if self.how != How.CHOICE else "要选一项")
        return ""

    def _number(self, given: Any) -> int:
        if not str(given).isdecimal() or int(given) > MOST:
            raise self._wrong("请写一个整数")
        return int(given)

    def _wrong(self, words: str) -> ValidationError:
        return ValidationError({self.name: f"{self.label}：{words}"})


def asked(rows: Iterable[Iterable[Mapping[str, Any]]]) -> dict[str, Ask]:
    """The questions of several kinds, each once."""
    return {ask.code: ask for each in rows for ask in map(Ask.of, each)}
