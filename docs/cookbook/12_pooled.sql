-- question: What do the estimates say together?
-- unit: USD bn a year, 2020 prices at world GDP of 2020; i2 and `percentile_of_1tn` are fractions
-- watch: `usd_bn_low` to `usd_bn_high` is the 90 % interval of the pooled median; where a further study would fall is
--   `predictive_usd_bn_p05` to `predictive_usd_bn_p95`, far wider. With so few studies every row is a fit on few
--   points.
select specification, n, usd_bn_low, usd_bn_p50, usd_bn_high, predictive_usd_bn_p05, predictive_usd_bn_p95,
       i2, percentile_of_1tn
from model.pooled
order by specification not in ('all', 'world_rows', 'without_vendors'), specification
limit 12;
