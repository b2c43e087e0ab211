"""Every way meetings and events move, by noun."""

from linghang.activities.actions.meetings import (
    CONFIRM,
    RECORDING,
    VIEW,
    ResolutionDraft,
    TopicDraft,
    cancel,
    confirm,
    correct,
    edit_plan,
    plan,
    record,
    record_planned,
    send_back,
)

__all__ = [
    "CONFIRM",
    "RECORDING",
    "VIEW",
    "ResolutionDraft",
    "TopicDraft",
    "cancel",
    "confirm",
    "correct",
    "edit_plan",
    "plan",
    "record",
    "record_planned",
    "send_back",
]
