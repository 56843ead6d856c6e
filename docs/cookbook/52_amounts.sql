-- question: What amounts of money are on record, and how many were converted by us?
-- unit: USD mn, 2020 prices; amounts of years without a price index are left out of the sums
-- watch: Filled after `make refresh`. Amounts are what was disclosed and no sample. `observed` is false where another
--   currency or coins were priced by us. Sources record crimes of different kinds and may overlap: do not sum over
--   them.
-- needs: vintages
select source_id, ledger, observed, sum(amounts) as amounts, min(year) as first_year, max(year) as last_year,
       sum(loss_usd_2020) / 1e6 as loss_usd_mn_2020, max(largest_usd_2020) / 1e6 as largest_usd_mn_2020
from losses
group by all
order by loss_usd_mn_2020 desc;
