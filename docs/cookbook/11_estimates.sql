-- question: What have others estimated, as a share of GDP?
-- unit: USD bn at prices of the reference year; `share_of_gdp` is a fraction of the GDP of the same place and year
-- watch: Dollars of different years and places do not compare, shares of GDP do. One row a publisher is in the fit;
--   where `used` is false, `reason` says why. `share_of_gdp` takes the geometric mean of the ends where no center is
--   printed.
select estimate_id, geography, reference_year, scope, interest, low_usd_bn, central_usd_bn, high_usd_bn, share_of_gdp
from estimates
where used
order by share_of_gdp desc;
