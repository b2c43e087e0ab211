"""Long work with a progress bar, run by the worker; each step of it commits by itself or not at all."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django_tasks import task

from linghang.kernel.access import Actor
from linghang.kernel.models import Job


def start(work: str, title: str, by: Actor, **data: Any) -> Job:
    """Queue `work` (dotted path of a function taking job, and `data`) and give the row that shows its progress."""
    job = Job.objects.create(title=title, owner=by.ref)
    run.enqueue(job.pk, work, data)
    job.refresh_from_db()
    return job


@task()
def run(pk: int, work: str, data: dict[str, Any]) -> None:
    """Do queued work; what it raises is told to the owner in words."""
    Job.objects.filter(pk=pk).update(state=Job.State.RUNNING)
    job = Job.objects.get(pk=pk)
    function: Callable[..., str] = import_string(work)
    try:
        job.url = function(job, **data) or ""
        job.state = Job.State.DONE
    except ValidationError as problem:
        job.state, job.message = Job.State.FAILED, "；".join(problem.messages)
    except Exception:
        Job.objects.filter(pk=pk).update(
            state=Job.State.FAILED, message="系统出错，数据未改动；请联系管理员查看服务日志。"
        )
        raise
    job.save()


def progress(job: Job, done: int, total: int) -> None:
    """Move the bar; outside the work's own transaction it is seen at once."""
    Job.objects.filter(pk=job.pk).update(done=done, total=total)
    job.done, job.total = done, total
