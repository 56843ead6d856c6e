-- question: What does it avoid as a share of GDP, by income group?
-- unit: USD bn a year, 2020 prices; percent of GDP
-- watch: Sum means over economies, never quantiles; economies have quantiles in this row and at full adoption alone.
--   Economies without a GDP of 2020 drop out with the join.
select c.income_group, count(*) as economies, sum(a.mean) as avoided_loss, any_value(a.unit) as unit,
       100 * sum(a.mean) / sum(g.gdp_usd_bn_2020) as avoided_pct_of_gdp
from model.counterfactual as a
join core.countries as c using (iso3)
join core.gdp as g on g.iso3 = a.iso3 and g.year = a.year
where a.scenario = 'op_ed_convention' and a.mechanisms = 'all' and a.effect_set = 'default'
  and a.adoption_metric = 'scenario' and a.year = 2020 and a.measure = 'avoided_loss'
group by c.income_group
order by avoided_pct_of_gdp desc;
