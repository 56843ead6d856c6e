-- question: What share of GDP is an amount?
-- unit: percent of GDP; amounts are USD bn at 2020 prices
-- watch: `as_pct_of_gdp` takes USD bn at 2020 prices and gives percent, where columns named `share` are fractions.
--   Without more arguments it is the world in 2020; `economy` and `in_year` change that. Deflate first what is in
--   dollars of another year.
select as_pct_of_gdp(945) as loss_of_csis_2020_pct,
       as_pct_of_gdp(1000) as one_trillion_pct,
       as_pct_of_gdp(53.4, economy := 'DEU') as germany_53_bn_pct,
       as_pct_of_gdp(1000, in_year := 2015) as one_trillion_of_gdp_2015_pct;
