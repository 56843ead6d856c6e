-- question: What must be true for the convention to pay for itself?
-- unit: as the column unit says; an effect is a log rate ratio
-- watch: `value` null is an answer: nowhere in the range searched. An adoption of 0 says that it pays from the first
--   member on; an effect above 0 that the rest pays even if law raised attacks by so much. `criterion` says whether
--   the mean or the median is zero there; the interval is over the scrambles of the draws.
select quantity, criterion, value, lower, upper, unit
from model.break_even
where scenario = 'op_ed_convention'
order by quantity, criterion;
