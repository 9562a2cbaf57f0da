"""People and culture ignored: nobody owns it, nobody does it, or those who receive it are not asked."""

from collections.abc import Iterator

from millrace.diagnose.map_checks.check import Found, Subject, warning
from millrace.model.state import Side

PITFALL = "people and culture ignored"


def _no_owner(subject: Subject) -> Iterator[Found]:
    if not subject.stream.owner:
        yield Found("Nobody owns this stream.", "Write under owner who answers for it from end to end.")


def _no_team(subject: Subject) -> Iterator[Found]:
    for place, step in subject.steps():
        if not step.team:
            yield Found(
                f"Nobody is responsible for “{step.name}”.", "Name the team or role, or “Requester”.", place=place
            )


def _action_without_owner(subject: Subject) -> Iterator[Found]:
    for at, improvement in enumerate(subject.stream.improvements):
        if not improvement.owner:
            yield Found(
                f"Nobody looks after the improvement “{improvement.name}”.",
                "Name an owner; what belongs to everybody is done by nobody.",
                place=("improvements", at),
            )


def _receivers_not_asked(subject: Subject) -> Iterator[Found]:
    reviewers = subject.stream.reviewers
    if not any(reviewer.side is Side.REQUESTER for reviewer in reviewers):
        taking_part = ", ".join(reviewer.who for reviewer in reviewers) or "nobody is named"
        yield Found(
            "Nobody from the receiving side takes part in the review.",
            "Add under reviewers somebody who receives what the stream delivers, with side: requester.",
            evidence=(f"taking part: {taking_part}",),
            place=("reviewers",),
        )


CHECKS = (
    warning("no-owner", "A stream has an owner", _no_owner),
    warning("no-team", "Every step has somebody responsible", _no_team),
    warning("action-without-owner", "Every improvement has an owner", _action_without_owner),
    warning("receivers-not-asked", "Those who receive take part in the review", _receivers_not_asked),
)
