"""Plain functions that make one record of each kind, by default in 内科党支部. Written straight to the tables: what the
verbs do has its own tests, and a record in a certain state is quicker made than played."""

from tests.making import modules, people, work
from tests.making.modules import *  # noqa: F403
from tests.making.people import *  # noqa: F403
from tests.making.work import *  # noqa: F403

MAKERS: people.Makers = {**people.MAKERS, **work.MAKERS, **modules.MAKERS}
