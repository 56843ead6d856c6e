-- question: Which inputs are judgements of ours?
-- unit: counts of inputs; weight is a sum of total indices, a fraction of variance
-- watch: `kind` is estimated, published or judgement; `verified` is true where the source was read for it. `weight`
--   sums total indices, which count interactions more than once, so it orders the kinds and does not add to one.
select p.kind, count(*) as inputs, count(*) filter (p.verified) as verified, sum(s.total) as weight,
       arg_max(p.prior_id, s.total) as heaviest
from meta.priors as p
left join model.sensitivity as s on s.prior_id = p.prior_id and s.output = 'avoided_loss'
group by p.kind
order by inputs desc;
