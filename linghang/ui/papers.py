"""Word files from the office's own templates: blueprints/papers/*.docx, edited in Word or WPS, filled in a sandbox."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def template_path(name: str) -> Path:
    """The template of a paper: the hospital's own under var/papers if there is one, else the shared one."""
    own = settings.VAR_DIR / "papers" / f"{name}.docx"
    return own if own.exists() else settings.BASE_DIR / "blueprints" / "papers" / f"{name}.docx"


def paper(name: str, context: dict[str, Any]) -> bytes:
    """Fill a Word template. What stands in {{ … }} is data only: the sandbox reaches no attribute of the system."""
    document = DocxTemplate(template_path(name))
    document.render(context, SandboxedEnvironment(autoescape=True))
    out = BytesIO()
    document.save(out)
    return out.getvalue()
