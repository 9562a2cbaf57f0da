"""The register as a table: for a spreadsheet, and for programs."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from millrace.eventlog.export import write_csv
from millrace.workbench.shared.improvement_views import ImprovementView

_DRAFTED = (
    "step", "waste", "practice", "kind", "concerns", "owner", "coordinator", "priority", "effort", "benefit",
)  # fmt: skip
_TEXTS = (
    "key", "stream", "title", "state", "model_step", *_DRAFTED, "measure", "changed_on",
    "baseline", "baseline_n", "baseline_from",
    "baseline_until", "expected_ratio", "expected_from", "target", "verdict", "effect_ratio", "low_ratio", "high_ratio",
    "proved_at", "review_on", "origin", "origin_ref", "n_actions", "n_open_actions", "created_at", "changed_at",
)  # fmt: skip
"""Columns in their order; figures in seconds, shares or counts, as their measure has them."""


def improvement_row(view: ImprovementView) -> dict[str, object]:
    """An improvement as one row; None where something is not known."""
    draft, asked, baseline = view.draft, view.hypothesis, view.baseline
    latest = view.verdicts[0] if view.verdicts else None
    effect = latest.form.get("effect") if latest else None
    found = effect if isinstance(effect, dict) else {}
    known = view.known
    return {
        "key": view.key,
        "stream": view.stream_key,
        "title": view.title,
        "state": str(view.state),
        "model_step": view.model_step,
        **{name: getattr(draft, name) for name in _DRAFTED},
        "measure": str(asked.measure) if asked else None,
        "changed_on": asked.changed_on.isoformat() if asked else None,
        "baseline": baseline.figure if baseline else None,
        "baseline_n": baseline.n if baseline else None,
        "baseline_from": baseline.from_on.isoformat() if baseline else None,
        "baseline_until": baseline.until_on.isoformat() if baseline else None,
        "expected_ratio": asked.expected_ratio if asked else None,
        "expected_from": view.expected_from,
        "target": view.target,
        "verdict": latest.outcome if latest else None,
        "effect_ratio": found.get("change_ratio"),
        "low_ratio": found.get("low_ratio"),
        "high_ratio": found.get("high_ratio"),
        "proved_at": latest.at.isoformat() if latest else None,
        "review_on": draft.review_on.isoformat() if draft.review_on else None,
        "origin": view.origin,
        "origin_ref": view.origin_ref,
        "n_actions": known.n_actions,
        "n_open_actions": known.n_open_actions,
        "created_at": view.created_at.isoformat(),
        "changed_at": view.changed_at.isoformat(),
    }  # fmt: skip


def improvements_csv(views: Iterable[ImprovementView]) -> bytes:
    """The register as CSV; what a spreadsheet would run is neutralised."""
    import duckdb
    import pyarrow as pa

    rows = [improvement_row(view) for view in views]
    columns = {
        name: pa.array([None if row[name] is None else str(row[name]) for row in rows], pa.string()) for name in _TEXTS
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / "improvements.csv"
        write_csv(duckdb.from_arrow(pa.table(columns)), path)
        return path.read_bytes()
