-- part: The loss
-- question: Do the op-ed's three claims hold?
-- unit: as the column unit says: USD bn, or a fraction; 1 % is 0.01
-- watch: A claim has many defensible readings; `principal` marks those that take the op-ed's source at its word. The
--   verdict is over all readings of the claim: drop the filter to see them. `holds` compares unrounded numbers.
select claim, reading, value, threshold, holds, verdict, unit
from meta.claims
where principal
order by claim, value;
