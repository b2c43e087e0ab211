"""What became of each source row, as plain data that is kept with the import: for the preview and the report."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linghang.org.importing.units import Question
from linghang.org.models import Import, Unit
from linghang.org.roster.columns import TITLES
from linghang.org.roster.outcomes import Place, Refusal, RosterRow
from linghang.org.roster.reading import Roster
from linghang.ui.sheets import Day, Sheet, text

Entry = dict[str, Any]
Words = tuple[str, str, str]
ROWS = ("imported", "merged", "refused")
STATUSES = {"full": "正式党员", "probationary": "预备党员", None: ""}


def words(row: RosterRow, said: Words) -> Entry:
    """A reason about one cell of a row, with its remedy."""
    name, reason, remedy = said
    return {
        "column": TITLES.get(name, name),
        "cell": row.cells.get(name, ""),
        "reason": reason,
        "remedy": remedy,
    }


def of_row(row: RosterRow, kind: str, said: Iterable[Words] = (), **more: Any) -> Entry:
    """The outcome of a row that was read: imported or merged, with its cautions; or refused for the reasons given."""
    found = [words(row, one) for one in said]
    cautions = [{"code": c.code, **_fault(c)} for c in row.cautions]
    return {
        "kind": kind,
        "sheet": row.sheet,
        "row": row.row,
        "name": row.name,
        "branch": row.branch,
        "department": row.department,
        "status": STATUSES[row.category],
        "joined": _dated(row.joined_on),
        "confirmed": _dated(row.confirmed_on),
        "post": row.party_post,
        "faults": found if kind == "refused" else [],
        "cautions": cautions if kind == "refused" else cautions + found,
        "changes": [],
        "into": "",
        "person": None,
        **more,
    }


def _dated(day: Day | None) -> str:
    """A date as precisely as the register gives it."""
    return day.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[day.precision]] if day else ""


def of_refusals(roster: Roster, sheets: Sequence[Sheet]) -> list[Entry]:
    """The rows that could not be read at all, each once with all its faults."""
    by_place: dict[Place, list[Refusal]] = defaultdict(list)
    for refusal in roster.refusals:
        by_place[refusal.place].append(refusal)
    read = _reader(roster, sheets)
    return [
        {
            "kind": "refused",
            "sheet": place.sheet,
            "row": place.row,
            "name": read(place, "name"),
            "branch": read(place, "branch"),
            "faults": [_fault(refusal) for refusal in refusals],
            "cautions": [],
            "changes": [],
        }
        for place, refusals in by_place.items()
    ]


def _fault(said: Refusal) -> Entry:
    return {"column": said.column, "cell": said.cell, "reason": said.reason, "remedy": said.remedy}


def _reader(roster: Roster, sheets: Sequence[Sheet]) -> Any:
    """Reads a field of a source row as it stands there, so that a refused row can be told by its name."""
    rows: Mapping[str, list[list[Any]]] = {sheet.name: sheet.rows for sheet in sheets}
    where = {
        (column.sheet, column.field): column.index for column in reversed(roster.columns) if column.field
    }

    def read(place: Place, field: str) -> str:
        at = where.get((place.sheet, field))
        cells = rows[place.sheet][place.row - 1]
        return text(cells[at])[:60] if at is not None and at < len(cells) else ""

    return read


def of_file(roster: Roster) -> list[Entry]:
    """What is to be said about the file as a whole, and the lines that hold nobody."""
    notes = [
        {
            "kind": "note",
            "sheet": note.sheet,
            "reason": note.reason,
            "remedy": note.remedy,
            "rows": [place.row for place in note.rows],
        }
        for note in roster.notes
    ]
    asides = [
        {"kind": "aside", "sheet": a.sheet, "row": a.row, "name": a.text[:60], "reason": a.why}
        for a in roster.asides
    ]
    return [*notes, *asides]


def of_question(question: Question) -> Entry:
    """A unit to be decided on, with its choices in words."""
    return {
        "kind": "unit",
        "key": question.key,
        "what": Unit.Kind(question.kind).label,
        "name": question.name,
        "parent": question.parent_name,
        "rows": question.rows,
        "options": [list(option) for option in question.options()],
        "suggestion": question.suggestion,
        "choice": question.choice,
    }


def counted(entries: Iterable[Entry], rows: int) -> dict[str, int]:
    """The figures of the preview: imported + merged + refused are the rows of the file."""
    found = list(entries)
    counts = {kind: sum(entry["kind"] == kind for entry in found) for kind in ROWS}
    units = [entry for entry in found if entry["kind"] == "unit"]
    return {
        "rows": rows,
        **counts,
        "cautioned": sum(bool(entry.get("cautions")) for entry in found),
        "changed": sum(entry["kind"] == "merged" and bool(entry["changes"]) for entry in found),
        "units": len(units),
        "open": sum(not entry["choice"] for entry in units),
    }


def figures(imp: Import) -> dict[str, int]:
    """The counts of an import; noughts where nothing was counted yet."""
    return {**counted([], 0), **imp.counts}


def decisive(entries: Iterable[Entry]) -> list[Entry]:
    """What must be as it was shown when somebody confirms: every row's outcome and every unit's choice."""
    return [
        {"key": e["key"], "choice": e["choice"]} if e["kind"] == "unit" else e
        for e in entries
        if e["kind"] in (*ROWS, "unit")
    ]
