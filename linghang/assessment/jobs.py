"""A year's score as a job with a progress bar: computed first, stored in one step."""

from linghang.assessment import actions, compute
from linghang.assessment.models import Cycle
from linghang.kernel.jobs import progress
from linghang.kernel.models import Job
from linghang.org.models import Person


def recompute(job: Job, cycle: int, person: int, discard: bool = False) -> str:
    """Compute a cycle for somebody, who has seen (`discard`) that ratings fall; gives the address of its page."""
    found, by = Cycle.objects.get(pk=cycle), Person.objects.get(pk=person)
    result = compute.run(found, lambda done, total: progress(job, done, total))
    return actions.compute(found, by, result=result, discard=discard).get_absolute_url()
