"""The nouns of an assessment."""

from linghang.assessment.models.cycles import Cycle, Rating, Run, Scheme, Score, seal
from linghang.assessment.models.marks import OUT, Mark, MarkImport, read_said, said
from linghang.assessment.models.objections import Objection

__all__ = [
    "OUT",
    "Cycle",
    "Mark",
    "MarkImport",
    "Objection",
    "Rating",
    "Run",
    "Scheme",
    "Score",
    "read_said",
    "said",
    "seal",
]
