-- question: Which convention avoids most, with everything in its text?
-- unit: USD bn a year, 2020 prices; `avoided_share` and `p_not_better` are fractions
-- watch: Filter one row a convention, or each counts up to twice: `law` stands alone only where the text holds nothing
--   else. What is avoided is before costs; `net_benefit` is in `compare()`.
select scenario, mechanisms, avoided_loss, p05, p95, avoided_share, p_not_better, unit
from headline
where mechanisms <> 'no_standdown'
order by avoided_loss desc;
