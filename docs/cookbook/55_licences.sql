-- question: May I reprint the figures behind the pooled estimate?
-- unit: no numbers
-- watch: `redistributable` is about the source's data; a single figure with its citation is another matter. `not
--   stated` is no permission. `citation`, in the table, is what to quote.
select e.estimate_id, s.source_id, s.title, s.licence, s.redistributable, s.url
from core.estimates as e join meta.sources as s on s.source_id = e.source
where e.used
order by e.estimate_id;
