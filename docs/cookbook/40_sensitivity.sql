-- part: How sure
-- question: Which uncertain input does the spread come from?
-- unit: fraction of variance
-- watch: `first` is what an input explains by itself, `total` with its interactions; totals add up to more than one.
--   With few draws the intervals are wide and a `first` below zero is error.
select s.prior_id, s.first, s.first_lower, s.first_upper, s.total, s.total_lower, s.total_upper, s.unit, p.kind
from model.sensitivity as s left join meta.priors as p using (prior_id)
where s.output = 'avoided_loss'
order by s.total desc, s.prior_id
limit 8;
