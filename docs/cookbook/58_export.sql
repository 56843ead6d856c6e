-- question: How do I take a table to another program?
-- unit: USD bn a year, 2020 prices; shares are fractions
-- watch: COPY writes beside you although the database is read-only. A CSV loses units and comments: keep
--   `meta.columns` with it, or use `cyberaccord export`.
copy (from headline) to 'headline.csv' (header);
copy (select * from model.counterfactual where scenario = 'op_ed_convention' and iso3 = 'WLD')
  to 'world.parquet' (format parquet);
select count(*) as rows_in_parquet, count(distinct measure) as measures,
       any_value(unit) filter (measure = 'loss') as unit_of_loss
from 'world.parquet';
