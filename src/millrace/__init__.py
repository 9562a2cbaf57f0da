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
    backtest, changes, simulate = _bench.backtest, _bench.changes, _bench.simulate
    findings, finding_items, prove = _bench.findings, _bench.finding_items, _bench.prove
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
    "prove",
    "report",
    "sample",
    "simulate",
    "suggest_rules",
]


def __getattr__(name: str) -> Any:
    """The operations, imported when first asked for: the libraries behind them take a moment to load."""
    if name not in __all__:
        raise AttributeError(f"module “millrace” has no attribute “{name}”")
    from millrace.workbench import Workbench

    return Workbench if name == "Workbench" else getattr(Workbench(), name)


class _OperationPackage(ModuleType):
    """A package that shares its name with an operation (`report`, `simulate`): called, it does that."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        from millrace.workbench import Workbench

        return getattr(Workbench(), self.__name__.rpartition(".")[2])(*given, **named)


# Importing such a package anywhere would hide the operation of its name, so the package itself has to answer the call.
for _name in ("report", "simulate"):
    import_module(f"millrace.{_name}").__class__ = _OperationPackage
