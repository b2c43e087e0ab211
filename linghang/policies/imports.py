"""A catalogue of rules from upload to undo: read and shown first, written when confirmed, taken back while nothing rests on it."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step
from linghang.kernel.models import Link, Trail
from linghang.policies.catalogue import Entry, plan, read_catalogue
from linghang.policies.models import Policy, PolicyImport
from linghang.ui.sheets import read_workbook

State = PolicyImport.State
_OWN = ("title", "number", "category", "version", "owner_id", "owner_name", "text", "note", "state")
_DAYS = ("published_on", "review_on")
_STALE = "预览之后制度库或部门有变动，请放弃这次导入，重新上传"


@creation(PolicyImport, "policies.import_policies", to=State.PREVIEWED)
def import_policies(by: Actor, *, content: bytes, name: str, kind: str = Policy.Kind.RULE) -> PolicyImport:
    """上传制度目录"""
    rows, asides = read_catalogue(read_workbook(content, name))
    if not rows:
        raise ValidationError(
            "没有找到可以认出的行：表头要有“制度名称”（或名称、标题），以及文号、类别、责任部门、发布日期中的一列"
        )
    made = PolicyImport(kind=kind, name=name[:200], digest=hashlib.sha256(content).hexdigest())
    made.outcome, made.asides = plan(rows, kind), asides
    return made


@step(PolicyImport, "policies.confirm_policies", at={State.PREVIEWED}, to=State.CONFIRMED)
def confirm_policies(upload: PolicyImport, by: Actor) -> None:
    """确认制度导入"""
    planned = plan([_said(row) for row in upload.outcome], upload.kind)
    if [_shown(row) for row in planned] != [_shown(row) for row in upload.outcome]:
        raise ValidationError(_STALE)
    if all(row["outcome"] == "refused" for row in planned):
        raise ValidationError("没有可以导入的行")
    fresh = [row for row in planned if row["outcome"] == "imported"]
    made = Policy.objects.bulk_create([_policy(row, upload.kind) for row in fresh], batch_size=500)
    policies = {row["at"]: policy for row, policy in zip(fresh, made, strict=True)}
    changed = _add(planned, policies) + _lead_on(planned, policies)
    upload.journal = {"made": [policy.pk for policy in made], "changed": changed}


def _said(row: Entry) -> Entry:
    """A row as it was read, without what planning added."""
    added = ("at", "outcome", "faults", "changes", "twin", "policy", "owner_id", "owner_name", "into_at")
    return {key: value for key, value in row.items() if key not in added} | {"cautions": row["read"]}


def _shown(row: Entry) -> Any:
    return row["outcome"], row.get("policy"), row.get("owner_id"), row["changes"]


def _policy(row: Entry, kind: str) -> Policy:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in _DAYS}
    return Policy(kind=kind, **{name: row[name] for name in _OWN}, **days)


def _add(planned: Sequence[Entry], policies: dict[int, Policy]) -> list[Entry]:
    """Fill what was empty in rules that are there; notes what stood before. `policies` learns where each row led."""
    wanted = [row for row in planned if row.get("policy")]
    held = Policy.objects.select_for_update().in_bulk([row["policy"] for row in wanted])
    noted, fields = [], set()
    for row in wanted:
        policy = policies[row["at"]] = held[row["policy"]]
        for name, was, now in row["changes"]:
            setattr(policy, name, _value(name, now))
            noted.append({"pk": policy.pk, "field": name, "was": was, "now": now})
            fields.add(name)
    if fields:
        Policy.objects.bulk_update([held[row["policy"]] for row in wanted if row["changes"]], sorted(fields))
    for row in planned:
        if "twin" in row and row["twin"] in policies:
            policies[row["at"]] = policies[row["twin"]]
    return noted


def _value(name: str, told: str) -> Any:
    if name in _DAYS:
        return date.fromisoformat(told) if told else None
    return (int(told) if told else None) if name in ("owner_id", "successor_id") else told


def _lead_on(planned: Sequence[Entry], policies: dict[int, Policy]) -> list[Entry]:
    """Point what was merged at what it went into; notes it where the rule was there before."""
    moved, noted = [], []
    for row in planned:
        policy, target = policies.get(row["at"]), policies.get(row["into_at"])
        if policy is None or target is None or "twin" in row or policy.successor_id or policy.pk == target.pk:
            continue
        if policy.state == Policy.State.MERGED:
            policy.successor = target
            moved.append(policy)
            if row["outcome"] == "merged":
                noted.append({"pk": policy.pk, "field": "successor_id", "was": "", "now": str(target.pk)})
    Policy.objects.bulk_update(moved, ["successor"], batch_size=500)
    return noted


@step(PolicyImport, "policies.discard_policies", at={State.PREVIEWED}, to=State.UNDONE)
def discard_policies(upload: PolicyImport, by: Actor) -> None:
    """放弃制度导入"""


@step(PolicyImport, "policies.undo_policies", at={State.CONFIRMED}, to=State.UNDONE)
def undo_policies(upload: PolicyImport, by: Actor) -> None:
    """撤销制度导入"""
    if reasons := built_on(upload):
        raise ValidationError(["导入之后有的制度已经用上，不能撤销：", *reasons])
    held = Policy.objects.in_bulk([entry["pk"] for entry in upload.journal["changed"]])
    for entry in upload.journal["changed"]:
        setattr(held[entry["pk"]], entry["field"], _value(entry["field"], entry["was"]))
    if fields := {entry["field"] for entry in upload.journal["changed"]}:
        Policy.objects.bulk_update(held.values(), sorted(fields))
    made = Policy.objects.filter(pk__in=upload.journal["made"])
    made.update(successor=None)
    made.delete()
    upload.journal = {}


def built_on(upload: PolicyImport) -> list[str]:
    """What stands in the way of an undo, each thing by its name; at most a few, and how many more."""
    made = Policy.objects.in_bulk(upload.journal.get("made", []))
    refs = {policy.ref: policy for policy in made.values()}
    acted = Trail.objects.filter(subject__in=refs).values_list("subject", flat=True)
    tied = Link.objects.filter(Q(source__in=refs) | Q(target__in=refs)).values_list("source", "target")
    led = [entry["pk"] for entry in upload.journal.get("changed", []) if entry["field"] == "successor_id"]
    later = Policy.objects.filter(successor__in=made).exclude(pk__in=[*made, *led])
    found = [f"“{refs[ref]}”导入后办理过" for ref in dict.fromkeys(acted)]
    found += [f"“{refs.get(source) or refs[target]}”被其他记录引用" for source, target in tied]
    found += [f"“{policy}”已并入本次导入的制度" for policy in later]
    found += _moved(upload)
    return found if len(found) <= 5 else [*found[:5], f"等 {len(found)} 处"]


def _moved(upload: PolicyImport) -> list[str]:
    changed = upload.journal.get("changed", [])
    held = Policy.objects.in_bulk([entry["pk"] for entry in changed])
    return [
        f"“{held[entry['pk']]}”之后又改过"
        for entry in changed
        if entry["pk"] in held and str(getattr(held[entry["pk"]], entry["field"]) or "") != entry["now"]
    ]
