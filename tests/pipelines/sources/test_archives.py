"""Archives from outside are looked at before they are opened."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import archives
from tests.hostile.mutations import packed


def refusal(payload: bytes) -> str:
    with pytest.raises(SourceFormatError) as refused:
        archives.Archive(payload, "somebody", "some.zip").read(suffix=".csv")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_one_member_asked_for_is_read():
    payload = packed({"folder/some.csv": b"a,b\n", "notes.txt": b"x"})
    assert archives.Archive(payload, "somebody", "some.zip").read(suffix=".csv") == ("folder/some.csv", b"a,b\n")


@pytest.mark.parametrize("name", ["../a.csv", "a/../../a.csv", "/etc/a.csv", "C:/a.csv", "..\\a.csv"])
def test_a_member_whose_name_leaves_the_folder_is_refused(name):
    assert "members that stay in their folder" in refusal(packed({name: b"1,2\n"}))


def test_a_member_that_is_a_link_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("a.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert "a link, a.csv" in refusal(target.getvalue())


def test_a_member_under_a_password_is_refused():
    payload = bytearray(packed({"a.csv": b"1,2\n"}))
    payload[payload.rindex(b"PK\x01\x02") + 8] |= 1
    assert "members without a password" in refusal(bytes(payload))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused_since_readers_differ_on_which_counts():
    target = io.BytesIO(packed({"a.csv": b"1,2\n"}))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("a.csv", b"3,4\n")
    assert "each member once" in refusal(target.getvalue())


def test_two_million_equal_bytes_in_two_thousand_are_refused():
    assert "at most 250 times its packed size" in refusal(packed({"a.csv": b"0" * 2_000_000}))


def test_a_truncated_archive_is_refused():
    assert "a zip archive" in refusal(packed({"a.csv": b"1,2\n" * 1000})[:-30])


def test_a_member_that_is_damaged_is_refused():
    payload = bytearray(packed({"a.csv": bytes(range(256)) * 50}))
    payload[60:120] = b"\xff" * 60
    assert "a whole member a.csv" in refusal(bytes(payload))


@pytest.mark.parametrize("byte", range(4))
def test_an_archive_that_points_outside_itself_or_needs_another_reader_is_refused(byte):
    """In its directory: the version needed to extract (at 6) and the place of the member (at 42 to 45)."""
    payload = bytearray(packed({"a.csv": b"1,2\n" * 1000}))
    directory = payload.rindex(b"PK\x01\x02")
    strange = payload.copy()
    strange[directory + 6] = 241
    payload[directory + 42 + byte] = 0xFF
    assert "some.zip" in refusal(bytes(payload))
    assert "a zip archive" in refusal(bytes(strange))


def test_a_page_in_place_of_an_archive_is_refused():
    assert "a zip archive" in refusal(b"<html>busy</html>")


def test_a_member_that_is_missing_or_there_twice_is_refused():
    assert "one member" in refusal(packed({"notes.txt": b"x"}))
    assert "one member" in refusal(packed({"a.csv": b"x", "b.csv": b"x"}))


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED", 10_000)
    assert "at most 0 MB once unpacked" in refusal(packed({"a.csv": b"0" * 100_000}))


def test_a_member_larger_than_its_header_says_is_not_read_to_its_end(monkeypatch):
    payload = packed({"a.csv": b"0" * 100_000})
    lie = payload.replace((100_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lie != payload
    monkeypatch.setattr(archives, "UNPACKED", 10_000)
    assert "some.zip" in refusal(lie)


def test_thousands_of_members_are_refused():
    assert "at most 200 members" in refusal(packed({f"{n}.csv": b"" for n in range(201)}))
