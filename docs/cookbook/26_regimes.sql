-- part: States
-- question: Are agreed consequences better than each state answering for itself?
-- unit: as the column unit says: USD bn a year, 2020 prices, or attacks set off by one attack
-- watch: `agreed_minus_unilateral` is the paired difference, so its quantiles are those of the difference; a negative
--   cost is a saving. `belief` is about retaliation: `little_reciprocity` is the default, `op_ed` what the op-ed
--   expects.
select belief, measure, mean, p05, p50, p95, p_agreed_better, unit
from model.escalation
where regime = 'agreed_minus_unilateral'
  and measure in ('state_loss', 'sanction_cost', 'wrongful_cost', 'net_cost', 'retaliation')
order by belief, measure;
