-- question: Which counts stand behind a share of the table of who attacks whom?
-- unit: incidents; share is a fraction of the target's attributed attacks, for UNK of all its attacks
-- watch: Shares are counts shrunk to the pooled shares of the class, so they differ from the ratio of the counts, most
--   where counts are few. `vintage` is the edition of the tracker.
select d.origin_iso3, d.target_iso3, d.threat_class, d.incidents, d.share, n.tracker, n.vintage, n.source
from core.dyads as d
join core.incident_counts as n using (origin_iso3, target_iso3, threat_class)
where d.target_iso3 = 'USA' and d.threat_class = 'state' and n.tracker = 'eurepoc'
order by d.share desc, d.origin_iso3
limit 6;
