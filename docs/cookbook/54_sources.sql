-- question: Which part of the sources may be passed on?
-- unit: counts of sources and of rows
-- watch: `basis`: records of a vintage on this machine, reference for figures that ship with the project, none where
--   nothing of it is used in numbers. `not confirmed` means: ask before passing it on.
select basis, redistributable, count(*) as sources, sum(rows_in) as rows_in, sum(rows_rejected) as rows_rejected
from meta.sources
group by all
order by basis, redistributable;
