-- question: Would states join as fast as the scenario assumes?
-- unit: members: number of states; `p_in_force` is a fraction
-- watch: `assumed` is the scenario's file, the quantiles simulate accession as states joined the Budapest Convention.
--   Where `assumed` lies above `p95` the file is optimistic by that record.
select scenario, year, assumed, p05, p50, p95, p_in_force, unit
from model.accession_fan
where scenario = 'op_ed_convention' and year in (2027, 2028, 2030, 2031, 2034, 2035)
order by year;
