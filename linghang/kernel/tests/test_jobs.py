"""Long work: queued, shown as a bar, and told in words when it fails."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from linghang.kernel import clock
from linghang.kernel.jobs import PATIENCE, give_up, progress, start
from linghang.kernel.models import Job
from tests.making import make_job

pytestmark = pytest.mark.django_db
HERE = "linghang.kernel.tests.test_jobs"


def counts_to(job: Job, last: int) -> str:
    for done in range(last + 1):
        progress(job, done, last)
    return f"/done/{last}/"


def refuses(job: Job) -> str:
    raise ValidationError(["第 3 行没有姓名", "第 5 行没有工号"])


def breaks(job: Job) -> str:
    raise RuntimeError("secret detail")


def says_nothing(job: Job) -> None:
    return None


def test_work_runs_and_says_where_its_result_is(cast):
    job = start(f"{HERE}.counts_to", "数数", cast.office, last=4)
    assert (job.state, job.url, job.done, job.total, job.percent) == (Job.State.DONE, "/done/4/", 4, 4, 100)
    assert (job.owner, str(job)) == (cast.office.ref, "数数")


def test_work_without_a_result_page_is_done_too(cast):
    assert start(f"{HERE}.says_nothing", "无声", cast.office).url == ""


def test_a_refusal_is_told_in_words(cast):
    job = start(f"{HERE}.refuses", "导入", cast.office)
    assert (job.state, job.message) == (Job.State.FAILED, "第 3 行没有姓名；第 5 行没有工号")


def test_a_fault_is_told_without_its_details(cast):
    job = start(f"{HERE}.breaks", "导入", cast.office)
    assert job.state == Job.State.FAILED
    assert "系统出错" in job.message
    assert "secret" not in job.message


def test_a_bar_without_a_total_stands_at_nothing():
    assert Job(done=3).percent == 0


def test_work_whose_worker_was_killed_is_given_up(cast):
    now = clock.now()
    lost = make_job(cast.office, state=Job.State.RUNNING, at=now - PATIENCE - timedelta(minutes=1))
    going = make_job(cast.office, state=Job.State.RUNNING, at=now - timedelta(minutes=1))
    assert (give_up(), give_up()) == (1, 0)
    assert Job.objects.get(pk=lost.pk).state == Job.State.FAILED
    assert "重新开始" in Job.objects.get(pk=lost.pk).message
    assert Job.objects.get(pk=going.pk).state == Job.State.RUNNING
