"""Which encoding a text is in, judged by the letters that it would hold.

Bytes that are valid UTF-8 are UTF-8. Otherwise each candidate is tried together with the letters that its languages
write: of the characters beyond ASCII, as many as possible should be letters of one language or common signs.
"""

import codecs
from dataclasses import dataclass

_SIGNS = frozenset("–—‘’‚“”„†•…‰‹›€£§©«»®°±²³µ·¼½¾¿¡ª\u00a0、。「」・（）：，？！％～ー")

_LETTERS: dict[str, tuple[str, ...]] = {
    "cp1252": (
        "äöüß",
        "àâçèéêëîïôùûœ",
        "áéíñóúü",
        "ãáàâçéêíóôõú",
        "àèéìíòóù",
        "åäöéæøü",
        "ëïéèöüáóê",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "âăîşţ"),
    "cp1254": ("çğıöşüâî",),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž"),
    "cp1251": ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "оаинвіертслкдмупязьбгйчхжїцщшюєфґ"),
    "cp1253": ("αοιετσνηυρπκλμςωδγχθφβξζψάέήίόύώϊϋ",),
    "cp1255": ("יוהלארשמתבנםחדקפעטכסזגןצךץףס",),
    "cp1256": ("اليمونرتبةدعفسقحكهجشصطخأضزغثذىءظئإآؤ",),
    "koi8_r": ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",),
    "cp850": ("äöüß", "àâçèéêëîïôùû", "áéíñóúü", "ãáàâçéêíóôõú", "åäöéæø"),
    "mac_roman": ("äöüß", "àâçèéêëîïôùûœ", "áéíñóúü"),
    "latin-1": ("áðéíóúýþæö",),
}
"""Per encoding the letters beyond ASCII of each of its languages; other scripts begin with their ten most frequent."""

_FREQUENT: dict[str, tuple[int, int, int]] = {
    "cp932": (0x81, 0x97, 0x40),
    "cp949": (0xB0, 0xC8, 0xA1),
    "gb18030": (0xB0, 0xD7, 0xA1),
    "big5": (0xA4, 0xC6, 0x40),
}
"""Per encoding of two bytes a character: where the frequent ones lie (first byte from, to; second byte from)."""


@dataclass(frozen=True)
class Encoding:
    """A codec's name and how sure it is (0 to 1)."""

    name: str
    sureness_ratio: float


def wide_encoding(head: bytes) -> Encoding | None:
    """UTF-16 or UTF-32, seen from a byte-order mark or from the zeros between ASCII characters; else None."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(head) % 4 == 0:
        return Encoding("utf-32", 1.0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", 1.0)
    sample = head[:4096]
    n_even, n_odd, n_half = sample[0::2].count(0), sample[1::2].count(0), max(len(sample) // 2, 1)
    if n_odd > 0.4 * n_half and n_even < 0.05 * n_half:
        return Encoding("utf-16-le", 0.95)
    if n_even > 0.4 * n_half and n_odd < 0.05 * n_half:
        return Encoding("utf-16-be", 0.95)
    return None


def detect_encoding(content: bytes) -> Encoding:
    """The encoding of `content`, which ends at a line's end and is not ASCII alone."""
    if is_valid(content, "utf-8"):
        return Encoding("utf-8", 1.0)
    if _mostly_utf8(content):
        return Encoding("utf-8", 0.9)
    sample = _lines_beyond_ascii(content)
    scores = sorted(
        ((_score(sample, name), -place, name) for place, name in enumerate((*_LETTERS, *_FREQUENT))), reverse=True
    )
    best, _, name = scores[0]
    if best <= 0:
        return Encoding("latin-1", 0.1)
    return Encoding(name, round(max(min(best, 0.5 + best - scores[1][0]), 0.1), 2))


def decode(content: bytes, encoding: str) -> str:
    """`content` as text; bytes that the encoding does not know are read as Western European."""
    return content.decode(encoding, _REREAD)


def is_valid(content: bytes, encoding: str) -> bool:
    """True where the encoding knows all bytes of `content`."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _reread(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_REREAD = "millrace-reread"
codecs.register_error(_REREAD, _reread)


def _mostly_utf8(content: bytes) -> bool:
    """True where far more characters are valid UTF-8 beyond ASCII than bytes are not."""
    valid = content.decode("utf-8", "ignore")
    n_valid = len(valid) - len(valid.encode("ascii", "ignore"))
    return n_valid > 10 * content.decode("utf-8", "replace").count("\ufffd")


def _lines_beyond_ascii(content: bytes, most: int = 20_000) -> bytes:
    """Some of the lines that hold bytes beyond ASCII."""
    lines: list[bytes] = []
    size = 0
    for line in content.splitlines():
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > most:
                break
    return b"\n".join(lines)


def _score(sample: bytes, name: str) -> float:
    """How well the sample reads in an encoding: the share of its characters beyond ASCII that belong together."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return 0.0
    beyond = [character for character in text if ord(character) > 127]
    if not beyond:
        return 0.0
    if name in _FREQUENT:
        return sum(_is_frequent(character, name) for character in beyond) / len(beyond)
    letters = [character for character in beyond if character not in _SIGNS]
    best = max(_coverage(letters, alphabet) for alphabet in _LETTERS[name])
    n_signs = len(beyond) - len(letters)
    return max((best + 0.5 * n_signs - _oddity(text)) / len(beyond), 0.0)


def _coverage(letters: list[str], alphabet: str) -> float:
    """How many of the letters belong to an alphabet; in other scripts frequent letters count for more."""
    n_known = sum(letter.lower() in alphabet for letter in letters)
    if _is_latin(alphabet[0]):
        return n_known
    n_frequent = sum(letter.lower() in alphabet[:10] for letter in letters)
    return min(0.7 * n_known + 0.45 * n_frequent, n_known)


def _is_latin(character: str) -> bool:
    return character < "\u0250"


def _oddity(text: str) -> float:
    """What people do not write: a sign, a capital or another script inside a word; few words are all capitals."""
    odd = 0.0
    for before, character, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if ord(character) < 128:
            continue
        if character in _SIGNS:
            odd += before.isalpha() and after.isalpha() and character != "’"
        elif character.isupper():
            odd += 0.5 if before.islower() else 0.05
        if not _is_latin(character) and any(near.isascii() and near.isalpha() for near in (before, after)):
            odd += 0.5
    return odd


def _is_frequent(character: str, name: str) -> bool:
    first, last, second = _FREQUENT[name]
    code = character.encode(name)
    is_frequent = len(code) == 2 and first <= code[0] <= last and code[1] >= second
    return is_frequent or character in _SIGNS
