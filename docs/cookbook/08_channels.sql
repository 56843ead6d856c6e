-- question: Through which channels does it work?
-- unit: USD bn a year, 2020 prices
-- watch: Shapley shares over every combination of channels on and off: they add up to the headline in every draw. A
--   share is not what is lost when one channel goes; that is the next question.
select channel, value, lower, upper, unit
from model.decomposition
where scenario = 'op_ed_convention'
order by channel = 'total', value desc;
