-- question: Which income groups gain output?
-- unit: USD bn, 2020 prices, in the year 2035
-- watch: The world is `income_group = 'WLD'`: leave it out of sums. `gain` is a level against the path without a
--   convention, in that year alone.
select income_group, mean, p05, p50, p95, unit
from model.gdp_path
where scenario = 'op_ed_convention' and mechanisms = 'all' and year = 2035 and measure = 'gain'
order by mean desc;
