-- part: Who gains, who pays
-- question: Who gains and who loses, by region?
-- unit: USD bn a year, 2020 prices
-- watch: Means by economy: `gain` sums the falls, `harm` the rises. An economy that gains on average may lose in many
--   draws, and these are losses avoided at home, before costs.
select region, sum(winners) as winners, sum(losers) as losers, sum(gain) as gain, sum(harm) as harm,
       any_value(unit) as unit
from model.winners
where scenario = 'op_ed_convention'
group by region
order by gain desc;
