-- question: How many incidents began in which year?
-- unit: counts of incidents
-- watch: Filled after `make refresh`. Trackers began in different years and disclosure grew, so a rise is not one of
--   attacks. An incident counts once, however many trackers have it.
-- needs: vintages
select year(start_date) as year, count(*) as incidents, count(*) filter (threat_class = 'state') as state,
       count(*) filter (threat_class = 'criminal') as criminal,
       count(*) filter (initiators is null) as without_initiator,
       sum(records) as records
from incidents
where date_precision <> 'unknown'
group by 1
order by 1 desc
limit 10;
