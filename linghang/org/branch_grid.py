"""三级网格: 总支—支部—科室; who is secretary of each branch, and who of the committees above is its contact."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from linghang.kernel.parameters import value
from linghang.org.actions.posts import LIAISON
from linghang.org.models import Coverage, Post, Unit
from linghang.org.parameters import DUAL_POSITIONS
from linghang.rules import governance
from linghang.rules.clauses import Verdict


@dataclass
class Mesh:
    """One branch in the grid: its secretary, its contacts, those of them who lost their seat, its departments."""

    unit: Unit
    day: date
    words: list[str]
    secretary: Post | None = None
    contacts: list[Post] = field(default_factory=list)
    unseated: list[Post] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)

    @property
    def led_by(self) -> str:
        """The secretary with their office: “周明（科主任）”."""
        if self.secretary is None:
            return ""
        who = self.secretary.person
        return f"{who}（{who.position}）" if who.position else str(who)

    @property
    def headed(self) -> Verdict | None:
        """R-GY-05: whether its secretary heads a department, by the offices that the hospital counts; None without one."""
        if self.secretary is None:
            return None
        position = self.secretary.person.position
        return governance.secretary_heads_a_unit(any(word in position for word in self.words), on=self.day)

    @property
    def seated(self) -> list[Post]:
        return [post for post in self.contacts if post not in self.unseated]

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """What is not as it should be, each with its article; 委员联系支部 is the hospital's own rule."""
        found = [(f"联系委员{post.person}已不在上级班子", "") for post in self.unseated]
        if not self.contacts:
            found.append(("没有联系委员", ""))
        if (verdict := self.headed) and not verdict.met:
            found.append((verdict.sentence, verdict.rule.cite))
        return found


def branch_grid(branches: Iterable[Unit], day: date) -> dict[int, Mesh]:
    """The grid of these branches on a day, in three queries."""
    words = value(DUAL_POSITIONS, day).split()
    found = {unit.pk: Mesh(unit, day, words) for unit in branches}
    held = Post.objects.on(day).filter(unit__in=found, role__in=("secretary", LIAISON), acting_for=None)
    for post in held.select_related("person", "unit").order_by("unit", "since"):
        mesh = found[post.unit_id]
        if post.role_id == LIAISON:
            mesh.contacts.append(post)
        else:
            mesh.secretary = post
    _unseat(found.values(), day)
    covered = Coverage.objects.on(day).filter(branch__in=found).order_by("department__path")
    for branch, name in covered.values_list("branch", "department__name"):
        found[branch].departments.append(name)
    return found


def _unseat(meshes: Iterable[Mesh], day: date) -> None:
    """A contact whose seat on a committee above has ended is one no longer."""
    contacts = [post for mesh in meshes for post in mesh.contacts]
    seats: dict[int, list[str]] = defaultdict(list)
    held = Post.objects.on(day).filter(
        person__in={post.person_id for post in contacts}, role__on_committee=True
    )
    for person, path in held.values_list("person", "unit__path"):
        seats[person].append(path)
    for mesh in meshes:
        mesh.unseated = [post for post in mesh.contacts if not _sits_above(seats[post.person_id], mesh.unit)]


def _sits_above(paths: list[str], unit: Unit) -> bool:
    return any(unit.path.startswith(path) and path != unit.path for path in paths)
