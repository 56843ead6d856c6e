-- question: In which share of all specifications is the benefit above zero?
-- unit: USD bn a year, 2020 prices; shares are fractions
-- watch: Every combination of the model's discrete choices, each counting once: a share of specifications is no
--   probability. The means are over draws within each.
select count(*) as specifications, avg((mean > 0)::int) as share_above_zero,
       avg((p05 > 0)::int) as share_with_p05_above_zero,
       quantile_cont(mean, 0.05) as mean_p05, median(mean) as mean_p50, quantile_cont(mean, 0.95) as mean_p95,
       any_value(mean) filter (is_default) as mean_default, any_value(unit) as unit
from model.specification;
