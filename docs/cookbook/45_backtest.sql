-- question: How would such forecasts have done?
-- unit: coverage and skill are fractions; crps is in log points, less is better
-- watch: Forecasts with nothing newer than `frozen_at`. `skill` compares with the naive trend: below zero is worse
--   than it. `years` counts outcomes, and there are few.
select target, forecast, frozen_at, years, coverage_50, coverage_90, crps, crps_naive, skill, verdict
from model.backtest_score
order by target, crps, forecast;
