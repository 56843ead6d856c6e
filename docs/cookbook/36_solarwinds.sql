-- question: What did SolarWinds cost, and what could it have cost?
-- unit: as the column unit says: USD bn, 2020 prices; published figures at their own prices
-- watch: `espionage` is what happened, `destructive` what the same access allowed; the months that are no round number
--   are how long detection took. Footprints are judgements (`kind`). Rows of `measure` `reported` and
--   `rejected_product` are what others say; the product of installations and a mean loss is no valid estimate.
select course, detection_months, measure, p05, p50, p95, kind, status, unit
from model.events
where event_id = 'solarwinds' and measure in ('loss', 'reported', 'rejected_product')
order by measure, course, detection_months desc, p50;
