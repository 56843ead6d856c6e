"""What is under each exhibit: answers as files, the command that prints each, and the packet they travel in."""

import base64
import gzip
import json
import re
import subprocess
from decimal import Decimal
from types import SimpleNamespace

import duckdb
import pytest

from pipelines import ask
from reports.exhibits import exhibits
from reports.provenance import Query, csv_text, packed, sources, stem


@pytest.fixture(scope="module")
def shown(edition):
    """Names of the queries behind figures and tables."""
    return sorted({q.name for one in exhibits(edition) if one.kind != "in-text" for q in one.queries})


def test_a_file_is_what_the_command_prints(database, edition, shown):
    """`cyberaccord sql --format csv`: its answer and a line break, byte for byte; decimals of SQL are floats here."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in shown:
            if edition.frames[name].width:
                answer = connection.execute(Query.named(name).sql)
                names = [column[0] for column in answer.description]
                rows = [[float(v) if isinstance(v, Decimal) else v for v in row] for row in answer.fetchall()]
                assert csv_text(edition, name) == ask.SHAPES["csv"](names, rows) + "\n", name


def test_the_shell_hands_on_each_query_as_it_is(edition, shown):
    for name in shown:
        query = Query.named(name)
        command = query.command("2026-09").replace(".venv/bin/cyberaccord", "printf '%s\\0'", 1)
        heard = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split("\0")
        assert heard[:5] == ["sql", "--edition", "2026-09", "--format", "csv"]
        assert heard[5].strip() == query.sql


def test_signs_that_a_shell_reads_reach_the_database():
    query = Query("made_up", "select \"case\", '$HOME `date` \\ !' as text")
    command = query.command("2026-09").replace(".venv/bin/cyberaccord", "printf '%s\\0'", 1)
    heard = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split("\0")
    assert heard[5] == query.sql


def test_files_are_named_after_edition_and_figure(edition):
    named = [source.file for source in sources(edition, "forest", ("treaty_effects", "effect_sets"))]
    assert named == ["2026-09-forest.csv", "2026-09-forest-effect_sets.csv"]


def test_an_edition_of_any_name_gives_a_file_name():
    assert stem(SimpleNamespace(run={"edition": '../a"; b'})) == "..ab"


def test_a_table_that_an_older_edition_lacks_has_no_file(edition, monkeypatch):
    monkeypatch.setitem(edition.frames, "caps", type(edition.frames["caps"])())
    assert [source.query.name for source in sources(edition, "exceedance", ("exceedance", "caps"))] == ["exceedance"]


def test_the_packet_holds_every_answer_once_and_is_the_same_each_time(page, edition, shown):
    found = re.search(r'<script id="pack" type="text/plain">([A-Za-z0-9+/=]*)</script>', page)[1]
    answers = json.loads(gzip.decompress(base64.b64decode(found)))["answers"]
    assert set(answers) == {name for name in shown if edition.frames[name].width}
    assert answers["blocs"] == csv_text(edition, "blocs")
    assert packed({"a": 1}) == packed({"a": 1})


def test_every_figure_prints_the_commands_of_its_queries(page, edition):
    figures = page.split("<figure id=")[1:]
    for one, text in zip([e for e in exhibits(edition) if e.kind == "figure"], figures, strict=True):
        names = [query.name for query in one.queries if edition.frames[query.name].width]
        assert text.split("</figure>")[0].count("<pre") == len(names), one.key
        assert one.code in text.replace("<wbr>", "")


def test_texts_are_dedented_for_print():
    assert Query.named("levels").sql.startswith("select * from model.counterfactual\nwhere iso3")
