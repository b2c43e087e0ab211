"""Files that belong to a record: what may be kept, how it is kept, and who may open it.

Only kinds that carry no program: told by their first bytes, not by their name. A file is kept under a name of ours and
handed out as a download, so that nothing in it runs here.
"""

import zipfile
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

from linghang.kernel.access import Actor, Gated
from linghang.kernel.models import Attachment
from linghang.kernel.refs import show

_ZIP = b"PK\x03\x04"
# What may be kept, and how each begins.
KINDS: dict[str, bytes] = {
    ".pdf": b"%PDF-",
    ".ofd": _ZIP,
    ".docx": _ZIP,
    ".xlsx": _ZIP,
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
}
ACCEPT = ",".join(KINDS)
MACROS = ("vbaproject.bin", "activex")
MEGABYTE = 2**20


def attach(by: Actor, record: Gated, file: "File[bytes]", *, most: int) -> Attachment:
    """Keep a file with a record, of at most so many megabytes. Raises ValidationError for what may not be kept."""
    name = PurePath(str(file.name).replace("\\", "/")).name[-120:]
    suffix = PurePath(name).suffix.lower()
    if not file.size:
        raise ValidationError({"file": "文件是空的，请检查后重新选择"})
    if file.size > most * MEGABYTE:
        raise ValidationError({"file": f"文件有 {file.size / MEGABYTE:.1f} MB，不能超过 {most} MB"})
    content = file.read()
    if problem := _problem(content, suffix, file):
        raise ValidationError({"file": problem})
    digest = sha256(content).hexdigest()
    return Attachment.objects.create(
        subject=record.ref,
        name=name,
        file=ContentFile(content, name=f"{digest[:24]}{suffix}"),
        size=len(content),
        digest=digest,
        by=by.ref,
        by_name=by.name,
    )


def _problem(content: bytes, suffix: str, file: Any) -> str:
    """Why this content may not be kept under that suffix; empty when it may."""
    if suffix not in KINDS:
        return f"只收 {'、'.join(kind[1:] for kind in KINDS)} 文件；其他格式请另存为 PDF"
    if not content.startswith(KINDS[suffix]):
        return f"文件内容不是 {suffix[1:]} 格式，请用原来的软件另存后再选"
    if KINDS[suffix] != _ZIP:
        return ""
    try:
        with zipfile.ZipFile(file) as packed:
            names = [one.lower() for one in packed.namelist()]
    except (zipfile.BadZipFile, OSError):
        return "文件已损坏，请检查后重新选择"
    return "文件里有宏，请另存为不含宏的文件或 PDF" if any(m in one for one in names for m in MACROS) else ""


def attached(*records: Any) -> list[Attachment]:
    """The files of these records, in the order in which they came."""
    refs = [getattr(one, "ref", one) for one in records]
    return list(Attachment.objects.filter(subject__in=refs).order_by("pk"))


def opened_by(person: Actor, pk: int) -> Attachment | None:
    """A file, for whoever may see the record that it belongs to; None for anybody else."""
    found = Attachment.objects.filter(pk=pk).first()
    return found if found and show(person, [found.subject]) else None
