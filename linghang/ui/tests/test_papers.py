"""The Word templates as Word and WPS lay them out: columns of their own width, tables inside the margins."""

from pathlib import Path

import pytest
from django.conf import settings
from docx import Document
from docx.oxml.ns import qn

PAPERS = sorted(Path(settings.BASE_DIR, "blueprints/papers").glob("*.docx"))
TWIP = 635


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_tables_keep_their_columns_and_stay_within_the_margins(path):
    document = Document(str(path))
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        columns = [int(col.get(qn("w:w"))) * TWIP for col in table._tbl.tblGrid.iter(qn("w:gridCol"))]
        assert not table.autofit
        assert sum(columns) <= room * 1.03


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_fonts_of_official_papers_name_what_stands_in_for_them(path):
    fonts = next(
        part.blob
        for part in Document(str(path)).part.package.iter_parts()
        if part.partname == "/word/fontTable.xml"
    ).decode()
    for name in ("仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"):
        assert f'<w:font w:name="{name}"><w:altName' in fonts
