"""Ratings under quotas: who is proposed for which rating, and where the committee has to vote.

A place is never given by chance: subjects that all keys leave equal at the edge of a quota come back as a tie.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import floor

from linghang.engine.definition import DefinitionError, unknown_name
from linghang.engine.score import Number, exact
from linghang.engine.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating, best first: its minimum score and, where places are limited, their share of all subjects."""

    name: str
    minimum: Number = 0
    share: Number | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """A hospital's ratings. `ties` names the keys that part equals, in order (D → E → 督查分).

    `inclusive` lets a better rating use up places of the next (示范 counts within 优秀); by default each is counted apart.
    `by_class` gives each category quotas of its own.
    """

    ratings: tuple[Rating, ...]
    ties: tuple[str, ...] = ()
    inclusive: bool = False
    by_class: bool = False

    def __post_init__(self) -> None:
        names = [rating.name for rating in self.ratings]
        if not names or len(set(names)) < len(names):
            raise DefinitionError("等次不能为空，也不能重名")
        minimums = [rating.minimum for rating in self.ratings]
        if minimums != sorted(minimums, reverse=True):
            raise DefinitionError("等次由高到低写，最低分不能越往下越高")
        if any(rating.share is not None and not 0 < rating.share <= 1 for rating in self.ratings):
            raise DefinitionError("名额比例写 0 到 1 之间的数，如 0.15")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject with its total (None: cannot be known), its tie keys, and the rating that a veto caps it at.

    `ceiling` None means no veto; an empty string means no rating at all.
    """

    subject: int
    total: Decimal | None
    ties: Mapping[str, Number] = field(default_factory=dict)
    category: str = ""
    ceiling: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one subject. `among` is set where the committee must vote: the ratings still open, best first.

    `seats` are the places of the best of them that the `tied` subjects compete for.
    """

    subject: int
    rating: str | None
    reason: str
    among: tuple[str, ...] = ()
    seats: int = 0
    tied: tuple[int, ...] = ()


def quota(subjects: int, share: Number) -> int:
    """Places for a share: rounded down, at least one."""
    return max(1, floor(subjects * exact(share)))


def candidates(
    sheets: Iterable[Sheet],
    scheme: Ratings,
    *,
    ties: Mapping[int, Mapping[str, Number]] | None = None,
    categories: Mapping[int, str] | None = None,
) -> list[Candidate]:
    """Candidates from sheets: the lowest ceiling of all vetoes counts."""
    order = ["", *(rating.name for rating in reversed(scheme.ratings))]
    found = []
    for sheet in sheets:
        for name in sheet.ceilings:
            _known(name, scheme)
        ceiling = min(sheet.ceilings, key=order.index, default=None)
        category, keys = (categories or {}).get(sheet.subject, ""), (ties or {}).get(sheet.subject, {})
        found.append(Candidate(sheet.subject, sheet.total, keys, category, ceiling))
    return found


def rate(scheme: Ratings, candidates: Sequence[Candidate]) -> list[Proposal]:
    """One proposal per candidate, in the order given."""
    for candidate in candidates:
        _known(candidate.ceiling, scheme)
        for key in scheme.ties:
            if candidate.total is not None and key not in candidate.ties:
                raise unknown_name(f"对象 {candidate.subject} 的并列比较项", key, candidate.ties)
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.category if scheme.by_class else "", []).append(candidate)
    proposals = {p.subject: p for group in groups.values() for p in _rate_group(scheme, group)}
    return [proposals[candidate.subject] for candidate in candidates]


def _known(ceiling: str | None, scheme: Ratings) -> None:
    if ceiling and ceiling not in (names := [rating.name for rating in scheme.ratings]):
        raise unknown_name("等次", ceiling, names)


def _rate_group(scheme: Ratings, group: list[Candidate]) -> list[Proposal]:
    quotas = {r.name: quota(len(group), r.share) for r in scheme.ratings if r.share is not None}
    plain = _assign(scheme, group, quotas, lambda c: 0)
    equals: dict[tuple[object, ...], list[Candidate]] = {}
    for candidate in group:
        equals.setdefault(_key(scheme, candidate), []).append(candidate)
    return [
        _propose(scheme, group, quotas, plain, candidate, equals[_key(scheme, candidate)])
        for candidate in group
    ]


