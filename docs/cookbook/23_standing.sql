-- question: Whose welfare counts?
-- unit: USD bn a year, 2020 prices; `p_not_better` is a fraction
-- watch: `victims` is the headline. `transfers_cancel` sets a criminal's gain against what was paid, `with_states`
--   adds what attacking states gain, `authors` are those states alone.
select standing, mean, p05, p50, p95, p_not_better, unit
from model.welfare
where scenario = 'op_ed_convention'
order by mean desc;
