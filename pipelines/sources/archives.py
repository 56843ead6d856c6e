"""Zip archives from outside, looked at before they are opened: how many members, how large once unpacked.

Members are read into memory and never written, so their names cannot leave a folder.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

from pipelines.errors import SourceFormatError

MEMBERS = 200
UNPACKED = 500 * 2**20
"""Bytes that the members of an archive may come to; the largest known one unpacks to 32 MB."""

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
"""What damaged bytes, a password or an unknown way to pack make the reader of archives raise."""


class Archive:
    """A zip archive that is no larger than it may be; SourceFormatError for any other bytes."""

    def __init__(self, payload: bytes, source: str, file: str) -> None:
        self._source, self._file = source, file
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(payload))
        except DAMAGED as error:
            raise self._wrong("a zip archive", f"{error}: {payload[:20]!r}") from error
        members = self._zip.infolist()
        if len(members) > MEMBERS:
            raise self._wrong(f"at most {MEMBERS} members", len(members))
        size = sum(member.file_size for member in members)
        if size > UNPACKED:
            raise self._wrong(f"at most {UNPACKED >> 20} MB once unpacked", f"{size >> 20} MB")
        self.names = self._zip.namelist()

    def read(self, prefix: str = "", suffix: str = "") -> tuple[str, bytes]:
        """Name and bytes of the one member with this beginning and end."""
        found = [name for name in self.names if name.startswith(prefix) and name.endswith(suffix)]
        if len(found) != 1:
            raise self._wrong(f"one member {prefix}*{suffix}", ", ".join(self.names) or "an empty archive")
        try:
            with self._zip.open(found[0]) as member:
                content = member.read(UNPACKED + 1)  # what a header says of a member's size may be a lie
        except DAMAGED as error:
            raise self._wrong(f"a whole member {found[0]}", str(error) or type(error).__name__) from error
        if len(content) > UNPACKED:
            raise self._wrong(f"at most {UNPACKED >> 20} MB once unpacked", f"more in {found[0]}")
        return found[0], content

    def _wrong(self, expected: str, found: object) -> SourceFormatError:
        return SourceFormatError(self._source, self._file, None, expected, found)
