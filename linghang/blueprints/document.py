"""docs/blueprint.md, written from the sections' own schemas: every key, its type, whether it must be given."""

from linghang.kernel.blueprint import SECTIONS, Entry

HEAD = """# 蓝本：一家医院写成数据

由 `./run.sh flows` 生成。一个蓝本是一个文件夹；医院自己的放在数据目录的 `var/blueprints/` 下，随备份保存：

```yaml
# var/blueprints/我院/blueprint.yaml
title: 示例医院            # 名称
extends: [common]          # 先取共用的岗位、权限、检查表、职责、考核方案
                           # 最上级是党总支的医院写 [common, general]：院级岗位设在党总支
without:                   # 不要共用的哪一条（可省略）
  - {section: compliance.duties, key: group_meeting}
```

其余 `*.yaml` 文件由“栏目名: 列表”组成；同一栏目里标识相同的条目，以本院的为准。

```bash
python manage.py blueprint check 我院    # 每个键、每处引用；错在哪个文件第几行，是不是想写某某
python manage.py blueprint plan 我院     # 会变动多少，不写库
python manage.py blueprint apply 我院    # 一个事务里应用；反复应用结果相同
```
"""


def document() -> str:
    """The whole page."""
    ordered = sorted(SECTIONS.values(), key=lambda section: section.order)
    parts = [HEAD]
    for section in ordered:
        parts.append(
            f"## {section.title} `{section.name}`\n\n以 `{section.schema.key}` 标识。\n\n{_table(section.schema)}"
        )
    return "\n".join(parts)


def _table(schema: type[Entry]) -> str:
    lines = ["| 键 | 类型 | 必填 | 默认 |", "| --- | --- | --- | --- |"]
    properties = schema.model_json_schema().get("properties", {})
    for name, field in schema.model_fields.items():
        given = "是" if field.is_required() else ""
        default = "" if field.is_required() or field.default in ("", None) else f"`{field.default}`"
        lines.append(f"| `{name}` | {_type(properties.get(name, {}))} | {given} | {default} |")
    return "\n".join(lines) + "\n"


def _type(shape: dict[str, object]) -> str:
    """A JSON schema in a few words."""
    if "enum" in shape:
        return " / ".join(f"`{value}`" for value in shape["enum"] if value)  # type: ignore[attr-defined]
    if "anyOf" in shape:
        found = [_type(one) for one in shape["anyOf"] if one.get("type") != "null"]  # type: ignore[attr-defined]
        return " 或 ".join(dict.fromkeys(found))
    items = shape.get("items")
    if isinstance(items, dict) and "enum" in items:
        return f"列表：{_type(items)}"
    words = {
        "string": "文字",
        "integer": "整数",
        "number": "数",
        "boolean": "是或否",
        "array": "列表",
        "object": "映射",
    }
    if shape.get("format") == "date":
        return "日期"
    return words.get(str(shape.get("type")), "条目")
