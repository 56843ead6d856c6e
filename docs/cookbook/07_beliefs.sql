-- question: What if law does less to attacks than the default belief says, or harm?
-- unit: USD bn a year, 2020 prices; `p_not_better` is a fraction
-- watch: `effect_set` is a belief about the evidence, `default` the one of the headline; the one named `null` holds
--   that law does nothing on average. World rows exist for every belief, economies for `default` alone.
select effect_set, mechanisms, mean, p05, p50, p95, p_not_better, unit
from model.counterfactual
where scenario = 'op_ed_convention' and measure = 'avoided_loss' and iso3 = 'WLD'
  and adoption_metric = 'scenario' and year = 2020 and mechanisms = 'all'
order by mean;
