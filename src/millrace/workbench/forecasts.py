"""Operations on what will become of work: the back-test of a fitted process, and the forecast of what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from millrace.errors import MillraceError
from millrace.eventlog.export import write_csv
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream
from millrace.store import fingerprint
from millrace.workbench.bench import Bench, Source
from millrace.workbench.sources import FORMAT

if TYPE_CHECKING:
    from millrace.simulate.backtest.backtest import Backtest
    from millrace.simulate.backtest.verdict import Verdict
    from millrace.simulate.forecast.forecast import Forecast

_TRUST_FILE = "trust.json"


@dataclass(frozen=True)
class Backtested:
    """A back-test and its verdicts."""

    backtest: Backtest
    verdicts: tuple[Verdict, ...]


class ForecastOperations(Bench):
    """What can be asked of the future of an export."""

    def backtest(
        self,
        source: Source,
        *,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        at: datetime | None = None,
        with_hindsight: bool = False,
        n_replications: int | None = None,
        seed: int = 0,
        strict: bool = False,
    ) -> Backtested:
        """Fit a process to the earlier part of a source, simulate the later part, and say how far the two lie apart.

        `at` splits the two; without it, where half of the steady demand has come. `with_hindsight` fits to what became
        of the earlier items to the end of the log, not only to what was known at the split.
        """
        from millrace.simulate.backtest.backtest import N_REPLICATIONS, backtest
        from millrace.simulate.backtest.verdict import verdicts

        log, flow = self._flow(source, stream, mapping, None, strict=strict)
        tested = backtest(
            log,
            flow,
            at=at,
            with_hindsight=with_hindsight,
            n_replications=n_replications or N_REPLICATIONS,
            seed=seed,
            progress=lambda share: self._progress("simulating", share),
        )
        return Backtested(tested, verdicts(tested))

    def trust(
        self, source: Source, *, stream: Path | str | ValueStream | None = None, mapping: Path | str | None = None
    ) -> tuple[Verdict, ...] | Absent:
        """The verdicts of a source’s back-test, which is run once and then kept; absent where the log is too little."""
        from millrace.simulate.backtest.backtest import backtest
        from millrace.simulate.backtest.verdict import Verdict, verdicts

        kept: TypeAdapter[tuple[Verdict, ...] | Absent] = TypeAdapter(tuple[Verdict, ...] | Absent)
        log, flow = self._flow(source, stream, mapping, None, strict=False)

        def test(folder: Path) -> None:
            try:
                found = backtest(log, flow, progress=lambda share: self._progress("testing on the past", share))
            except MillraceError as cannot:
                told: tuple[Verdict, ...] | Absent = Absent(cannot.sentence.removesuffix("."))
            else:
                told = verdicts(found)
            (folder / _TRUST_FILE).write_bytes(kept.dump_json(told))

        place = self._workspace.kept("trust", fingerprint((), FORMAT, flow.folder.name), test)
        return kept.validate_json((place / _TRUST_FILE).read_bytes())

    def forecast(
        self,
        source: Source,
        *,
        within: timedelta | None = None,
        stream: Path | str | ValueStream | None = None,
        mapping: Path | str | None = None,
        n_replications: int | None = None,
        seed: int = 0,
        strict: bool = False,
    ) -> Forecast:
        """What will become of the items that are open at the end of a source, and which may miss the limit `within`.

        Without a limit it is the lead time that 85 % of the items keep to.
        """
        from millrace.simulate.forecast.forecast import N_REPLICATIONS, forecast

        _, flow = self._flow(source, stream, mapping, None, strict=strict)
        return forecast(
            flow,
            within=within,
            n_replications=n_replications or N_REPLICATIONS,
            seed=seed,
            progress=lambda share: self._progress("simulating", share),
        )

    def forecast_table(self, found: Forecast, output: Path | str) -> int:
        """Write a row per open item of a forecast as CSV; how many there are."""
        import duckdb

        from millrace.simulate.forecast.table import open_items_table

        write_csv(duckdb.from_arrow(open_items_table(found)), Path(output))
        return len(found.items)
