-- part: Bad years and large events
-- question: What does a year cost that comes once in a century?
-- unit: USD bn, 2020 prices; quantiles 0.05 and 0.95
-- watch: AEP is a whole year, OEP its largest event; do not add them. Losses on record only, so the level is far below
--   the baseline of the headline. `beyond_data`: nothing so large is on record and the fit alone says so.
select perspective, return_period, status_quo, status_quo_lower, status_quo_upper,
       avoided, avoided_lower, avoided_upper, beyond_data, unit
from exceedance(scenario := 'op_ed_convention')
where return_period in (10, 50, 100, 200)
order by perspective, return_period;
