-- part: The answer
-- question: What would the op-ed's convention avoid in a year, and how sure is that?
-- unit: USD bn a year, 2020 prices; `avoided_share` and `p_not_better` are fractions
-- watch: The convention's membership of 2035, fully phased in, at the 2020 baseline. The interval is `p05` to `p95`
--   over the paired draws; `mcse` is the Monte Carlo error of the mean alone and says nothing about the inputs.
--   `p_not_better` is the probability that nothing is avoided.
from headline
where scenario = 'op_ed_convention';
