"""What the forms of an improvement hold, as text, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from millrace.errors import MillraceError
from millrace.improve.proof.hypothesis import DURATIONS, Hypothesis, Provable, hypothesis_of
from millrace.model.duration import parse_duration
from millrace.model.measure import measure_label
from millrace.model.ratio import parse_ratio
from millrace.workbench.shared.improvement_views import ImprovementDraft, ImprovementView

TEXTS = (
    "title", "description", "step", "waste", "practice", "concerns", "owner", "coordinator", "priority", "effort",
    "benefit",
)  # fmt: skip
MEASURES = {str(each): measure_label(each) for each in Provable}


class FieldNotUnderstood(MillraceError):
    """A field of a form cannot be read."""

    slug = "field-not-understood"

    def __init__(self, label: str, given: str, wanted: str) -> None:
        """Name the field, what was given, and what is wanted."""
        super().__init__(f"{label} “{given}” is not understood; {wanted}.")


@dataclass(frozen=True)
class Fields:
    """The fields of a form as text; empty where nothing was given."""

    given: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """A field's text."""
        return self.given.get(name, "")


def draft_of(fields: Fields) -> ImprovementDraft:
    """What was entered of an improvement. Raises FieldNotUnderstood."""
    texts = {name: fields[name].strip() or None for name in TEXTS}
    title, description = texts.pop("title") or "", texts.pop("description") or ""
    revision = fields["made_revision"].strip()
    if revision and not revision.isdigit():
        raise FieldNotUnderstood("The revision", revision, "write its number, such as 4")
    return ImprovementDraft(
        title=title,
        description=description,
        review_on=day_of("The next review", fields["review_on"]),
        made_revision=int(revision) if revision else None,
        **texts,
    )


def fields_of_draft(draft: ImprovementDraft) -> Fields:
    """An improvement as the fields of its form."""
    given = {name: getattr(draft, name) or "" for name in TEXTS}
    given["review_on"] = draft.review_on.isoformat() if draft.review_on else ""
    given["made_revision"] = str(draft.made_revision or "")
    return Fields(given)


def hypothesis_of_fields(fields: Fields) -> Hypothesis:
    """What an improvement is meant to bring, as entered. Raises FieldNotUnderstood, HypothesisInvalid."""
    measure = fields["measure"] or Provable.LEAD_TIME
    step = fields["of_step"] if measure in (Provable.WAIT_TIME, Provable.PROCESS_TIME) else ""
    changed_on = day_of("The day of the change", fields["changed_on"])
    if changed_on is None:
        raise FieldNotUnderstood("The day of the change", fields["changed_on"], "give the day it came or is to come")
    first = {"starts_on": changed_on, "where": _conditions(fields["changed_where"])}
    return hypothesis_of(
        measure=measure,
        statistic=fields["statistic"] or None,
        step=step or None,
        within=_duration(fields["within"]) if measure == Provable.SLA_COMPLIANCE else None,
        where=_conditions(fields["where"]),
        phases=(first, *_phases(fields["phases"])),
        compared_with=_conditions(fields["compared_with"]),
        baseline_from_on=day_of("The first day of the baseline", fields["baseline_from_on"]),
        expected_ratio=_relative(fields["expected"]),
    )


def fields_of_hypothesis(view: ImprovementView) -> Fields:
    """A hypothesis as the fields of its form."""
    asked = view.hypothesis
    if asked is None:
        return Fields({"measure": str(Provable.LEAD_TIME), "statistic": "median", "of_step": view.draft.step or ""})
    expected = asked.expected_ratio
    told = (
        "" if expected is None or view.target else f"{abs(expected) * 100:.3g} % {'less' if expected < 0 else 'more'}"
    )
    hours = asked.within.total_seconds() / 3600 if asked.within else None
    later = [f"{phase.starts_on} {phase.share_ratio:.0%} {_written(phase.where)}".strip() for phase in asked.phases[1:]]
    return Fields(
        {
            "measure": str(asked.measure),
            "statistic": str(asked.statistic),
            "of_step": asked.step or "",
            "within": f"{hours:g} h" if hours else "",
            "where": _written(asked.where),
            "changed_on": asked.changed_on.isoformat(),
            "changed_where": _written(asked.phases[0].where),
            "phases": "\n".join(later),
            "compared_with": _written(asked.compared_with),
            "baseline_from_on": asked.baseline_from_on.isoformat() if asked.baseline_from_on else "",
            "expected": told,
            "target": view.target or "",
            "expected_from": view.expected_from or "",
        }
    )


def day_of(label: str, written: str) -> date | None:
    """A day such as 2026-03-31. Raises FieldNotUnderstood."""
    try:
        return date.fromisoformat(written) if written.strip() else None
    except ValueError as error:
        raise FieldNotUnderstood(label, written, "write a day like 2026-03-31") from error


def is_duration(measure: str) -> bool:
    """True for measures that are durations."""
    return measure in DURATIONS


def _phases(written: str) -> list[dict[str, object]]:
    """Later phases, one a line: `2026-05-01 60 % team=Desk`."""
    found: list[dict[str, object]] = []
    for line in filter(None, map(str.strip, written.splitlines())):
        day, _, rest = line.partition(" ")
        share, sign, where = rest.rpartition("%")
        try:
            ratio = parse_ratio(f"{share.strip()} %") if sign else 1.0
        except ValueError as error:
            raise FieldNotUnderstood("The phase", line, "write it like 2026-05-01 60 % team=Desk") from error
        found.append({"starts_on": day_of("The phase", day), "share_ratio": ratio, "where": _conditions(where)})
    return found


def _conditions(written: str) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for condition in filter(None, map(str.strip, written.replace("\n", ",").split(","))):
        column, sign, value = (part.strip() for part in condition.partition("="))
        if not (sign and column and value):
            raise FieldNotUnderstood("The condition", condition, "write it like team=Desk")
        values[column] = (*values.get(column, ()), value)
    return values


def _written(where: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{column}={value}" for column, values in where.items() for value in values)


def _duration(written: str) -> object:
    try:
        return parse_duration(written) if written.strip() else None
    except ValueError as error:
        raise FieldNotUnderstood("The limit", written, "write a duration like 8 h") from error


def _relative(written: str) -> float | None:
    """`30 % less`, `10 % more`, `-0.3`."""
    plain = written.strip().replace("−", "-")
    if not plain:
        return None
    sign = -1 if plain.startswith("-") or plain.endswith("less") else 1
    try:
        return sign * float(parse_ratio(plain.lstrip("+-").removesuffix("less").removesuffix("more").strip()))
    except ValueError as error:
        raise FieldNotUnderstood("The expected change", written, "write it like 30 % less or 10 % more") from error
