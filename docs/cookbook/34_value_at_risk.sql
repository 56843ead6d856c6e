-- question: What are the value at risk and the mean beyond it?
-- unit: USD bn, 2020 prices; level is a fraction
-- watch: `basis`: `probability_weighted` is over all years, `given_event` over single events. The mean above the 99 %
--   level hangs on the tail's shape and on the cap of a loss.
select source_id, measure, level, value, lower, upper, unit
from model.annual_loss
where scenario = 'status_quo' and basis = 'probability_weighted'
  and source_id = 'all' and measure in ('VaR', 'TVaR', 'mean')
order by measure, level;
