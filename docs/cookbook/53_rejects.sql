-- question: Which rows were refused, and by which rule?
-- unit: counts of rows and rules
-- watch: Filled after `make refresh`. A row may break several rules and stands once for each; `value` is the source's
--   own text. Rows in are rows kept, rejected and merged, for every table in `meta.source_tables`.
-- needs: vintages
select source_id, table_name, column_name, rule, count(*) as times, count(distinct row_number) as rows
from meta.rejects
group by all
order by times desc, source_id, table_name, rule, column_name
limit 10;
