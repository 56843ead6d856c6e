-- question: Which rows of the source stand behind that share?
-- unit: weight is a fraction of an incident; `row_number` is a line of the file
-- watch: Filled after `make refresh`. The weights of all rows, without the limit, add up to the incidents of the
--   question before: an incident is split over the origins that this tracker names. `row_number` is the line of the
--   publisher's file under `store/vintages` at which the record begins; the hash of the files is in `meta.sources`.
-- needs: vintages
with named as (
    select incident_id, 1 / count(*) as weight
    from core.incident_parties
    where role = 'initiator' and list_contains(sources, 'eurepoc')
    group by incident_id
    having bool_or(iso3 = 'RUS')
)
select r.source_id, r.vintage, r.row_number, r.record_id, n.weight, left(s.sha256, 12) as sha256_starts
from named as n
join core.incident_parties as t using (incident_id)
join core.incident_records as r using (incident_id)
join meta.sources as s on s.source_id = r.source_id
where t.role = 'target' and t.iso3 = 'USA' and list_contains(t.sources, 'eurepoc')
  and r.source_id = 'eurepoc' and r.threat_class = 'state'
order by r.row_number
limit 10;
