-- question: How many economies are members in which year?
-- unit: members: sum of probabilities of membership; `avoided_loss` is USD bn a year, 2020 prices
-- watch: Years 2021 to 2035 stand with `adoption_metric = 'scenario'`, where `adoption_level` is the share of states
--   that are members. The row of 2020 is no year but the headline: leave it out of a series.
select a.year, sum(p.p_member) as members, any_value(a.mean) as avoided_loss, any_value(a.unit) as unit
from model.counterfactual as a
join model.adoption_path as p using (scenario, year)
where a.scenario = 'op_ed_convention' and a.mechanisms = 'all' and a.effect_set = 'default' and a.iso3 = 'WLD'
  and a.adoption_metric = 'scenario' and a.measure = 'avoided_loss' and a.year between 2026 and 2035
group by a.year
order by a.year;
