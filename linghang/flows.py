"""Every workflow drawn from the verbs themselves, so that the picture cannot be out of date."""

from itertools import groupby

from linghang.kernel.flow import STEPS, Step


def document() -> str:
    """All models with states, one Mermaid diagram each."""
    parts = ["# 流程图\n\n由 `./run.sh flows` 从各模块的 `actions.py` 生成。\n"]
    ordered = sorted(STEPS.values(), key=lambda s: s.model._meta.label)
    for label, steps in groupby(ordered, key=lambda s: s.model._meta.label):
        moves = [s for s in steps if s.to or s.at]
        if moves:
            parts.append(f"## {moves[0].model._meta.verbose_name}（{label}）\n\n{diagram(moves)}\n")
    return "\n".join(parts)


def diagram(steps: list[Step]) -> str:
    """One model's states and verbs."""
    names = dict(steps[0].model.State.choices)  # type: ignore[attr-defined]
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {code}: {name}" for code, name in names.items()]
    for s in steps:
        sources = ["[*]"] if s.creates else sorted(s.at or ["[*]"])
        lines += [f"    {source} --> {s.to or source}: {s.label}" for source in sources]
    return "\n".join([*lines, "```"])
