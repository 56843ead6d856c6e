-- question: How many states are bound by which treaty, and with which reservations?
-- unit: counts of economies
-- watch: `in_force_on` is null where a state signed and the treaty is not in force for it. `ratified_on` is the last
--   possible day, `ratified_from` the first, equal where the day is known. `verified` is true where the row was read
--   in the source.
select treaty, count(*) as signed_or_acceded, count(in_force_on) as in_force,
       count(*) filter (reservation) as with_reservation,
       count(*) filter (reservation_on_cooperation) as on_cooperation, count(*) filter (verified) as verified
from core.treaty_status
group by treaty
order by in_force desc;
