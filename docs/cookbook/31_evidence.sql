-- question: What have studies found on treaties and enforcement?
-- unit: log rate ratio: -0.1 is about 10 % fewer; low and high as printed
-- watch: Signs go both ways. `se_assumed` marks a spread that the study does not print; `transport`, in the table,
--   says why a finding may not carry over. Rows without a number are findings in words, left out here.
select study, side, n, n_unit, log_rate_ratio, low, high, se_assumed, verified
from core.treaty_effects
where log_rate_ratio is not null
order by log_rate_ratio
limit 12;
