"""A small published database: text that would do harm in one program or another, and sources of each kind."""

HOSTILE = [
    '=HYPERLINK("http://example.invalid","pay")',
    "<script>alert(1)</script> & 'x' \"y\"",
    "\u200fright\u202eto left",
    "x" * 10_000,
    'said "a, b";\r\nnext line\n\nand\ttab',
    r"\input{secret} 50 % $x_1^2$ #3 ~ }{ -- [a] *b",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "'=quoted",
    "é ζ 中 −5 €",
    "_x0041_",
]
SOURCES = [
    (
        "open",
        "yes",
        "Open data & 50 % more",
        "Bureau of {Figures}",
        "CC0",
        "2024-10-24",
        "https://example.org/a_b?c=1%20",
    ),
    ("shut", "no", "Shut data", "A # vendor", "copyright", "2019", None),
    ("maybe", "not confirmed", "Data of \\unknown terms", "Some_one", None, "1.1", None),
]
SCHEMA = """
create schema staging; create schema core; create schema model; create schema meta;
create table meta.runs as select 'f1c7a9d2-0000' as run_id, '2026-09' as edition, timestamp '2026-09-30 08:00:01.5'
  as created_at, '0123456789abcdef' as git_commit, 20260930::bigint as seed, 16384 as draws, date '2026-09-30' as as_of;
create table meta.sources (source_id varchar, redistributable varchar, title varchar, producer varchar, licence varchar,
  vintage varchar, url varchar, citation varchar);
create table meta.columns (table_schema varchar, table_name varchar, column_name varchar, type varchar, unit varchar,
  description varchar);
create table model.counterfactual as select * from (values
  ('status_quo', 'all', true, 0e0, null), ('op_ed', 'law', false, 1.5e0, 'b'), ('op_ed', 'all', null, null, 'a'))
  as t(scenario, mechanisms, holds, mean, measure);
create view main.headline as select scenario, mean, 'USD bn, 2020 prices' as unit from model.counterfactual;
create table core.words (word_id integer, word varchar, big bigint, seen date, sectors varchar[], scenario varchar);
create table staging.open_rows as select 1::int as row_number, 'theirs' as word;
create table staging.shut_rows as select 2::int as row_number, 'not theirs to give' as word;
create table core.losses as select * from (values ('open', 1e0), ('open', 2e0), ('shut', 3e0), ('maybe', 4e0),
  (null, 5e0), ('nowhere', 6e0)) as t(source_id, loss_usd);
create table core.incidents as select * from (values ('a', ['open']), ('b', ['open', 'shut']), ('c', []), ('d', null))
  as t(incident_id, sources);
create view main.losses as select source_id, sum(loss_usd) as loss_usd from core.losses group by all order by all;
create table core.nobody_knows as select 1 as row;
create table core.empty (a varchar);
create table meta.source_tables as select 'shut' as source_id, 7::int as rows_in;
comment on table meta.runs is 'The run. Source: manifest';
comment on table meta.sources is 'The sources. Source: sources.csv';
comment on table meta.columns is 'Every column. Source: pipelines/schemas';
comment on table model.counterfactual is 'Loss with and without. Source: core.losses, models/';
comment on view main.headline is 'The headline. Source: model.counterfactual';
comment on table core.words is 'Words of many kinds. Source: data/reference/words.csv';
comment on table staging.open_rows is 'Rows. Source: open';
comment on table staging.shut_rows is 'Rows. Source: shut';
comment on table core.losses is 'Amounts. Source: staging.open_rows, shut_rows';
comment on table core.incidents is 'Incidents. Source: staging';
comment on view main.losses is 'Sums. Source: core.losses';
comment on table core.nobody_knows is 'Records. Source: core.incidents';
comment on table core.empty is 'Nothing. Source: data/reference/empty.csv';
comment on table meta.source_tables is 'Counts. Source: store/vintages';
"""
