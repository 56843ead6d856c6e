-- question: What does a convention of everybody avoid beyond the op-ed's?
-- unit: as the column unit says: USD bn a year, 2020 prices, or fractions
-- watch: `compare(one, other)` reads both on the same draws, so the Monte Carlo error that they share cancels in
--   `difference`. It is a difference of means; `one_p05` less `other_p05` is not an end of its interval.
-- needs: universal
from compare('universal', 'op_ed_convention');
