-- question: Which columns hold a probability, and of what?
-- unit: no numbers; unit is that of the column described
-- watch: `meta.columns` has every column with unit and description; search it before guessing. The same words are
--   comments in the file: `duckdb_columns()`, `duckdb_tables()`, `duckdb_functions()`.
select table_schema || '.' || table_name as in_table, column_name, unit, description
from meta.columns
where starts_with(column_name, 'p_') and description ilike '%probability%' and table_schema in ('main', 'model')
order by in_table, column_name
limit 12;
