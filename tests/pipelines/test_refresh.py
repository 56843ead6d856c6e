"""Refreshing from a server that behaves and from one that does not: one line each, and the last good vintage stays."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import pytest
import yaml
from click.testing import CliRunner

from pipelines import cards, fetch, refresh, store, vintages, whole_file
from pipelines.cli import main
from pipelines.errors import InputError
from pipelines.fetch import Limits
from pipelines.sources import archives
from tests.pipelines import local_server
from tests.pipelines.local_server import Server, content, cut, endless, marked, redirect, status

QUICK = Limits(connect=2, read=0.2, whole=5, tries=3, wait=0)
CPI = "us_cpi"
GDP = "worldbank_gdp"
PEOPLE = "worldbank_population"
LAST_YEAR = vintages.now().year


def prices(months: int = 5, index: str = "300.5", header: str = "Date,Index,Inflation") -> bytes:
    """A price index of every year since 1913, with so many further months."""
    days = [f"{year}-01-01" for year in range(1913, LAST_YEAR)] + [f"1914-{2 + n % 11:02d}-01" for n in range(months)]
    lines = [f"{day},{index}," for day in dict.fromkeys(days)]
    return "\n".join([header, *lines, ""]).encode()


def people(rows: int = 70, codes: tuple[str, ...] = ("FRA", "WLD")) -> bytes:
    years = range(LAST_YEAR - rows + 1, LAST_YEAR + 1)
    lines = [f"Name,{code},{year},{1000 + year}" for code in codes for year in years]
    return "\n".join(["Country Name,Country Code,Year,Value", *lines, ""]).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def shop(tmp_path, monkeypatch, server, data) -> Server:
    """Sources whose cards point to the server, two of which it has good bytes for; an empty store."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(fetch.MIRROR, raising=False)
    for path in (data / "sources" / f"{name}.yaml" for name in (CPI, PEOPLE, GDP)):
        card = yaml.safe_load(path.read_text(encoding="utf-8"))
        for file in card["files"]:
            file["url"] = f"{server.url}/{path.stem}"
            file["save_as"] = file["name"].replace("*", ".zip")
            file["max_mb"] = 1
        path.write_text(yaml.safe_dump(card), encoding="utf-8")
    monkeypatch.setattr(cards, "FOLDER", data / "sources")
    server.answers[f"/{CPI}"] = [content(prices())]
    server.answers[f"/{PEOPLE}"] = [content(people())]
    return server


def run(*sources: str) -> tuple[int, dict[str, str]]:
    """Exit code, and the outcome line of each source."""
    lines: list[str] = []
    code = refresh.main(sources or (CPI, PEOPLE), lines.append, QUICK)
    assert all("\n" not in line for line in lines)
    return code, {line.split()[0]: line for line in lines[:-1]}


def labels(source: str) -> list[str]:
    return [vintage.label for vintage in vintages.kept(source)]


def test_what_comes_is_landed_whole_with_its_manifest(shop):
    code, lines = run()
    assert code == 0
    assert "landed" in lines[CPI]
    (vintage,) = vintages.kept(CPI)
    assert vintage.label == vintages.now().date().isoformat()
    assert vintages.read(vintage) == {"cpiai.csv": prices()}
    assert vintage.files[0].sha256 == hashlib.sha256(prices()).hexdigest()
    assert vintage.files[0].url == f"{shop.url}/{CPI}"
    assert vintage.rows == {"us_cpi": prices().count(b"\n") - 1}
    assert json.loads((vintage.folder / "manifest.json").read_text())["as_of"] == vintage.label


def test_a_server_that_knows_marks_is_asked_for_what_changed(shop):
    shop.answers[f"/{CPI}"] = [marked(prices(), '"one"')]
    run()
    code, lines = run()
    assert (code, labels(CPI)) == (0, [vintages.now().date().isoformat()])
    assert "unchanged" in lines[CPI]
    shop.answers[f"/{CPI}"] = [marked(prices(6), '"two"')]
    assert "landed" in run()[1][CPI]
    assert len(labels(CPI)) == 2


def test_the_same_bytes_make_no_new_vintage_and_other_bytes_of_the_day_get_a_number(shop):
    run()
    assert "unchanged" in run()[1][CPI]
    shop.answers[f"/{CPI}"] = [content(prices(7))]
    run()
    today = vintages.now().date().isoformat()
    assert labels(CPI) == [today, f"{today}.2"]


def test_what_passes_is_tried_again(shop):
    shop.answers[f"/{CPI}"] = [status(500), status(503), content(prices())]
    shop.answers[f"/{PEOPLE}"] = [cut(people()), content(people())]
    code, _ = run()
    assert code == 0
    assert shop.asked[f"/{CPI}"] == 3


