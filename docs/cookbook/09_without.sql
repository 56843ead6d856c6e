-- question: What is left if one mechanism fails?
-- unit: USD bn a year, 2020 prices; `p_not_better` is a fraction
-- watch: One mechanism off, the others on, on the same draws. `none` is the headline.
select off, mean, p05, p50, p95, p_not_better, unit
from model.without_mechanism
where scenario = 'op_ed_convention'
order by mean desc;
