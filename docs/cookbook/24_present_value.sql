-- question: Is it worth it over time, whatever the discount rate?
-- unit: USD bn, 2020 prices, present value of 2021 to 2035; `p_pays` is a fraction
-- watch: Costs are deducted and members join when the file says, so the early years hold little. Values are of 2020;
--   nothing is counted after 2035.
select discount, mean, p05, p50, p95, p_pays, unit
from model.net_present_value
where scenario = 'op_ed_convention' and mechanisms = 'all'
order by discount;
