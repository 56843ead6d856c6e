-- question: How does the benefit grow with adoption?
-- unit: `avoided_share`, p05, p95 and `p_not_better` are fractions; `avoided_loss` and `net_benefit` are USD bn a
--   year, 2020 prices
-- watch: `adoption_metric` says what adoption is a share of: `states`, `gdp` or `attack_origin`. Founders enter first,
--   then the largest by that metric, so half of `attack_origin` is few states. `p_not_better` is about net benefit
--   here, about avoided loss in `headline`.
select adoption_metric, adoption_level, avoided_share, p05, p95, avoided_loss, net_benefit, p_not_better
from adoption_curve
where scenario = 'op_ed_convention' and mechanisms = 'all' and effect_set = 'default'
  and adoption_metric = 'attack_origin'
order by adoption_level;
