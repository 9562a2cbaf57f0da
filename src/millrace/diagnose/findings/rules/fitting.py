"""Whether rules fit a log: every step, team and column that they name outright has to be there."""

from collections.abc import Iterable, Iterator, Sequence

from millrace.diagnose.findings.rules.rule import Rule, Stretch
from millrace.diagnose.findings.rules.rules_file import RulesFile, RulesInvalid
from millrace.flow.flow import Flow
from millrace.model.yaml_problem import did_you_mean

Place = tuple[str | int, ...]


def refuse_what_does_not_fit(file: RulesFile, flow: Flow) -> None:
    """Raise RulesInvalid where a rule names what this log does not hold; a pattern with a star may fit nothing."""
    problems = tuple(
        file.problem(("rules", number, *place), sentence)
        for number, rule in enumerate(file.rules)
        for place, sentence in _problems(rule, flow)
    )
    if problems:
        raise RulesInvalid(file.path, tuple(sorted(problems)))


def _problems(rule: Rule, flow: Flow) -> Iterator[tuple[Place, str]]:
    for number, stretch in enumerate(rule.way):
        place: Place = ("chain", number) if rule.chain else ("stretch",)
        yield from ((place + rest, sentence) for rest, sentence in _unknown_names(stretch, flow))
    columns = {*flow.about.columns, *flow.about.attributes}
    for column in rule.where:
        if column not in columns:
            yield (
                ("where", column),
                f"the log has no column “{column}”{did_you_mean(column, columns) or _list(columns)}",
            )


def _unknown_names(stretch: Stretch, flow: Flow) -> Iterator[tuple[Place, str]]:
    for key, patterns, known in (
        ("step", stretch.step, flow.step_names),
        ("team", stretch.team, flow.about.teams),
    ):
        folded = {name.strip().casefold() for name in known}
        for pattern in patterns:
            if "*" not in pattern and "?" not in pattern and pattern.strip().casefold() not in folded:
                remedy = did_you_mean(pattern, known) or _list(known)
                yield (key,), f"the log has no {key} “{pattern}”{remedy}"


def _list(known: Iterable[str]) -> str:
    names: Sequence[str] = sorted(known)
    shown = ", ".join(f"“{name}”" for name in names[:8])
    return f"; there are {shown}{' …' if len(names) > 8 else ''}" if names else "; it names none"
