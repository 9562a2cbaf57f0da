"""The content of a text file as UTF-8, in blocks of whole lines, with what had to be mended on the way."""

import codecs
from collections.abc import Iterator

from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.ingest.reading.byte_source import ByteSource
from millrace.ingest.reading.encoding import Encoding, decode, detect_encoding, is_valid, wide_encoding
from millrace.ingest.reading.errors import NotATable, RowTooLong

LONGEST_LINE = 64 * 2**20
_BOM = codecs.BOM_UTF8
_N_EXAMPLES = 5
_MOST_ZEROS = 0.02
_SURE = 0.99


class TextSource:
    """A text file on its way in. The encoding is decided where the first characters beyond ASCII appear."""

    def __init__(self, source: ByteSource) -> None:
        """Look at the beginning of `source`; nothing is consumed yet."""
        self.source = source
        self.name = source.name
        self.encoding: Encoding | None = wide_encoding(source.head())
        self._is_wide = self.encoding is not None
        self._line = 1
        self._marked: list[int] = []
        self._zeroed: list[int] = []
        self._reread: list[int] = []
        self._ends_in_cr = False

    def blocks(self, longest: int = LONGEST_LINE) -> Iterator[bytes]:
        """The text in blocks that end where a line ends; line ends are LF or CR LF. The last one may lack its end."""
        rest: list[bytes] = []
        n_rest = 0
        for number, raw in enumerate(self._without_leading_mark()):
            if number == 0:
                self._ends_in_cr = b"\r" in raw and b"\n" not in raw
            block = raw.replace(b"\r", b"\n") if self._ends_in_cr else raw
            cut = block.rfind(b"\n") + 1
            if cut:
                yield self._mended(b"".join([*rest, block[:cut]]))
                rest, n_rest = [], 0
            rest.append(block[cut:])
            n_rest += len(block) - cut
            if n_rest > longest:
                raise RowTooLong(self.name, f"line {self._line:,}", longest)
        if n_rest:
            yield self._mended(b"".join(rest))

    def remarks(self) -> Iterator[RowRemark]:
        """What was mended, and the encoding where it had to be guessed."""
        if self.encoding is not None and self.encoding.sureness_ratio < _SURE:
            yield RowRemark(
                kind="guessed_encoding",
                verdict=Verdict.KEPT,
                n_rows=0,
                sentence=f"The file is not UTF-8; it is read as {self.encoding.name} "
                f"({self.encoding.sureness_ratio * 100:.0f} % sure). If letters look wrong, export it as UTF-8.",
            )
        yield from _mending("byte_order_mark", self._marked, "Lines with a byte-order mark inside, taken out")
        yield from _mending("zero_bytes", self._zeroed, "Lines with zero bytes, taken out")
        yield from _mending(
            "undecodable_bytes",
            self._reread,
            "Lines with bytes unknown to the file’s encoding, read as Windows-1252",
        )

    def _without_leading_mark(self) -> Iterator[bytes]:
        if self._is_wide:
            yield from self._narrowed()
            return
        is_first = True
        for block in self.source.blocks():
            yield block.removeprefix(_BOM) if is_first else block
            is_first = False

    def _narrowed(self) -> Iterator[bytes]:
        """UTF-16 or UTF-32 as UTF-8."""
        assert self.encoding is not None
        decoder = codecs.getincrementaldecoder(self.encoding.name)("replace")
        is_first = True
        for block in self.source.blocks():
            text = decoder.decode(block)
            if is_first:
                text = text.removeprefix("\ufeff")
            is_first = False
            # A lone surrogate half is no character; UTF-8 cannot hold it.
            yield text.encode("utf-8", "replace")

    def _mended(self, block: bytes) -> bytes:
        if not block.isascii():
            block = self._as_utf8(block)
        if _BOM in block:
            self._marked += self._lines_with(block, _BOM)
            block = block.replace(_BOM, b"")
        if b"\0" in block:
            if block.count(0) > _MOST_ZEROS * len(block):
                raise NotATable(
                    self.name, "not a text but binary data", "Export the log as CSV, XLSX, JSON or Parquet."
                )
            self._zeroed += self._lines_with(block, b"\0")
            block = block.replace(b"\0", b"")
        self._line += block.count(b"\n")
        return block

    def _as_utf8(self, block: bytes) -> bytes:
        if self._is_wide:
            return block
        if self.encoding is None:
            self.encoding = detect_encoding(block)
        name = self.encoding.name
        if not is_valid(block, name):
            lines = enumerate(block.split(b"\n"), start=self._line)
            self._reread += [number for number, line in lines if not is_valid(line, name)]
        elif name == "utf-8":
            return block
        return decode(block, name).encode("utf-8", "replace")

    def _lines_with(self, block: bytes, what: bytes) -> list[int]:
        lines: list[int] = []
        at, line = 0, self._line
        while (found := block.find(what, at)) >= 0:
            line += block.count(b"\n", at, found)
            if not lines or lines[-1] != line:
                lines.append(line)
            at = found + len(what)
        return lines


def _mending(kind: str, lines: list[int], what: str) -> Iterator[RowRemark]:
    if lines:
        yield RowRemark(
            kind=kind,
            verdict=Verdict.REPAIRED,
            n_rows=len(lines),
            sentence=f"{what}: {len(lines):,}.",
            examples=tuple(f"line {line:,}" for line in lines[:_N_EXAMPLES]),
        )
