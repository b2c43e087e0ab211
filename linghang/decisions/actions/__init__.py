"""Every way a topic moves, and task forces, by noun. In the order of life: `topics`, `sittings`."""

from linghang.decisions.actions.forces import (
    add_force,
    conclude_research,
    edit_force,
    end_force,
    open_research,
)
from linghang.decisions.actions.sittings import (
    decide,
    evaluate,
    file_minutes,
    hand_out,
    list_topic,
    others,
    take_off,
    withdraw_decision,
)
from linghang.decisions.actions.topics import (
    argue,
    endorse,
    give_opinion,
    hold,
    propose,
    resume,
    return_topic,
    revise,
    sign,
    study,
)
from linghang.kernel.flow import verb

VIEW = verb("decisions.view_topic", "查看议题")
REGISTER = verb("decisions.view_register", "查看决策台账")
EXPORT = verb("decisions.export_topics", "导出决策台账")
VIEW_FORCE = verb("decisions.view_force", "查看领导小组")
VIEW_RESEARCH = verb("decisions.view_research", "查看调研课题")

__all__ = [
    "EXPORT",
    "REGISTER",
    "VIEW",
    "VIEW_FORCE",
    "VIEW_RESEARCH",
    "add_force",
    "argue",
    "conclude_research",
    "decide",
    "edit_force",
    "end_force",
    "endorse",
    "evaluate",
    "file_minutes",
    "give_opinion",
    "hand_out",
    "hold",
    "list_topic",
    "open_research",
    "others",
    "propose",
    "resume",
    "return_topic",
    "revise",
    "sign",
    "study",
    "take_off",
    "withdraw_decision",
]
