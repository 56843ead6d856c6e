-- question: Which run, draws and inputs made these numbers?
-- unit: draws is a count; `created_on` is a day in UTC
-- watch: `inputs_sha256` and `priors_sha256` change with the files. Quote `edition` and `run_id` with a number;
--   `cyberaccord replay EDITION` computes it again.
select edition, run_id, created_at::date as created_on, as_of, draws, seed, left(git_commit, 12) as git_commit,
       left(inputs_sha256, 12) as inputs_sha256_starts, left(priors_sha256, 12) as priors_sha256_starts
from meta.runs;
