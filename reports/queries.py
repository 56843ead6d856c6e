"""Every question the report asks of the published database, by name, in SQL.

No number reaches the page but through here. Who asks, and what holds the answers, is in edition.py.
"""

FOCUS = "op_ed_convention"
"""The scenario the headline, the cards and the hero curve are about."""

MOST_FIRST = ("all", "no_standdown", "law")
"""Sets of mechanisms from the fullest to the barest; a scenario's headline is its fullest."""

# Indented as the queries it stands in, so that the page can print them.
_FULLEST = f"""(
            select scenario,
                   arg_min(mechanisms, coalesce(list_position({list(MOST_FIRST)}, mechanisms), 9)) as mechanisms
            from headline group by scenario)"""

QUERIES: dict[str, str] = {
    "runs": "from meta.runs order by created_at desc limit 1",
    "sources": "from meta.sources order by source_id",
    "claims": "from meta.claims",
    "priors": "from meta.priors order by kind, prior_id",
    "headline": "from headline",
    "economies": "select count(*) as economies from core.countries",
    # The registry: each estimate as a share of GDP of its own place and year, and that share at world GDP of 2020.
    "estimates": """
        with world as (
            select gdp_usd_bn_current as gdp from core.gdp where iso3 = 'WLD' and year = 2020
        ), printed as (
            select e.*, coalesce(e.central_usd_bn, sqrt(e.low_usd_bn * e.high_usd_bn)) as middle_usd_bn,
                   g.gdp_usd_bn_current as gdp_own
            from core.estimates e
            left join core.gdp g on g.iso3 = e.geography and g.year = e.reference_year
        )
        select p.* exclude (gdp_own), p.geography = 'WLD' as is_world,
               p.scope in ('crime_and_espionage', 'loss_and_defense', 'all_malicious', 'direct_and_systemic',
                           'business_attacks') as is_whole_cost,
               middle_usd_bn / gdp_own as share_of_gdp,
               low_usd_bn / gdp_own * world.gdp as low_2020,
               middle_usd_bn / gdp_own * world.gdp as middle_2020,
               high_usd_bn / gdp_own * world.gdp as high_2020
        from printed p, world
        order by published_year, reference_year, estimate_id
    """,
    "world_gdp": "select gdp_usd_bn_current as gdp_usd_bn from core.gdp where iso3 = 'WLD' and year = 2020",
    "pooled": "from model.pooled",
    "treaty_effects": "from core.treaty_effects order by year, effect_id",
    "contrasts": """
        select t.effect_id, t.study, t.year, t.side, c.members, c.effect_set, c.p05, c.p50, c.p95, c.found
        from model.implied_contrasts c join core.treaty_effects t using (effect_id)
        order by t.year, t.effect_id, c.effect_set
    """,
    "effect_sets": "from model.effect_sets",
    "effect_density": "from model.effect_density order by effect_set, coefficient, log_rate_ratio",
    # Levels of adoption: one year's effect, fully phased in, at the baseline of 2020.
    "levels": f"""
        select * from model.counterfactual
        where iso3 = 'WLD' and year = 2020 and scenario = '{FOCUS}' and effect_set = 'default'
          and adoption_metric = 'attack_origin' and measure in ('avoided_share', 'avoided_loss', 'net_benefit')
          and (scenario, mechanisms) in (select (scenario, mechanisms) from {_FULLEST})
        order by measure, adoption_level
    """,
    # The same for every scenario, effect set and order of joining: what the switches of Figure 1 show.
    "levels_all": f"""
        select * exclude (iso3, year) from model.counterfactual
        where iso3 = 'WLD' and year = 2020 and adoption_metric in ('attack_origin', 'gdp', 'states')
          and measure in ('avoided_share', 'net_benefit')
          and (scenario, mechanisms) in (select (scenario, mechanisms) from {_FULLEST})
        order by scenario, effect_set, adoption_metric, measure, adoption_level
    """,
    "baselines": """
        select baseline, mean as usd_bn from model.baseline where iso3 = 'WLD' and year = 2020 order by mean, baseline
    """,
    # The headline of each scenario with all that its text holds, and beside it the one without stand-down.
    "scenarios": f"""
        select * from model.counterfactual
        where iso3 = 'WLD' and year = 2020 and adoption_metric = 'scenario'
          and measure in ('avoided_share', 'avoided_loss', 'net_benefit', 'loss')
          and (scenario, mechanisms) in (select (scenario, mechanisms) from {_FULLEST})
        order by scenario, effect_set, measure
    """,
    "without_standdown": f"""
        select c.* from model.counterfactual as c join {_FULLEST} as f using (scenario)
        where iso3 = 'WLD' and year = 2020 and effect_set = 'default' and c.mechanisms = 'no_standdown'
          and f.mechanisms = 'all' and measure in ('avoided_share', 'avoided_loss', 'net_benefit')
          and (adoption_metric = 'scenario' or (adoption_metric = 'attack_origin' and scenario = '{FOCUS}'))
        order by scenario, adoption_metric, measure, adoption_level
    """,
    # The baseline of the run is the one with a path over the years; the others are levels of one year.
    "baseline": """
        select baseline, count(*) as years from model.baseline where iso3 = 'WLD'
        group by baseline order by years desc, baseline limit 1
    """,
    "horizon": "select max(year) as year from model.counterfactual where adoption_metric = 'scenario'",
    "unattributed": """
        select threat_class, sum(incidents) filter (where origin_iso3 = 'UNK') / sum(incidents) as share,
            sum(incidents) filter (where origin_iso3 not in ('UNK', target_iso3)) as placed
        from core.dyads group by threat_class order by threat_class
    """,
    # What each tracker counts, beside the mean of the prior on the class's share of the loss, which no tracker sets.
    "trackers": """
        with beta as (
            select prior_id, (arguments::json ->> 'a')::double as a, (arguments::json ->> 'b')::double as b
            from meta.priors where prior_id in ('state_share', 'other_share_of_rest')
        ), mean as (
            select max(a / (a + b)) filter (where prior_id = 'state_share') as state,
                   max(a / (a + b)) filter (where prior_id = 'other_share_of_rest') as of_rest from beta
        )
        select c.tracker, c.threat_class, sum(c.incidents) as incidents,
               coalesce(sum(c.incidents) filter (where c.origin_iso3 = 'UNK'), 0) / sum(c.incidents) as unattributed,
               any_value(c.vintage) as vintage,
               any_value(to_json(s) ->> 'basis') as basis,  -- null where an older edition has no such column
               any_value(case c.threat_class when 'state' then mean.state when 'other' then (1 - mean.state) * of_rest
                         else (1 - mean.state) * (1 - of_rest) end) as loss_share
        from core.incident_counts as c cross join mean
        left join meta.sources as s on s.source_id = case c.tracker when 'all' then 'eurepoc' else c.tracker end
        group by c.tracker, c.threat_class
        order by c.tracker = 'all', c.tracker, c.threat_class
    """,
    "membership": "select scenario, adoption_metric, share from model.membership_share",
    "blocs": "from model.blocs order by share_attack_origin, bloc",
    "variants": "from model.variants",
    "break_even": f"from model.break_even where scenario = '{FOCUS}'",
    "winners": f"""
        select scenario, sum(winners)::bigint as winners, sum(losers)::bigint as losers
        from model.winners where scenario = '{FOCUS}' group by scenario
    """,
    "winners_by_group": f"""
        select kind, name, sum(winners)::bigint as winners, sum(losers)::bigint as losers, sum(gain) as gain,
               sum(harm) as harm
        from (unpivot (select * from model.winners where scenario = '{FOCUS}')
              on region, income_group into name kind value name)
        group by kind, name order by kind = 'income_group', losers desc, name
    """,
    "ratifications": """
        select year(ratified_on)::int as year, count(*)::int as ratifications from core.treaty_status
        where treaty = 'CETS185' and ratified_on is not null group by year(ratified_on) order by year
    """,
}

