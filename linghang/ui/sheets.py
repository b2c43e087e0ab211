"""Workbooks as offices keep them: read safely, find the tables, understand the cells, write real ones back."""

from .sheet_cells import CellProblem, Day, day, is_blank, is_ditto, meaning, text
from .sheet_guard import LIMITS, Limits, SheetProblem
from .sheet_reading import Cell, Sheet, read_workbook
from .sheet_tables import Column, Columns, Row, Section, Skipped, Table, fill_down, label_key, tables
from .sheet_writing import Heading, Page, write_workbook

__all__ = [
    "LIMITS",
    "Cell",
    "CellProblem",
    "Column",
    "Columns",
    "Day",
    "Heading",
    "Limits",
    "Page",
    "Row",
    "Section",
    "Sheet",
    "SheetProblem",
    "Skipped",
    "Table",
    "day",
    "fill_down",
    "is_blank",
    "is_ditto",
    "label_key",
    "meaning",
    "read_workbook",
    "tables",
    "text",
    "write_workbook",
]
