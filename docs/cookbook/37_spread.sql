-- question: How far does a stoppage spread through supply chains?
-- unit: total over direct loss of value added
-- watch: By accounting identity two methods give 1; a multiplier above 1 is a statement about what cannot be replaced.
--   No row is in the headline.
select method, region, industry, multiplier, lower, upper, n, unit
from model.propagation
where region = 'WLD'
order by multiplier, method;
