"""Long work with a progress bar, run by the worker; each step of it commits by itself or not at all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django_tasks import task

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.models import Job
from linghang.kernel.ticks import tick

# The longest work, a year's score of a whole group, is done in minutes.
PATIENCE = timedelta(minutes=30)


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


@tick("kernel.jobs")
def give_up() -> int:
    """Say of work whose worker was killed that it will not end; its owner may start again. Gives how many."""
    dead = Job.objects.filter(state=Job.State.RUNNING, at__lt=clock.now() - PATIENCE)
    words = "服务中途停止，这项工作没有做完；请回到原页面查看，必要时重新开始。"
    return dead.update(state=Job.State.FAILED, message=words)
