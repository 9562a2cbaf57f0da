"""Millrace: from a ticket export to a measured value stream.

The operations of `millrace.workbench.Workbench`, on the workspace `.millrace` of the current folder:

    >>> import millrace
    >>> measured = millrace.measure("incidents.csv")            # doctest: +SKIP
    >>> measured.measurement.lead_time.groups[""].p50.seconds   # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from millrace.workbench import Workbench

    _bench = Workbench()
    inspect, discover, measure, items = _bench.inspect, _bench.discover, _bench.measure, _bench.items
    report, map, sample = _bench.report, _bench.map, _bench.sample  # noqa: A001
    backtest, changes = _bench.backtest, _bench.changes
    findings, finding_items = _bench.findings, _bench.finding_items
    check, bind, suggest_rules, process_map = _bench.check, _bench.bind, _bench.suggest_rules, _bench.process_map

__all__ = [
    "Workbench",
    "backtest",
    "bind",
    "changes",
    "check",
    "discover",
    "finding_items",
    "findings",
    "forecast",
    "inspect",
    "items",
    "map",
    "measure",
    "process_map",
    "report",
    "sample",
    "suggest_rules",
]


def __getattr__(name: str) -> Any:
    """The operations, imported when first asked for: the libraries behind them take a moment to load."""
    if name not in __all__:
        raise AttributeError(f"module “millrace” has no attribute “{name}”")
    from millrace.workbench import Workbench

    return Workbench if name == "Workbench" else getattr(Workbench(), name)


class _ReportPackage(ModuleType):
    """The package `millrace.report`, which shares its name with an operation: called, it does that."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        from millrace.workbench import Workbench

        return Workbench().report(*given, **named)


# Importing the package anywhere would hide an operation of this name, so the package itself has to answer the call.
import_module("millrace.report").__class__ = _ReportPackage