def zipped(payload: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("API_NY.GDP.MKTP.CD_1.csv", payload)
    return target.getvalue()


BAD: dict[str, tuple[Callable[[Server], local_server.Answer], str, str]] = {
    "500": (lambda s: status(500), "failed", "the server answers 500"),
    "404": (lambda s: status(404), "failed", "the server answers 404"),
    "hang": (lambda s: s.hang, "failed", "no answer in 0.2 seconds"),
    "redirect loop": (lambda s: redirect(f"{s.url}/{CPI}"), "failed", "more than 5 redirects"),
    "endless": (lambda s: endless, "failed", "more than 1 MB"),
    "cut off": (lambda s: cut(prices(8)), "failed", "us_cpi: "),
    "page with status 200": (lambda s: content(b"<!DOCTYPE html><p>Busy</p>"), "refused", "a page of markup"),
    "ends in a quote": (lambda s: content(prices() + b'2024-01-01,"300'), "refused", "a quote that is closed"),
    "header renamed": (lambda s: content(prices(header="Date,Value,X")), "refused", "no Index"),
    "column shifted": (lambda s: content(prices().replace(b",300.5,", b",,300.5")), "refused", "mostly_rejected"),
    "mixed encodings": (lambda s: content(prices() + "Größe".encode("latin-1")), "refused", "UTF-8"),
    "half the rows": (lambda s: content(b"\n".join(prices().split(b"\n")[:50]) + b"\n"), "refused", "rows_shrank"),
    "a year missing": (lambda s: content(prices().replace(b"1999-01-01", b"1998-02-01")), "refused", "no 1999"),
    "not finite": (lambda s: content(prices(index="inf")), "refused", "rule mostly_rejected"),
    "no rows": (lambda s: content(b"Date,Index,Inflation\n"), "refused", "records under the header"),
    "nothing": (lambda s: content(b""), "refused", "an empty file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_source_that_fails_leaves_its_last_vintage_and_one_line_and_the_other_lands(shop, name):
    run(CPI)
    before = vintages.standing(CPI)
    answer, result, words = BAD[name]
    shop.asked.clear()
    shop.answers[f"/{CPI}"] = [answer(shop)]
    code, lines = run()
    assert code == 1
    assert result in lines[CPI]
    assert words in lines[CPI]
    assert f"{before.label} stays" in lines[CPI]
    assert vintages.kept(CPI) == [before]
    assert set(vintages.read(before).values()) == {prices()}
    assert "landed" in lines[PEOPLE]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (zipped(b"x")[:-20], "a zip archive"),
        (b"PK\x03\x04 and nothing", "a zip archive"),
        (zipped(b"0" * 3_000_000), "at most 250 times its packed size"),
    ],
    ids=["truncated", "no archive", "bomb"],
)
def test_an_archive_that_is_truncated_or_a_bomb_is_refused(shop, monkeypatch, payload, words):
    monkeypatch.setattr(archives, "UNPACKED", 2**21)
    shop.answers[f"/{GDP}"] = [content(payload)]
    code, lines = run(GDP)
    assert code == 1
    assert words in lines[GDP]
    assert vintages.kept(GDP) == []


def test_bytes_that_were_refused_are_kept_with_the_reason(shop):
    shop.answers[f"/{CPI}"] = [content(b"<html>busy</html>")]
    run()
    (folder,) = (vintages.folder(CPI) / vintages.REFUSED).iterdir()
    assert (folder / "cpiai.csv").read_bytes() == b"<html>busy</html>"
    assert "a page of markup" in (folder / "reason.txt").read_text()


def test_a_duplicate_a_far_date_and_a_huge_amount_cost_their_rows_and_the_rest_lands(shop):
    odd = b"1913-01-01,7,\n2102-01-01,300,\n2015-05-01,nan,\n2015-06-01,1e999,\n"
    shop.answers[f"/{CPI}"] = [content(prices() + odd)]
    code, lines = run()
    assert code == 0
    assert "4 rejected" in lines[CPI]


def test_a_mirror_of_plain_folders_lands_every_label_the_oldest_first(shop, tmp_path, monkeypatch):
    mirror = tmp_path / "mirror"
    for label, codes in (("2024-02-01", ("FRA",)), ("2025-03-01", ("FRA", "WLD"))):
        folder = mirror / PEOPLE / label
        folder.mkdir(parents=True)
        (folder / "population.csv").write_bytes(people(codes=codes))
        (folder / "README.txt").write_text("not a file of the card")
    monkeypatch.setenv(fetch.MIRROR, str(mirror))
    assert run(PEOPLE)[0] == 0
    assert labels(PEOPLE) == ["2024-02-01", "2025-03-01"]
    assert vintages.standing(PEOPLE, date(2024, 12, 31)).label == "2024-02-01"
    assert vintages.standing(PEOPLE, date(2023, 12, 31)) is None
    assert shop.asked == {}
    assert "unchanged" in run(PEOPLE)[1][PEOPLE]


def serve_tree(server: Server, tree: Mapping[tuple[str, str, str], bytes]) -> None:
    """The tree of a mirror with its INDEX.csv."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["source", "vintage", "file", "bytes", "sha256"])
    for (source, label, name), payload in tree.items():
        writer.writerow([source, label, name, len(payload), hashlib.sha256(payload).hexdigest()])
        server.answers[f"/{source}/{label}/{name}"] = [content(payload)]
    server.answers[f"/{fetch.INDEX}"] = [content(target.getvalue().encode())]


def test_a_mirror_on_loopback_gives_the_same_and_is_not_asked_for_what_is_kept(shop, monkeypatch):
    serve_tree(shop, {(PEOPLE, "2025-03-01", "population.csv"): people()})
    monkeypatch.setenv(fetch.MIRROR, shop.url)
    assert run(PEOPLE)[0] == 0
    assert labels(PEOPLE) == ["2025-03-01"]
    assert "unchanged" in run(PEOPLE)[1][PEOPLE]
    assert shop.asked[f"/{PEOPLE}/2025-03-01/population.csv"] == 1


def test_a_mirror_whose_bytes_are_not_those_it_lists_is_told(shop, monkeypatch):
    serve_tree(shop, {(PEOPLE, "2025-03-01", "population.csv"): people()})
    shop.answers[f"/{PEOPLE}/2025-03-01/population.csv"] = [content(people(codes=("DEU",)))]
    monkeypatch.setenv(fetch.MIRROR, shop.url)
    code, lines = run(PEOPLE)
    assert code == 1
    assert "checksum" in lines[PEOPLE]


@pytest.mark.parametrize("label", ["../../2025-03-01", ".hidden", "a/b"])
def test_a_mirror_cannot_write_outside_the_folder_of_its_source(shop, monkeypatch, label):
    serve_tree(shop, {(PEOPLE, label, "population.csv"): people()})
    monkeypatch.setenv(fetch.MIRROR, shop.url)
    code, lines = run(PEOPLE)
    assert code == 1
    assert "is no plain name" in lines[PEOPLE]


@pytest.mark.parametrize("mirror", ["http://example.org", "https://127.0.0.1", "ftp://127.0.0.1", "/nowhere/at/all"])
def test_a_mirror_that_is_not_here_is_wrong_input(shop, monkeypatch, mirror):
    monkeypatch.setenv(fetch.MIRROR, mirror)
    with pytest.raises(InputError, match=fetch.MIRROR):
        run()


def test_a_source_without_address_says_how_to_get_it_and_is_no_failure(shop, data):
    card = data / "sources" / f"{CPI}.yaml"
    text = yaml.safe_load(card.read_text(encoding="utf-8"))
    del text["files"][0]["url"]
    text["by_hand"] = "Write to the bureau."
    card.write_text(yaml.safe_dump(text), encoding="utf-8")
    code, lines = run()
    assert code == 0
    assert "by hand    Write to the bureau." in lines[CPI]


def test_a_second_refresh_waits_for_nobody(shop):
    with refresh._alone(), pytest.raises(InputError, match="one refresh at a time"):
        run()
    assert run()[0] == 0


def test_what_a_killed_refresh_left_is_cleared_and_never_read(shop):
    left = vintages.folder(CPI) / f"{whole_file.MARK}abc" / "2020-01-01"
    left.mkdir(parents=True)
    (left / "cpiai.csv").write_bytes(b"half")
    (left.parent / whole_file.LOCK).touch()
    assert vintages.kept(CPI) == []
    run()
    assert not left.exists()


def test_a_file_changed_in_the_store_is_told_and_not_used(shop):
    run(CPI)
    (vintage,) = vintages.kept(CPI)
    path = vintage.folder / vintage.files[0].name
    path.write_bytes(prices(8))
    with pytest.raises(vintages.Damaged, match="checksum"):
        vintages.read(vintage)
    path.unlink()
    with pytest.raises(vintages.Damaged, match="run make refresh, or put the file back"):
        vintages.read(vintage)


def test_what_was_staged_is_read_again_and_parsed_anew_where_the_vocabulary_changed(shop, data, monkeypatch):
    from pipelines import ingest, staged, vocabulary

    run(CPI)
    (vintage,) = vintages.kept(CPI)
    card = cards.load(CPI)
    calls = []
    real = ingest.stage
    monkeypatch.setattr(ingest, "stage", lambda *args, **more: calls.append(1) or real(*args, **more))
    first = staged.staged(card, vintage, vocabulary.load())
    assert calls == []
    with (data / "reference" / "crosswalk.csv").open("a", encoding="utf-8") as file:
        file.write("cfr,type,Other,incident_type,unknown,cfr,true\n")
    second = staged.staged(card, vintage, vocabulary.load())
    assert len(calls) == 1
    assert first.tables["us_cpi"].kept.equals(second.tables["us_cpi"].kept)
    shutil.rmtree(store.home() / "staged")
    assert staged.staged(card, vintage, vocabulary.load()).tables["us_cpi"].kept.equals(first.tables["us_cpi"].kept)


def test_what_was_staged_is_parsed_anew_where_a_bit_of_it_is_another(shop):
    """One bit in a length would end the process in polars 2; one in a number would move the answer."""
    from pipelines import staged, vocabulary

    run(CPI)
    (vintage,) = vintages.kept(CPI)
    words = vocabulary.load()
    first = staged.staged(cards.load(CPI), vintage, words).tables["us_cpi"].kept
    (kept,) = (store.home() / "staged").rglob("us_cpi.parquet")
    whole = kept.read_bytes()
    for place in range(4, len(whole) - 4, len(whole) // 8):
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert staged.staged(cards.load(CPI), vintage, words).tables["us_cpi"].kept.equals(first)


def test_the_command_ends_with_1_where_a_source_failed_and_status_tells_it(shop, monkeypatch):
    monkeypatch.setattr(fetch, "Limits", lambda: QUICK)
    shop.answers[f"/{CPI}"] = [status(404)]
    outcome = CliRunner().invoke(main, ["refresh", CPI, PEOPLE])
    assert outcome.exit_code == 1
    assert "2 sources: " in outcome.output
    told = CliRunner().invoke(main, ["status"]).output
    assert "us_cpi: " in told
    assert "the server answers 404" in told
    unknown = CliRunner().invoke(main, ["refresh", "nobody"])
    assert unknown.exit_code == 2
    assert "nobody" in unknown.output


@pytest.mark.parametrize(
    ("label", "day"),
    [
        ("2024-10-24", date(2024, 10, 24)),
        ("2022-04", date(2022, 4, 1)),
        ("2024-10-24.2", date(2024, 10, 24)),
        ("1.1", date(2023, 4, 24)),
        ("rolling", date(2026, 1, 2)),
    ],
)
def test_a_vintage_speaks_of_its_labels_day_its_release_or_the_day_it_was_fetched(label, day):
    assert vintages.day_of(cards.load("eurepoc"), label, date(2026, 1, 2)) == day


def test_two_vintages_are_compared_by_rows_totals_and_what_moved(shop, tmp_path, monkeypatch):
    mirror = tmp_path / "mirror"
    for label, payload in (("2024-02-01", people()), ("2025-03-01", people().replace(b",2020,3020", b",2020,3520"))):
        (mirror / PEOPLE / label).mkdir(parents=True)
        (mirror / PEOPLE / label / "population.csv").write_bytes(payload)
    monkeypatch.setenv(fetch.MIRROR, str(mirror))
    run(PEOPLE)
    told = CliRunner().invoke(main, ["revision", PEOPLE]).output
    assert f"{PEOPLE}: 2024-02-01 -> 2025-03-01" in told
    assert "population: 2 of 140 values moved by more than 5 %" in told
    assert "2020: 2 of 2 codes moved by more than 5 %, 1 of them economies: FRA +17%" in told
    wrong = CliRunner().invoke(main, ["revision", PEOPLE, "2024-02-01", "1999-01-01"])
    assert wrong.exit_code == 2
    assert "1999-01-01" in wrong.output
    only_one = CliRunner().invoke(main, ["revision", CPI])
    assert only_one.exit_code == 2


def test_sources_lists_what_is_on_hand_with_counts_that_add_up(shop):
    empty = CliRunner().invoke(main, ["sources"]).output
    assert "0 of 17 on hand" in empty
    run()
    told = CliRunner().invoke(main, ["sources"]).output
    assert "2 of 17 on hand" in told
    rows = [line.split() for line in told.splitlines() if line.startswith((CPI, PEOPLE))]
    for row in rows:
        rows_in, kept, rejected, merged = (int(row[place].replace(",", "")) for place in (4, 5, 6, 7))
        assert rows_in == kept + rejected + merged
