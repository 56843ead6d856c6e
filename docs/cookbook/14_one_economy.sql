-- question: What does one economy lose under each baseline?
-- unit: USD bn a year, 2020 prices; `share_of_gdp` is a fraction
-- watch: The world's loss is split by regional rates and internet users, so an economy's figure is an allocation and
--   no estimate of its own. `csis_2020_loss` is the default baseline; the interval is over the split, not over the
--   world's total.
select b.baseline, c.name, b.mean, b.p05, b.p95, b.share_of_gdp, b.unit
from model.baseline as b join core.countries as c using (iso3)
where b.iso3 = 'DEU' and b.year = 2020
order by b.mean desc;
