"""Party posts as registers write them (“党支部书记兼组织委员”), read into codes with their scope."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from linghang.ui.sheets import meaning

Code = Literal[
    "secretary",
    "deputy_secretary",
    "organiser",
    "publicist",
    "disciplinarian",
    "committee_member",
    "group_leader",
    "deputy_group_leader",
]
Scope = Literal["branch", "general_branch", "committee", "discipline_committee", "group"]
_SCOPES: tuple[tuple[re.Pattern[str], Scope], ...] = (
    (re.compile(r"党?小组|^(?=副?组长$)"), "group"),
    (re.compile(r"(党?总支部?(委员会)?|党总)"), "general_branch"),
    (re.compile(r"(党?支部(委员会)?|支委(?!员)会?)"), "branch"),
    (re.compile(r"(纪律检查委员会|纪委|纪工委)"), "discipline_committee"),
    (re.compile(r"(党委(会)?|机关党委)"), "committee"),
)
_SPLIT = re.compile(r"[、,，;；/+＋&\s]+|兼任|兼|及|并任")
_DUTIES: tuple[tuple[re.Pattern[str], tuple[Code, ...]], ...] = (
    (re.compile(r"副书记"), ("deputy_secretary",)),
    (re.compile(r"书记"), ("secretary",)),
    (re.compile(r"组宣委员"), ("organiser", "publicist")),
    (re.compile(r"组织"), ("organiser",)),
    (re.compile(r"宣传"), ("publicist",)),
    (re.compile(r"纪检|纪律检查|纪律"), ("disciplinarian",)),
    (re.compile(r"青年|统战|群工|群团|生活|保密|学习|文体|妇女|工会|保卫|武装"), ("committee_member",)),
)
# Each of these words and nothing else may remain beside a scope or a duty.
_FILL = re.compile(r"(委员会?|专职|兼职|负责|工作|主持|现任|党务|内)")
# Who was, will be or helps is not who holds; the youth league has branches and secretaries of its own.
_NOT_HELD = re.compile(r"^(原(?!子)|前任|曾|拟|不是)|候选|助理|离任|共青团|(?<!集)团(总?支|委)")
_PARTY = re.compile(r"书记|党|支部|支委|(组织|宣传|组宣|纪检)委员")
_PLAIN_MEMBER = {"党员", "普通党员", "正式党员", "预备党员", "群众", "成员"}


@dataclass(frozen=True)
class PartyPost:
    """One Party post: what it is, and of what kind of organisation."""

    code: Code
    scope: Scope


def read_posts(written: object) -> tuple[list[PartyPost], list[str]]:
    """The posts that a cell names, in order, and the pieces that could not be understood."""
    plain = meaning(str(written)) if written is not None else ""
    plain = re.sub(r"[（(](代理?|拟任?|原任?)[)）]", r"\1", plain)
    plain = re.sub(r"[（(]([^（()）]*)[)）]", r"、\1、", plain)
    plain = re.sub(r"支委(?!员|会)", "支部委员", plain)
    posts: list[PartyPost] = []
    unknown: list[str] = []
    scope: Scope = "branch"
    for piece in filter(None, _SPLIT.split(plain)):
        if piece in _PLAIN_MEMBER:
            continue
        scope, bare = _scope(piece, scope)
        codes, rest = _codes(bare, scope)
        if rest or not codes or _NOT_HELD.search(piece):
            unknown.append(piece)
        else:
            posts += [PartyPost(code, scope) for code in codes]
    return list(dict.fromkeys(posts)), unknown


def is_plain(posts: Iterable[PartyPost]) -> bool:
    """Whether somebody sits on a branch's committee without an office of their own."""
    return {(post.code, post.scope) for post in posts} == {("committee_member", "branch")}


def party_part(written: str) -> tuple[str, str]:
    """The Party posts in a column that is called 职务 only, and the rest: 支部书记、护士长."""
    pieces = list(filter(None, _SPLIT.split(written)))
    held = [piece for piece in pieces if _PARTY.search(piece) and not read_posts(piece)[1]]
    return "、".join(held), "、".join(piece for piece in pieces if piece not in held)


def _scope(piece: str, current: Scope) -> tuple[Scope, str]:
    """The organisation that a piece names, else that of the piece before: “总支书记兼组织委员”."""
    for pattern, scope in _SCOPES:
        found = pattern.search(piece)
        if found:
            return scope, piece[found.end() :]
    return ("branch" if current == "group" else current), piece


def _codes(bare: str, scope: Scope) -> tuple[list[Code], str]:
    """The codes in a piece whose scope is already read, and what is left over."""
    if scope == "group":
        deputy = bool(re.fullmatch(r"副组?长", bare))
        leader = bool(re.fullmatch(r"(组?长)", bare))
        return (["deputy_group_leader"] if deputy else ["group_leader"] if leader else []), ""
    codes: list[Code] = []
    for pattern, found in _DUTIES:
        bare, count = pattern.subn("", bare)
        codes += found if count else ()
    if not codes and "委员" in bare:
        codes = ["committee_member"]
    return codes, _FILL.sub("", bare)
