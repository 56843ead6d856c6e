-- question: How much of a survey's total can hang on one answer?
-- unit: `answer_usd` is USD; `added_usd_bn` and `total_usd_bn` are USD bn as printed, of 2020 for records;
--   `share_of_total` is a fraction
-- watch: A survey of n respondents raised to an economy multiplies one answer by the population over n. Shares from
--   fewer than 30 records are withheld.
select kind, "case", n, answer_usd, added_usd_bn, total_usd_bn, share_of_total, unit
from model.survey_leverage
order by kind, added_usd_bn desc;
