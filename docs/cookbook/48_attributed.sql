-- question: How much of what trackers record has no known origin?
-- unit: incidents; shares are fractions
-- watch: An incident counts once for each economy it hit. Use one tracker a class, or incidents count twice: `all` is
--   the union of several. Class `state` is itself an attribution, so few of its incidents lack an origin.
with counted as (
    select tracker, threat_class, sum(incidents) as incidents,
           coalesce(sum(incidents) filter (origin_iso3 = 'UNK'), 0) as unattributed
    from core.incident_counts
    group by all
)
select tracker, threat_class, incidents, unattributed, wilson(unattributed, incidents).share as share_unattributed,
       wilson(unattributed, incidents).lower as lower, wilson(unattributed, incidents).upper as upper
from counted
order by threat_class, tracker;
