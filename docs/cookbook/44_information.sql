-- question: What would it be worth to know an input before deciding?
-- unit: USD bn a year, 2020 prices; `p_changed` is a fraction
-- watch: Expected gain from deciding with the input known, net of costs; single inputs within two standard errors of
--   nothing are left out. An input can move the result widely and be worth nothing, where it never changes the
--   decision. `perfect` bounds the others.
select information, inputs, decision, value, se, p_changed, unit
from model.information
where scenario = 'op_ed_convention' and (information <> 'partial' or value > 2 * se)
order by value desc, inputs
limit 10;
