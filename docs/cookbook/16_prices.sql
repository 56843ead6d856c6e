-- question: Is the loss up by half since 2018 once prices are taken out?
-- unit: USD bn, prices of the year named; growth is a fraction
-- watch: `deflate(amount, from_year, to_year := 2020)` uses US consumer prices. The answer turns on the year that the
--   figure of the report of 2018 is in dollars of, which it does not say; read as dollars of 2020 it is the nominal
--   growth.
select price_year, old.central_usd_bn as printed_usd_bn,
       deflate(old.central_usd_bn, price_year) as old_usd_bn_2020_prices,
       new.central_usd_bn / deflate(old.central_usd_bn, price_year) - 1 as growth
from core.estimates as old, core.estimates as new, (values (2017), (2018), (2020)) as years(price_year)
where old.estimate_id = 'csis_2018' and new.estimate_id = 'csis_2020_loss'
order by price_year;
