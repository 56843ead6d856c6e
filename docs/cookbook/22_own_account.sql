-- question: For which economies does it cost more than it avoids?
-- unit: USD bn a year, 2020 prices
-- watch: An economy's own account: what it avoids at home, less enforcement and consequences, less what its own
--   attacks on others no longer yield. The last is a judgement about what states gain; it makes the account of an
--   attacker, not of the world.
select c.name, w.avoided_loss, w.cost, w.yield_forgone, w.net, w.unit
from model.national_welfare as w join core.countries as c using (iso3)
where w.scenario = 'op_ed_convention'
order by w.net
limit 8;
