"""A text inside a PNG, as its specification has them: https://www.w3.org/TR/png-3/#11textinfo.

Nothing of the picture is decoded. Lengths and checksums are checked, and a compressed text that would grow beyond
every measure is refused before it does.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from brain.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KINDS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
MOST_TEXT = 16 * 1024 * 1024
_AGAIN = "Download the picture again; programs that shrink pictures drop what is inside them."


def text_of(path: Path, content: bytes, keyword: str) -> bytes | None:
    """The last text of this keyword in a PNG, as tEXt, zTXt or iTXt; None when there is none.

    No other text is unpacked. Raises DataError for what is no whole PNG, and for a text of more than 16 MiB.
    """
    found = None
    for kind, body in _chunks(path, content):
        if kind in _KINDS and body.partition(b"\0")[0].decode("latin-1").casefold() == keyword:
            found = kind, body.partition(b"\0")[2]
    return None if found is None else _text(path, *found)


def _chunks(path: Path, content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while True:
        header = content[at : at + 8]
        if len(header) < 8:
            raise DataError(f"{path}: the picture ends too early (byte {len(content):,})", hint=_AGAIN)
        length, kind = struct.unpack(">I4s", header)
        body, checksum = content[at + 8 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(checksum) < 4:
            raise DataError(f"{path}: the picture ends too early (byte {len(content):,})", hint=_AGAIN)
        if zlib.crc32(kind + body) != int.from_bytes(checksum):
            raise DataError(f"{path}: the picture is damaged at byte {at:,}", hint=_AGAIN)
        if kind == b"IEND":
            return
        yield kind, body
        at += 12 + length


def _text(path: Path, kind: bytes, rest: bytes) -> bytes:
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _inflated(path, rest[1:])
    compressed, rest = rest[:1] == b"\1", rest[2:]
    text = rest.split(b"\0", 2)[-1]  # after the language and the translated keyword
    return _inflated(path, text) if compressed else text


def _inflated(path: Path, packed: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        text = engine.decompress(packed, MOST_TEXT)
    except zlib.error as exc:
        raise DataError(f"{path}: a text in the picture is damaged ({exc})", hint=_AGAIN) from exc
    if engine.unconsumed_tail:
        raise DataError(
            f"{path}: a text in the picture is larger than {MOST_TEXT // 2**20} MiB", hint="That is no character card."
        )
    return text
