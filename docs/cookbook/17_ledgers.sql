-- question: How much of the loss is a transfer, and how much lowers GDP?
-- unit: USD bn a year, 2020 prices; share is a fraction of the class
-- watch: What a thief takes is a loss to the victim and none to GDP. The shares by ledger are judgements of ours
--   (`kind` in `meta.priors`). `all` sums the classes: do not add it to them.
select threat_class, ledger, share, mean, p05, p95, gdp_mean, unit
from model.ledgers
where threat_class = 'all'
order by mean desc;
