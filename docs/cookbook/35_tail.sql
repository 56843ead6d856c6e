-- question: How heavy is the tail of recorded losses?
-- unit: xi is the shape of the generalized Pareto, without a unit
-- watch: From 1 on the mean is infinite without a cap. `n` counts the amounts above the threshold. Sources record
--   crimes of their own kind and are never pooled; under 30 amounts nothing is estimated and `status` says so.
select source_id, family, estimate, lower, upper, n, status, unit
from model.severity
where coefficient = 'xi' and family = 'pareto' and amounts = 'observed'
order by source_id;
