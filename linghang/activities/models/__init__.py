"""Meetings and events of every kind, by noun."""

from linghang.activities.models.meetings import (
    FIRST_TOPIC_KINDS,
    TONES,
    Attendance,
    Correction,
    Meeting,
    Resolution,
    Topic,
)

__all__ = ["FIRST_TOPIC_KINDS", "TONES", "Attendance", "Correction", "Meeting", "Resolution", "Topic"]
