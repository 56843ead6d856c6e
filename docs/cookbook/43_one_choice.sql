-- question: How does the headline move under one other choice?
-- unit: USD bn a year, 2020 prices; `avoided_share` and `p_not_better` are fractions
-- watch: The same draws throughout, so differences are not noise. A variant is no scenario: the text and the members
--   stay.
select variant, mean, p05, p50, p95, avoided_share, p_not_better, unit
from model.variants
where variant in ('default', 'compliance_full', 'no_displacement', 'full_displacement', 'no_restraint',
                  'full_restraint', 'budapest_weak', 'escalation_op_ed', 'definition_red_lines',
                  'definition_criminal')
order by mean desc;
