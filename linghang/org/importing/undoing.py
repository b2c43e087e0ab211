"""What was built on an import since it was confirmed; each thing named, so that it can be put in order first."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.utils import timezone

from linghang.kernel.models import Trail
from linghang.org.importing.writing import Journal, mark, pointing_at
from linghang.org.models import Person, Post

_WORDS = {
    "org.user": "账号",
    "org.post": "任职",
    "org.membership": "组织关系",
    "org.placement": "隶属调整",
    "org.coverage": "覆盖科室",
    "org.unit": "下级单位",
    "org.person": "人员",
    "org.milestone": "党籍事项",
    "org.spell": "党员情形",
    "org.transfer": "组织关系转接",
    "org.duesmonth": "党费",
    "org.duesbase": "党费核定",
}


def built_on(journal: Journal) -> list[str]:
    """Every reason why this import can no longer be taken back, in words; empty when it can."""
    return _Since(journal).reasons() if journal else []


class _Since:
    def __init__(self, journal: Journal) -> None:
        self.entries = [entry for entry in journal if "mark" in entry]
        ends = next(entry for entry in journal if "bounds" in entry)
        self.bounds, self.trail = ends["bounds"], ends["trail"]
        self.own: dict[str, set[int]] = defaultdict(set)
        self.made: dict[str, set[int]] = defaultdict(set)
        for entry in self.entries:
            self.own[entry["model"]].add(entry["pk"])
            if "before" not in entry:
                self.made[entry["model"]].add(entry["pk"])

    def reasons(self) -> list[str]:
        told, traced = self._traces()
        found = [*told, *self._altered(traced), *self._pointing(), *self._later(), *self._acted()]
        return list(dict.fromkeys(found))

    def _traces(self) -> tuple[list[str], set[str]]:
        """What was done since to a row that the import wrote, as the trail tells it."""
        refs = {f"{entry['model']}:{entry['pk']}" for entry in self.entries}
        later = Trail.objects.filter(pk__gt=self.trail).order_by("pk")
        found = [trail for trail in later if trail.subject in refs]
        return [_told(trail) for trail in found], {trail.subject for trail in found}

    def _altered(self, traced: set[str]) -> list[str]:
        """Rows that are not as the import left them, and of which the trail says nothing."""
        found = []
        for label, keys in self.own.items():
            rows: dict[int, Any] = apps.get_model(label)._base_manager.in_bulk(list(keys))
            for entry in self.entries:
                if entry["model"] != label or f"{label}:{entry['pk']}" in traced:
                    continue
                row = rows.get(entry["pk"])
                if row is None:
                    found.append(f"{entry.get('name') or _WORDS.get(label, label)}：之后已被删除")
                elif mark(row, sorted(entry.get("before", ()))) != entry["mark"]:
                    found.append(f"{row}：之后又有改动")
        return found

    def _pointing(self) -> list[str]:
        """What points at a row that would go."""
        found = []
        for label, keys in self.made.items():
            model = apps.get_model(label)
            for relation in pointing_at(model):
                found += self._of(relation, {f"{relation.field.name}__in": keys}, model)
        return found

    def _later(self) -> list[str]:
        """What was recorded since for a known person whose membership or posts the import touched."""
        held = Post.objects.filter(pk__in=self.made["org.post"]).values_list("person_id", flat=True)
        members = apps.get_model("org.membership")._base_manager.filter(pk__in=self.own["org.membership"])
        people = {*held, *members.values_list("person_id", flat=True)} - self.made["org.person"]
        found = []
        for relation in pointing_at(Person) if people else ():
            after = self.bounds.get(relation.related_model._meta.label_lower, 0)
            found += self._of(relation, {f"{relation.field.name}__in": people, "pk__gt": after}, Person)
        return found

    def _of(self, relation: Any, wanted: dict[str, Any], model: Any) -> list[str]:
        """The rows of one relation that are not the import's own, counted for each thing they point at."""
        other, name = relation.related_model, relation.field.attname
        rows = other._base_manager.filter(**wanted).exclude(pk__in=self.own[other._meta.label_lower])
        counts: dict[int, int] = defaultdict(int)
        for key in rows.values_list(name, flat=True):
            counts[key] += 1
        said = str(other._meta.verbose_name)
        word = _WORDS.get(other._meta.label_lower, said if not said.isascii() else "其他记录")
        named = model._base_manager.in_bulk(list(counts))
        return [f"{named[key]}：之后有{word} {count} 条" for key, count in counts.items()]

    def _acted(self) -> list[str]:
        """What somebody did in a post that the import gave them."""
        posts = Post.objects.filter(pk__in=self.made["org.post"]).select_related("person", "unit", "role")
        labels = {(post.person.ref, post.label) for post in posts}
        later = Trail.objects.filter(pk__gt=self.trail).order_by("pk")
        return [_told(trail) for trail in later if (trail.actor, trail.actor_post) in labels]


def _told(trail: Trail) -> str:
    when = timezone.localtime(trail.at)
    return f"{when:%Y-%m-%d %H:%M} {trail.actor_name}{trail.label}：{trail.subject_name}"
