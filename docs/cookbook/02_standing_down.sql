-- question: How much of it needs states to stand down?
-- unit: USD bn a year, 2020 prices; `p_not_better` is a fraction
-- watch: Every convention with that clause has two rows, `all` and `no_standdown`, on the same draws. A difference of
--   their quantiles is no quantile of their difference, so take the difference of the means.
select mechanisms, avoided_loss, p05, p50, p95, p_not_better, unit,
       avoided_loss - min(avoided_loss) over (partition by scenario) as more_than_without
from headline
where scenario = 'op_ed_convention'
order by mechanisms;