def _key(scheme: Ratings, candidate: Candidate) -> tuple[object, ...]:
    """Larger is better; incomplete candidates come last and never get a place."""
    if candidate.total is None:
        return (True,)
    return (False, -candidate.total, *(-exact(candidate.ties[key]) for key in scheme.ties))


def _assign(
    scheme: Ratings, group: list[Candidate], quotas: Mapping[str, int], first: Callable[[Candidate], int]
) -> dict[int, str | None]:
    """Places handed out from the top, equals in the order that `first` says."""
    waiting = sorted(group, key=lambda c: (_key(scheme, c), first(c), c.subject))
    given: dict[int, str | None] = {candidate.subject: None for candidate in group}
    used = 0
    for rank, rating in enumerate(scheme.ratings):
        fit = [c for c in waiting if _eligible(scheme, c, rank)]
        if rating.name in quotas:
            fit = fit[: max(0, quotas[rating.name] - (used if scheme.inclusive else 0))]
            used += len(fit)
        given |= {candidate.subject: rating.name for candidate in fit}
        waiting = [candidate for candidate in waiting if given[candidate.subject] is None]
    return given


def _eligible(scheme: Ratings, candidate: Candidate, rank: int) -> bool:
    if candidate.total is None or candidate.ceiling == "":
        return False
    capped = candidate.ceiling in [rating.name for rating in scheme.ratings[rank + 1 :]]
    return not capped and candidate.total >= scheme.ratings[rank].minimum


def _propose(
    scheme: Ratings,
    group: list[Candidate],
    quotas: Mapping[str, int],
    plain: Mapping[int, str | None],
    candidate: Candidate,
    equals: list[Candidate],
) -> Proposal:
    """Place the candidate first and last among its equals: if that changes the rating, the committee has to vote."""
    rating = plain[candidate.subject]
    if candidate.total is None or candidate.ceiling == "" or len({plain[c.subject] for c in equals}) == 1:
        return Proposal(candidate.subject, rating, _reason(scheme, quotas, plain, candidate))
    best = _assign(scheme, group, quotas, lambda c: 0 if c is candidate else 1)[candidate.subject]
    worst = _assign(scheme, group, quotas, lambda c: 1 if c is candidate else 0)[candidate.subject]
    if best == worst:
        return Proposal(candidate.subject, rating, _reason(scheme, quotas, plain, candidate))
    order = [*(r.name for r in scheme.ratings), None]
    top, bottom = order.index(best), order.index(worst)
    among = tuple(r.name for r in scheme.ratings[top : bottom + 1])
    tied = tuple(c.subject for c in equals if _eligible(scheme, c, top))
    seats = sum(plain[subject] == best for subject in tied)
    reason = f"{candidate.total} 分，与另外 {len(tied) - 1} 个对象各项比较仍并列，“{best}”余 {seats} 个名额，提请集体票决"
    return Proposal(candidate.subject, None, reason, among, seats, tied)


def _reason(
    scheme: Ratings, quotas: Mapping[str, int], plain: Mapping[int, str | None], candidate: Candidate
) -> str:
    """Why this rating, and why not a better one."""
    if candidate.total is None:
        return "无法判定：总分尚不完整，不参加评定"
    if candidate.ceiling == "":
        return "命中一票否决，不定等次"
    rating = plain[candidate.subject]
    if rating is None:
        return f"{candidate.total} 分，未达到任何等次的最低分或名额已满"
    reached = next(r for r in scheme.ratings if candidate.total >= r.minimum)
    if rating in quotas:
        text = f"{candidate.total} 分，在“{rating}”{quotas[rating]} 个名额之内"
    else:
        minimum = next(r.minimum for r in scheme.ratings if r.name == rating)
        text = f"{candidate.total} 分，达到“{rating}”的 {minimum} 分"
    if candidate.ceiling is not None:
        return f"{text}；命中限级，等次不高于“{candidate.ceiling}”"
    return text if reached.name == rating else f"{text}；更高等次的名额已满"
