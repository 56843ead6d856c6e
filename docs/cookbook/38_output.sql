-- part: Growth
-- question: How much higher is GDP in 2035, and how much of it is growth?
-- unit: as the column unit says: USD bn, 2020 prices, or fractions; 0.0001 is 0.01 %
-- watch: `gain` is a level in that year, `growth_difference` a fraction a year since 2020. Do not add the gain of GDP
--   to the avoided loss: it is the part of it that lowers GDP, and what capital makes of that.
select measure, p05, p50, p95, mean, unit
from model.gdp_path
where scenario = 'op_ed_convention' and mechanisms = 'all' and income_group = 'WLD' and year = 2035
  and measure in ('gdp_without', 'gain', 'gain_from_capital', 'gain_share', 'gain_share_long_run', 'growth_difference')
order by measure;
