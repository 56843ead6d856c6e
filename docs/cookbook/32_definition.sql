-- question: What does each definition of a cyberattack cover?
-- unit: share, lower and upper are fractions
-- watch: Counted by incidents here; weighted by intensity or by loss the shares differ, so filter `counted`. `role` is
--   what the text says of a class. A covered share of incidents is no covered share of loss.
select definition, threat_class, role, n, share, lower, upper, basis
from model.definition_coverage
where counted = 'incidents' and definition in ('broad', 'red_lines', 'criminal', 'state_conduct')
order by definition, threat_class;
