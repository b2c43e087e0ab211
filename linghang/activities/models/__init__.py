"""Meetings and events of every kind, by noun."""

from linghang.activities.models.asks import Ask, How
from linghang.activities.models.elections import Assignment, Ballot, Candidate, Election, Tally
from linghang.activities.models.kinds import FIRST_TOPIC, Kind, asked_of, held_by, holders, kind_of, kinds
from linghang.activities.models.leaves import Feed, Leave
from linghang.activities.models.meetings import TONES, Attendance, Correction, Meeting, Resolution, Topic
from linghang.activities.models.themes import Theme
from linghang.activities.models.votes import Vote

__all__ = [
    "FIRST_TOPIC",
    "TONES",
    "Ask",
    "Assignment",
    "Attendance",
    "Ballot",
    "Candidate",
    "Correction",
    "Election",
    "Feed",
    "How",
    "Kind",
    "Leave",
    "Meeting",
    "Resolution",
    "Tally",
    "Theme",
    "Topic",
    "Vote",
    "asked_of",
    "held_by",
    "holders",
    "kind_of",
    "kinds",
]
