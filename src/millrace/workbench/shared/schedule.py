"""The schedule: what is done again and again, by whichever server comes first, once each time.

A job that is due is taken with a lease, which its worker renews while it works. One that was missed, since no server
ran, is made up once. A worker that ends in between leaves the job to the next, as soon as the lease is over.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.govern.rhythm import Rhythm
from millrace.model.yaml_problem import did_you_mean
from millrace.store.governing import Job, JobRun
from millrace.store.tables import new_id
from millrace.workbench.shared.access import HERE, Actor, Permission, needs
from millrace.workbench.shared.alert_book import AlertBookOperations, Looked
from millrace.workbench.shared.job_kinds import JOB_KINDS

LEASE = timedelta(seconds=90)
_RENEW_EVERY_SECONDS = 20.0
_LOOK_AT_CLOCK_EVERY_SECONDS = 30.0
_RETRY_AFTER = timedelta(minutes=5)
_MOST_RETRIES = 3
_FAULT = "It broke off by a fault of Millrace. The server’s log tells what is known of it; please report it."


class NoSuchJobKind(MillraceError):
    """There is no kind of job of this name."""

    slug = "no-such-job-kind"

    def __init__(self, kind: str) -> None:
        """Name it, and the nearest."""
        super().__init__(f"There is no job “{kind}”{did_you_mean(kind, list(JOB_KINDS)) or '.'}")


@dataclass(frozen=True)
class JobView:
    """A job as people see it: when it is due, whether somebody is at it, and what came of the last time."""

    id: str
    kind: str
    subject: str
    rhythm: Rhythm
    is_on: bool
    due_at: datetime
    is_running: bool
    last_at: datetime | None
    last_result: str
    last_problem: str | None

    @property
    def title(self) -> str:
        """What it does."""
        return JOB_KINDS[self.kind].title


@dataclass(frozen=True)
class JobDone:
    """A job that was done: what came of it, or the sentence of what went wrong."""

    kind: str
    subject: str
    due_at: datetime
    result: str
    problem: str | None


@dataclass(frozen=True)
class _Taken:
    """A job that this worker has taken."""

    job_id: str
    run_id: str
    lease: str
    kind: str
    subject: str
    rhythm: Rhythm
    due_at: datetime
    n_failures: int


class ScheduleOperations(AlertBookOperations):
    """Have things done again and again."""

    _has_usual_jobs = False
    _looked_at_clock = float("-inf")

    @needs(Permission.ADMINISTER)
    def jobs(self, actor: Actor) -> tuple[JobView, ...]:
        """All jobs, in the order in which they are due."""
        del actor
        self._make_usual_jobs()
        with self._reading() as session:
            kept = session.scalars(select(Job).order_by(Job.is_on.desc(), Job.due_at)).all()
            return tuple(self._view(session, job) for job in kept if job.kind in JOB_KINDS)

    @needs(Permission.ADMINISTER)
    def plan(self, actor: Actor, kind: str, rhythm: Rhythm, *, subject: str = "", is_on: bool = True) -> None:
        """Have a kind of job done in a rhythm, in place of the one it has. Raises NoSuchJobKind."""
        if kind not in JOB_KINDS:
            raise NoSuchJobKind(kind)
        with self._doing(actor, "plan", f"job:{kind}", about=subject, rhythm=rhythm.told(), is_on=is_on) as session:
            job = session.scalar(select(Job).where(Job.kind == kind, Job.subject == subject))
            if job is None:
                job = Job(kind=kind, subject=subject)
                session.add(job)
            job.rhythm, job.is_on = rhythm.model_dump(mode="json"), is_on
            job.due_at, job.n_failures = rhythm.next_after(self.clock()), 0

    @needs(Permission.ADMINISTER)
    def run_now(self, actor: Actor, job_id: str) -> None:
        """Have a job done at the next opportunity; nothing happens where it is gone."""
        with self._doing(actor, "run_now", f"job:{job_id}") as session:
            session.execute(update(Job).where(Job.id == job_id).values(due_at=self.clock(), is_on=True))

    @needs(Permission.ADMINISTER)
    def stop_job(self, actor: Actor, job_id: str) -> None:
        """Do a job no more; nothing happens where it is gone."""
        with self._doing(actor, "stop_job", f"job:{job_id}") as session:
            session.execute(update(Job).where(Job.id == job_id).values(is_on=False))

    def run_due_next(self) -> bool:
        """Do one job that is due and send what waits; False where there was nothing. Several servers may do so."""
        try:
            if not self._has_usual_jobs:
                self._make_usual_jobs()
                self._has_usual_jobs = True
            done = self.do_next_job() is not None
            return self.send_due() > 0 or done
        except MillraceError as problem:
            # A database that is away comes back: the schedule goes on then.
            logging.getLogger("millrace").warning("the schedule waits: %s", problem.sentence)
            return False

    def run_due(self) -> Iterator[JobDone]:
        """Do every job that is due now, one after the other, and send what waits."""
        self._make_usual_jobs()
        while (done := self.do_next_job()) is not None:
            yield done
        self.send_due()

    def do_next_job(self) -> JobDone | None:
        """Do the job that has been due longest; None where none is, or all are taken."""
        taken = self._take()
        if taken is None:
            return None
        with self._kept_alive(taken):
            result, problem = self._result_of(taken)
        self._job_ended(taken, result, problem)
        return JobDone(taken.kind, taken.subject, taken.due_at, result, problem)

    def look_everywhere_by_itself(self) -> dict[str, Looked | str]:
        """Look at every stream on nobody's behalf."""
        return self.look_everywhere(HERE)

    def _take(self) -> _Taken | None:
        at, lease = self.clock(), new_id()
        due = (Job.is_on, Job.due_at <= at, or_(Job.leased_until.is_(None), Job.leased_until < at))
        with self._reading() as session:
            waiting = session.execute(select(Job.id, Job.kind).where(*due).order_by(Job.due_at)).all()
        known = [(job_id, kind) for job_id, kind in waiting if kind in JOB_KINDS]
        order = list(JOB_KINDS)
        for job_id, _ in sorted(known, key=lambda each: order.index(each[1])):
            with self._database.transaction() as session:
                # Compare and set: whoever comes second finds the lease taken, or the job no longer due.
                taken = session.execute(
                    update(Job).where(Job.id == job_id, *due).values(lease=lease, leased_until=at + LEASE)
                )
                if taken.rowcount:  # type: ignore[attr-defined]
                    job = session.get_one(Job, job_id, populate_existing=True)
                    run = JobRun(id=new_id(), job_id=job_id, due_at=job.due_at, began_at=at)
                    session.add(run)
                    return _Taken(
                        job_id, run.id, lease, job.kind, job.subject, Rhythm.model_validate(job.rhythm), job.due_at,
                        job.n_failures,
                    )  # fmt: skip
        self._mend_clock_jumps(at)
        return None

    def _result_of(self, taken: _Taken) -> tuple[str, str | None]:
        try:
            return JOB_KINDS[taken.kind].run(self, taken.subject), None
        except MillraceError as problem:
            return "", problem.sentence
        except Exception:
            # The schedule goes on; whoever looks at it sees that this failed, and the server's log keeps all of it.
            logging.getLogger("millrace").exception("the job %s broke off", taken.kind)
            return "", _FAULT

    def _job_ended(self, taken: _Taken, result: str, problem: str | None) -> None:
        at = self.clock()
        n_failures = taken.n_failures + 1 if problem else 0
        due_at = taken.rhythm.next_after(at)
        if problem and n_failures <= _MOST_RETRIES:
            due_at = min(due_at, at + _RETRY_AFTER * n_failures)
        with self._database.transaction() as session:
            run = session.get_one(JobRun, taken.run_id)
            run.ended_at, run.result, run.problem = at, result, problem
            # Whoever lost the lease meanwhile has nothing to say about when it is due again.
            session.execute(
                update(Job)
                .where(Job.id == taken.job_id, Job.lease == taken.lease)
                .values(lease=None, leased_until=None, n_failures=n_failures, due_at=due_at)
            )

    @contextmanager
    def _kept_alive(self, taken: _Taken) -> Iterator[None]:
        """Renew the lease while the job goes on."""
        is_over = Event()

        def renew() -> None:
            while not is_over.wait(_RENEW_EVERY_SECONDS):
                with self._database.transaction() as session:
                    session.execute(
                        update(Job)
                        .where(Job.id == taken.job_id, Job.lease == taken.lease)
                        .values(leased_until=self.clock() + LEASE)
                    )

        thread = Thread(target=renew, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _mend_clock_jumps(self, at: datetime) -> None:
        """A clock that was set back leaves jobs due, and leases ending, further off than they ever are."""
        if monotonic() - self._looked_at_clock < _LOOK_AT_CLOCK_EVERY_SECONDS:
            return
        self._looked_at_clock = monotonic()
        with self._reading() as session:
            jobs = session.scalars(select(Job).where(Job.is_on)).all()
        for job in jobs:
            rhythm = Rhythm.model_validate(job.rhythm)
            due_at = rhythm.next_after(at) if job.due_at > at + rhythm.longest else job.due_at
            is_stale = job.leased_until is not None and job.leased_until > at + 2 * LEASE
            if due_at != job.due_at or is_stale:
                lease = {"lease": None, "leased_until": None} if is_stale else {}
                with self._database.transaction() as session:
                    session.execute(
                        update(Job).where(Job.id == job.id, Job.due_at == job.due_at).values(due_at=due_at, **lease)
                    )

    def _make_usual_jobs(self) -> None:
        """Jobs of the whole workspace that have a usual rhythm and are not there yet."""
        with self._reading() as session:
            there = set(session.scalars(select(Job.kind).where(Job.subject == "")))
        for name, kind in JOB_KINDS.items():
            if kind.usual is not None and name not in there:
                job = Job(kind=name, rhythm=kind.usual.model_dump(mode="json"), due_at=self.clock())
                try:
                    with self._database.transaction() as session:
                        session.add(job)
                except IntegrityError:
                    # Another server has made it meanwhile.
                    continue

    def _view(self, session: Session, job: Job) -> JobView:
        newest = select(JobRun).where(JobRun.job_id == job.id).order_by(JobRun.began_at.desc()).limit(1)
        last = session.scalars(newest).first()
        return JobView(
            job.id, job.kind, job.subject, Rhythm.model_validate(job.rhythm), job.is_on, job.due_at,
            job.leased_until is not None and job.leased_until > self.clock(),
            last.began_at if last else None, last.result if last else "", last.problem if last else None,
        )  # fmt: skip
