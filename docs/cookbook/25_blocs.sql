-- question: Which existing bloc would achieve most with the same text?
-- unit: as the column unit says: USD bn a year, 2020 prices; shares are fractions
-- watch: The text of the op-ed with exactly the members of a bloc. Large origins of attacks count for more than many
--   members; whether they would join is another matter.
select bloc, members, share_gdp, share_attack_origin, mean, p05, p95, p_not_better, unit
from model.blocs
where measure = 'avoided_loss'
order by mean desc
limit 12;
