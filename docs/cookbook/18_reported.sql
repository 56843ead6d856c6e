-- question: What have victims reported to the FBI, at constant prices?
-- unit: USD bn, current and 2020 prices
-- watch: Complaints to IC3: what was reported, a lower bound and no estimate of the loss. The 2020-price column is
--   empty where the price index of the year is incomplete.
select year, complaints, loss_usd / 1e9 as loss_usd_bn_current,
       deflate(loss_usd / 1e9, year) as loss_usd_bn_2020, verified
from core.ic3_totals
where year >= 2015
order by year desc
limit 12;
