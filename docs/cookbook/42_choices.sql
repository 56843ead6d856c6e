-- question: Which modeling choice moves the result most?
-- unit: USD bn a year, 2020 prices; total is a fraction of the variance of the means
-- watch: `alone` changes one choice and leaves the others at their defaults; `mean` averages over all combinations
--   with the option.
select choice, option, is_default, alone, mean, lower, upper, total, unit
from model.specification_choice
where choice in ('effect_set', 'definition')
order by total desc, mean desc, option;
