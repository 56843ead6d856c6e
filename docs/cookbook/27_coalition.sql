-- question: How large a coalition holds together at which cost?
-- unit: `cost_share_of_gdp` and `share_gdp` are fractions of GDP; gain is USD bn a year, 2020 prices
-- watch: Stable: no member gains by leaving, no outsider by joining. Best responses start from nobody and from
--   everybody; where both arrive at one size, it does not hang on the start. Here an attacking state counts its own
--   gain. A penalty on outsiders is another column: filter it.
select cost_share_of_gdp, max(size) filter (start = 'empty') as size_from_nobody,
       max(size) filter (start = 'full') as size_from_everybody, max(share_gdp) as share_gdp, max(gain) as gain,
       bool_and(stable) as stable
from model.coalition
where players = 'economies' and penalty_share_of_gdp = 0
group by cost_share_of_gdp
order by cost_share_of_gdp;
