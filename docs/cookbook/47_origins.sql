-- part: From a figure to its record
-- question: What share of the attacks on an economy comes from one origin, and how sure is a count of that?
-- unit: incidents; share, lower and upper are fractions of the attacks with an origin
-- watch: Incidents that trackers know and somebody attributed: 95 % Wilson interval of a count, no statement on
--   attacks nobody saw. Counts are fractional where several origins are named; `UNK`, the unattributed, is left out of
--   the trials.
with counted as (
    select origin_iso3, incidents, sum(incidents) over () as attributed
    from core.incident_counts
    where target_iso3 = 'USA' and threat_class = 'state' and tracker = 'eurepoc' and origin_iso3 <> 'UNK'
)
select origin_iso3, incidents, attributed, wilson(incidents, attributed).share as share,
       wilson(incidents, attributed).lower as lower, wilson(incidents, attributed).upper as upper
from counted
order by incidents desc, origin_iso3
limit 5;
