"""Zip archives from outside, looked at before they are opened: which members, how large once unpacked.

Members are read into memory and never written; a name that would leave a folder, a link, a name that is there twice or
a member under a password is refused all the same, because no source has one.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from pipelines.errors import SourceFormatError

MEMBERS = 200
UNPACKED = 128 * 2**20
"""Bytes that the members of an archive may come to; the largest known one unpacks to 32 MB."""
RATIO, SMALL = 250, 2**20
"""Bytes a packed byte may come to in a member above `SMALL` bytes; JSON comes to 20, blanks to 1,000."""

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
        for member in members:
            self._check(member)
        if len({member.filename for member in members}) < len(members):
            raise self._wrong("each member once", "a name that is there twice")
        size = sum(member.file_size for member in members)
        if size > UNPACKED:
            raise self._wrong(f"at most {UNPACKED >> 20} MB once unpacked", f"{size >> 20} MB")
        self.names = self._zip.namelist()

    def read(self, prefix: str = "", suffix: str = "") -> tuple[str, bytes]:
        """Name and bytes of the one member with this beginning and end."""
        found = [name for name in self.names if name.startswith(prefix) and name.endswith(suffix)]
        if len(found) != 1:
            raise self._wrong(f"one member {prefix}*{suffix}", ", ".join(self.names) or "an empty archive")
        return found[0], self._content(found[0])

    def members(self) -> dict[str, bytes]:
        """Every member that is a file, by name."""
        return {name: self._content(name) for name in self.names if not name.endswith("/")}

    def _content(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as member:
                content = member.read(UNPACKED + 1)  # what a header says of a member's size may be a lie
        except DAMAGED as error:
            raise self._wrong(f"a whole member {name}", str(error) or type(error).__name__) from error
        if len(content) > UNPACKED:
            raise self._wrong(f"at most {UNPACKED >> 20} MB once unpacked", f"more in {name}")
        return content

    def _check(self, member: zipfile.ZipInfo) -> None:
        name = member.orig_filename
        if re.search(r"^/|\\|\0|^[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
            raise self._wrong("members that stay in their folder", name)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise self._wrong("files", f"a link, {name}")
        if member.flag_bits & 1:
            raise self._wrong("members without a password", name)
        if member.file_size > max(SMALL, RATIO * member.compress_size):
            expected = f"at most {RATIO} times its packed size in a member"
            raise self._wrong(expected, f"{member.compress_size} bytes that unpack to {member.file_size} in {name}")

    def _wrong(self, expected: str, found: object) -> SourceFormatError:
        return SourceFormatError(self._source, self._file, None, expected, found)