SAMPLE = 144
"""Specifications that are drawn, one from each of as many runs of equal length in the order of their means."""

LATER: dict[str, str] = {
    # Tables that older editions lack, or that may be empty.
    # The mechanisms beyond law.
    "definition_coverage": """
        from model.definition_coverage order by definition, threat_class, counted
    """,
    "escalation": "from model.escalation order by belief, measure, regime",
    "escalation_fit": "from model.escalation_fit order by fit, coefficient",
    "accession_fit": "from model.accession_fit order by fit, term",
    "accession_calibration": "from model.accession_calibration order by fit, span",
    "accession_fan": f"from model.accession_fan where scenario = '{FOCUS}' order by year",
    "coalition": """
        from model.coalition order by penalty_share_of_gdp, cost_share_of_gdp, players, start
    """,
    "decomposition": "from model.decomposition order by scenario, channel",
    "without_mechanism": f"from model.without_mechanism where scenario = '{FOCUS}' order by off",
    "net_present_value": f"from model.net_present_value where scenario = '{FOCUS}' order by mechanisms, discount",
    "adoption_strength": f"""
        from model.adoption_strength where scenario = '{FOCUS}' order by mechanisms, adoption_level, strength
    """,
    # Each economy's own account, where a convention changes anything for it.
    "national": f"""
        select count(*) as economies, count(*) filter (where net < 0) as losers, max(net) as best, min(net) as worst,
               arg_max(name, net) as best_name, arg_min(name, net) as worst_name
        from model.national_welfare join core.countries using (iso3)
        where scenario = '{FOCUS}' and (avoided_loss <> 0 or cost <> 0 or yield_forgone <> 0)
    """,
    "welfare": f"from model.welfare where scenario = '{FOCUS}' order by standing",
    # Adoption by strength: every level in every metric, under every belief about the law and every set of mechanisms.
    "grid": f"""
        select adoption_metric, adoption_level, mechanisms, effect_set, measure, mean, p05, p50, p95, mcse, mcse_p50,
               p_not_better, draws
        from model.counterfactual
        where iso3 = 'WLD' and year = 2020 and scenario = '{FOCUS}' and adoption_metric <> 'scenario'
          and measure in ('avoided_share', 'avoided_loss', 'net_benefit')
        order by all
    """,
    "headline_chances": f"""
        select c.mechanisms, measure, p_not_better from model.counterfactual as c
        where iso3 = 'WLD' and year = 2020 and scenario = '{FOCUS}' and adoption_metric = 'scenario'
          and effect_set = 'default' and measure in ('avoided_loss', 'net_benefit')
        order by all
    """,
    "output_beside_loss": """
        select scenario, mechanisms, effect_set, max(mean) filter (where measure = 'avoided_loss') as avoided,
               max(mean) filter (where measure = 'avoided_gdp_loss') as output
        from model.counterfactual
        where iso3 = 'WLD' and year = 2020 and adoption_metric = 'scenario'
        group by all order by all
    """,
    # How likely, how robust, and what changed.
    "odds": f"""
        from model.avoidance_odds where scenario = '{FOCUS}' and adoption_metric = 'attack_origin'
        order by mechanisms, effect_set, adoption_level, threshold
    """,
    # In how many specifications what is said of the convention holds, by choice and option and in all (no choice).
    "specification_holds": """
        with judged as (
            select mean > 0 as lowers, net_benefit > 0 as pays, mean > without_standdown as stand_down,
                   without_standdown > law_alone as consequences, law_alone > 0 as law, choices::json as choices
            from model.specification
        ), chosen as (
            select choice, choices ->> choice as option, columns(* exclude (choice, choices))
            from (select *, unnest(json_keys(choices)) as choice from judged)
            union all select null, null, columns(* exclude (choices)) from judged
        ), counted as (
            select choice, option, count(*) as cases, columns(* exclude (choice, option))::int.sum()
            from chosen group by choice, option
        )
        select implication, choice, option, cases, held::bigint as held
        from (unpivot counted on columns(* exclude (choice, option, cases)) into name implication value held)
        order by implication, choice nulls first, option
    """,
    "changes": "from meta.changes",
    "timeline": "select milestone, \"on\" as day from core.event_timelines where event_id = 'solarwinds'",
    # From loss to GDP.
    "averaging": """
        from model.averaging where quantity = 'ratio' or (quantity = 'usd_bn' and weighting = 'by_approach')
    """,
    "averaging_weight": "from model.averaging_weight where weighting = 'by_approach' order by approach, weight desc",
    "ledgers": "from model.ledgers",
    "propagation": "from model.propagation order by method, region, industry",
    "gdp_path": f"""
        from model.gdp_path where scenario = '{FOCUS}' and (scenario, mechanisms) in
            (select (scenario, mechanisms) from {_FULLEST}) order by income_group, measure, year
    """,
    "output": f"""
        select * from model.counterfactual
        where iso3 = 'WLD' and year = 2020 and adoption_metric = 'scenario' and effect_set = 'default'
          and measure in ('loss', 'gdp_loss', 'avoided_gdp_loss', 'welfare_loss')
          and scenario in ('{FOCUS}', 'status_quo')
          and (scenario, mechanisms) in (select (scenario, mechanisms) from {_FULLEST})
        order by scenario, measure
    """,
    "bridge": """
        select e.estimate_id, e.published_year, e.reference_year, e.central_usd_bn as usd_bn,
               g.gdp_usd_bn_current as gdp_usd_bn, c.index as prices
        from core.estimates as e
        join core.gdp as g on g.iso3 = 'WLD' and g.year = e.reference_year
        join core.us_cpi as c on c.year = e.reference_year
        where e.estimate_id in ('csis_2018', 'csis_2020_loss', 'csis_2020_total')
        order by e.estimate_id
    """,
    # How sure: what the spread hangs on.
    "sensitivity": "from model.sensitivity order by output, total desc, prior_id",
    "specification_choice": "from model.specification_choice",
    "specification_all": """
        select count(*) as specifications, count(*) filter (where mean <= 0) as not_above_zero, min(mean) as lowest,
               max(mean) as highest, median(mean) as middle, any_value(unit) as unit
        from model.specification having count(*) > 0
    """,
    "specification_sample": f"""
        with ranked as (
            select *, row_number() over (order by mean, spec_id) - 1 as place, count(*) over () as total
            from model.specification
        ), binned as (
            select *, (place * least(total, {SAMPLE}) // total)::int as bin from ranked
        )
        select * exclude (choices), choices::varchar as choices, (place + 0.5) / total as position from binned
        qualify row_number() over (
            partition by bin
            order by is_default desc, abs((place + 0.5) / total - (bin + 0.5) / least(total, {SAMPLE})), place) = 1
        order by place
    """,
    "information": f"from model.information where scenario = '{FOCUS}' order by value desc, inputs",
    "backtest": "from model.backtest order by target, forecast, year",
    "backtest_score": "from model.backtest_score order by target desc, forecast = 'naive_trend', forecast",
    "survey_leverage": 'from model.survey_leverage order by share_of_total desc nulls last, "case"',
    # The tail.
    "exceedance": "from model.exceedance order by source_id, perspective, scenario, return_period",
    "caps": """
        select source_id, max(estimate) as cap from model.severity where coefficient = 'cap' and estimate is not null
        group by source_id order by source_id
    """,
    "severity_fit": """
        select source_id, family, coefficient, estimate, se, lower, upper, n, status from model.severity
        where amounts = 'observed' and family in ('lognormal', 'spliced') order by source_id, family, coefficient
    """,
    "mean_excess": "from model.mean_excess order by source_id, threshold",
    "severity_quantiles": "from model.severity_quantiles order by source_id, family, probability",
    "annual_loss": "from model.annual_loss order by source_id, scenario, measure, level, basis",
    "events": "from model.events order by event_id, course nulls last, detection_months, measure",
    # Year by year, with the members that have joined: the convention, law alone, and the same text at another pace.
    "years": f"""
        select scenario, year, adoption_level, mean, p025, p05, p10, p25, p50, p75, p90, p95, p975, p_not_better, mcse,
               draws
        from model.counterfactual
        where iso3 = 'WLD' and adoption_metric = 'scenario' and year > 2020 and effect_set = 'default'
          and measure = 'avoided_share' and scenario in ('{FOCUS}', 'op_ed_by_hazard', 'law_only')
          and (scenario, mechanisms) in (select (scenario, mechanisms) from {_FULLEST})
        order by scenario, year
    """,
    # Facts from incidents, and what was validated.
    "incidents_per_quarter": "from core.incidents_per_quarter order by tracker, threat_class, quarter",
    "incident_types": "from core.incident_types order by tracker, actor, incident_type",
    "recording_changes": "from core.recording_changes order by since, change_id",
    "complaints": "select year, complaints from core.ic3_totals order by year",
    "all_events": "from model.all_events order by source_id, year",
    "group_loss": f"""
        with economies as (
            select c.income_group, c.region, g.gdp_usd_bn_current as gdp from core.countries as c
            left join core.gdp as g on g.iso3 = c.iso3 and g.year = 2020
        ), sums as (
            select 'world' as grouping, 'WLD' as name, sum(gdp) as gdp_usd_bn from economies
            union all select 'income_group', income_group, sum(gdp) from economies group by income_group
            union all select 'region', region, sum(gdp) from economies group by region
        )
        select l.*, s.gdp_usd_bn from model.group_loss as l left join sums as s using (grouping, name)
        where l.scenario = '{FOCUS}' order by l.grouping, l.name, l.measure
    """,
    "source_checks": """
        select s.source_id, s.vintage, s.rows_in, s.rows_kept, s.rows_rejected, s.rows_merged,
               s.source_id in (select source_id from meta.source_tables where vintage is not null) as staged
        from meta.sources as s order by s.source_id
    """,
    "broken_rules": """
        select source_id, table_name, column_name, rule, count(distinct row_number) as rows from meta.rejects
        group by all order by source_id, table_name, rows desc, rule, column_name
    """,
}


def asked(name: str, focus: str = FOCUS) -> str:
    """The query of a name, about the scenario in focus."""
    return (QUERIES | LATER)[name].replace(f"'{FOCUS}'", f"'{focus}'")
