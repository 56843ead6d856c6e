-- question: Do figures counted from below and from above meet?
-- unit: USD bn of 2020, or a ratio; `p_below_1tn` and `p_value` are fractions
-- watch: Whole distributions are averaged, so disagreement widens the result. The last row is the ratio of the two
--   ways; it is 1 where they meet. How a figure was made is a judgement of ours, as are the weights in
--   `model.averaging_weight`.
select selection, weighting, quantity, n, p05, p50, p95, p_below_1tn, p_value, unit
from model.averaging
where selection in ('all', 'bottom_up', 'top_down')
  and (quantity = 'ratio' or (quantity = 'usd_bn' and weighting = 'by_approach'))
order by quantity desc, selection;
