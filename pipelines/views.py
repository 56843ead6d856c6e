"""What people ask first, as views and macros of the published database, each described where it is defined.

Tables are described in schemas/. Queries of the report are the report's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.schemas.tables import COUNT, LABEL, MONEY, OWN, SHARE


@dataclass(frozen=True)
class View:
    """A view in schema main: its sentence, its SQL, and unit and description of every column in order."""

    name: str
    comment: str
    sql: str
    columns: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Macro:
    """A macro in schema main: its sentence and its definition, a scalar unless `is_table`."""

    name: str
    comment: str
    definition: str
    is_table: bool = False


_SCENARIO = (LABEL, "name of the convention, its file in data/scenarios")
_MECHANISMS = (LABEL, "what acts: law (criminal law alone), no_standdown, all")
_NOT_BETTER = (SHARE, "probability of avoiding nothing or less; null where there are no members")
_Q = {name: (OWN, f"quantile {level} over the draws") for name, level in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95))}
_COMPLETE = (
    "(mechanisms <> 'law' or scenario not in (select scenario from model.counterfactual where mechanisms <> 'law'))"
)

VIEWS = [
    View(
        "headline",
        "What each convention avoids in a year: the membership of 2035, fully phased in, at the 2020 baseline, default "
        "effect set, with everything in its text and without stand-down; USD bn at 2020 prices. Source: "
        "model.counterfactual",
        f"""
        select a.scenario, a.mechanisms, a.mean as avoided_loss, a.p05, a.p50, a.p95, s.mean as avoided_share,
               a.p_not_better, a.mcse, a.unit
        from model.counterfactual as a
        join model.counterfactual as s
          using (scenario, mechanisms, effect_set, adoption_metric, adoption_level, iso3, year)
        where a.measure = 'avoided_loss' and s.measure = 'avoided_share' and effect_set = 'default'
          and adoption_metric = 'scenario' and year = 2020 and iso3 = 'WLD' and {_COMPLETE}
        order by avoided_loss desc, a.scenario
        """,
        {
            "scenario": _SCENARIO,
            "mechanisms": _MECHANISMS,
            "avoided_loss": (MONEY, "mean loss avoided in a year, world"),
            **{name: (MONEY, f"avoided loss, {words}") for name, (_, words) in _Q.items()},
            "avoided_share": (SHARE, "mean avoided share of the status-quo loss"),
            "p_not_better": _NOT_BETTER,
            "mcse": (MONEY, "Monte Carlo standard error of avoided_loss"),
            "unit": (LABEL, "unit of avoided_loss and its quantiles"),
        },
    ),
    View(
        "adoption_curve",
        "What is avoided as adoption grows, world, fully phased in at the 2020 baseline: share of the status-quo loss "
        "and USD bn at 2020 prices. Source: model.counterfactual",
        """
        select s.scenario, s.mechanisms, s.effect_set, s.adoption_metric, s.adoption_level, s.mean as avoided_share,
               s.p05, s.p50, s.p95, a.mean as avoided_loss, n.mean as net_benefit, n.p_not_better
        from model.counterfactual as s
        join model.counterfactual as a
          using (scenario, mechanisms, effect_set, adoption_metric, adoption_level, iso3, year)
        join model.counterfactual as n
          using (scenario, mechanisms, effect_set, adoption_metric, adoption_level, iso3, year)
        where s.measure = 'avoided_share' and a.measure = 'avoided_loss' and n.measure = 'net_benefit'
          and adoption_metric <> 'scenario' and iso3 = 'WLD'
        order by s.scenario, s.mechanisms, s.effect_set, s.adoption_metric, s.adoption_level
        """,
        {
            "scenario": _SCENARIO,
            "mechanisms": _MECHANISMS,
            "effect_set": (LABEL, "belief about the effect of law on attacks"),
            "adoption_metric": (LABEL, "what adoption is a share of: states, gdp or attack_origin"),
            "adoption_level": (SHARE, "adoption as a share of the metric"),
            "avoided_share": (SHARE, "mean avoided share of the status-quo loss"),
            **{name: (SHARE, f"avoided share, {words}") for name, (_, words) in _Q.items()},
            "avoided_loss": (MONEY, "mean loss avoided in a year"),
            "net_benefit": (MONEY, "mean avoided loss less the cost of enforcement"),
            "p_not_better": (SHARE, "probability that net benefit is not above 0; null without members"),
        },
    ),
    View(
        "estimates",
        "The published estimates of the cost of cybercrime, each with its share of the GDP of its own place and year, "
        "used or left out with the reason. Source: core.estimates, core.gdp",
        """
        select e.estimate_id, e.publisher, e.published_year, e.reference_year, e.geography, e.scope, e.interest,
               e.low_usd_bn, e.central_usd_bn, e.high_usd_bn,
               coalesce(e.central_usd_bn, sqrt(e.low_usd_bn * e.high_usd_bn)) / g.gdp_usd_bn_current as share_of_gdp,
               e.used, e.reason, e.source, e.verified
        from core.estimates as e
        left join core.gdp as g on g.iso3 = e.geography and g.year = e.reference_year
        order by e.published_year, e.estimate_id
        """,
        {
            "estimate_id": (LABEL, "key of the estimate"),
            "publisher": (LABEL, "who published it"),
            "published_year": ("year", "year of publication"),
            "reference_year": ("year", "year the estimate is about"),
            "geography": ("ISO 3166-1 alpha-3", "what it covers; WLD is the world"),
            "scope": (LABEL, "what is counted as a cost"),
            "interest": (LABEL, "who paid: vendor, government, academic or other"),
            "low_usd_bn": ("USD bn, reference year", "low end as printed"),
            "central_usd_bn": ("USD bn, reference year", "center as printed"),
            "high_usd_bn": ("USD bn, reference year", "high end as printed"),
            "share_of_gdp": (SHARE, "center, or the geometric mean of the ends, over GDP of the same place and year"),
            "used": ("true or false", "whether it is in the pooled fit"),
            "reason": (LABEL, "why it is or is not"),
            "source": (LABEL, "key of the source"),
            "verified": ("true or false", "whether the source was read and says so"),
        },
    ),
    View(
        "incidents",
        "Cyber incidents of the public trackers, each once, with who did it and who was hit; empty until make refresh. "
        "Source: core.incidents, core.incident_parties",
        """
        with sides as (
            select incident_id, list(iso3 order by iso3) filter (where role = 'initiator') as initiators,
                   list(iso3 order by iso3) filter (where role = 'target') as targets
            from core.incident_parties group by incident_id
        ), behind as (
            select incident_id, count(*) as records from core.incident_records group by incident_id
        )
        select i.incident_id, i.title, i.start_date, i.date_precision, i.threat_class, i.incident_type, i.intensity,
               s.initiators, s.targets, i.sources, b.records
        from core.incidents as i left join sides as s using (incident_id) join behind as b using (incident_id)
        order by i.start_date, i.incident_id
        """,
        {
            "incident_id": (LABEL, "id; its rows are in core.incident_records"),
            "title": (LABEL, "name that a tracker gives it"),
            "start_date": ("date", "day it began, as precise as date_precision says"),
            "date_precision": (LABEL, "day, month, year or unknown"),
            "threat_class": (LABEL, "state, criminal or other"),
            "incident_type": (LABEL, "the gravest of its types"),
            "intensity": (LABEL, "1 nuisance to 4 severe; null where no tracker rates it"),
            "initiators": ("ISO 3166-1 alpha-3", "where it came from; null where nobody attributed it"),
            "targets": ("ISO 3166-1 alpha-3", "economies that were hit"),
            "sources": (LABEL, "trackers that have it"),
            "records": (COUNT, "rows of trackers behind it"),
        },
    ),
    View(
        "losses",
        "Amounts of money lost by source, ledger and year, observed apart from imputed; disclosed, not a sample; "
        "empty until make refresh. Source: core.losses",
        """
        select source_id, ledger, year(occurred_on) as year, observed, count(*) as amounts, sum(loss_usd) as loss_usd,
               sum(loss_usd_2020) as loss_usd_2020, median(loss_usd_2020) as median_usd_2020,
               max(loss_usd_2020) as largest_usd_2020
        from core.losses group by all order by source_id, ledger, year, observed desc
        """,
        {
            "source_id": (LABEL, "source"),
            "ledger": (LABEL, "criminal_transfer, direct, indirect or defence"),
            "year": ("year", "year of the loss"),
            "observed": ("true or false", "false where dollars were converted or imputed by us"),
            "amounts": (COUNT, "number of amounts"),
            "loss_usd": ("USD, current prices", "sum"),
            "loss_usd_2020": ("USD, 2020 prices", "sum; null where the year's price index is not there"),
            "median_usd_2020": ("USD, 2020 prices", "median amount"),
            "largest_usd_2020": ("USD, 2020 prices", "largest amount"),
        },
    ),
]

MACROS = [
    Macro(
        "as_pct_of_gdp",
        "as_pct_of_gdp(amount [USD bn, 2020 prices], economy := 'WLD', in_year := 2020): percent of the GDP of that "
        "economy and year at 2020 prices. Source: core.gdp",
        """(amount, economy := 'WLD', in_year := 2020) as
        100 * amount / (select g.gdp_usd_bn_2020 from core.gdp as g where g.iso3 = economy and g.year = in_year)""",
    ),
    Macro(
        "deflate",
        "deflate(amount [USD of from_year], from_year, to_year := 2020): the amount in USD of to_year, by the US "
        "consumer price index; null where a year is incomplete. Source: core.us_cpi",
        """(amount, from_year, to_year := 2020) as
        amount * (select c.index from core.us_cpi as c where c.year = to_year and c.months = 12)
               / (select c.index from core.us_cpi as c where c.year = from_year and c.months = 12)""",
    ),
    Macro(
        "wilson",
        "wilson(hits [count], trials [count], z := 1.96): share of hits with its Wilson interval, fractions, as a "
        "struct (share, lower, upper). Source: Wilson (1927)",
        """(hits, trials, z := 1.96) as {
          'share': hits / trials,
          'lower': greatest(0,
              (hits + z * z / 2 - z * sqrt(hits * (trials - hits) / trials + z * z / 4)) / (trials + z * z)),
          'upper': least(1,
              (hits + z * z / 2 + z * sqrt(hits * (trials - hits) / trials + z * z / 4)) / (trials + z * z))
        }""",
    ),
    Macro(
        "compare",
        "compare(one, other): two scenarios side by side, everything in their texts, world, fully phased in at the "
        "2020 baseline, default effect set, each measure in its unit; difference = mean of one less mean of other. "
        "Source: model.counterfactual",
        """(one, other) as table
        with world as (
            from model.counterfactual
            where effect_set = 'default' and adoption_metric = 'scenario' and year = 2020 and iso3 = 'WLD'
            qualify list_position(['law', 'no_standdown', 'all'], mechanisms)
                = max(list_position(['law', 'no_standdown', 'all'], mechanisms)) over (partition by scenario)
        )
        select a.measure, a.unit, a.mean as one_mean, a.p05 as one_p05, a.p50 as one_p50, a.p95 as one_p95,
               b.mean as other_mean, b.p05 as other_p05, b.p50 as other_p50, b.p95 as other_p95,
               a.mean - b.mean as difference
        from world as a join world as b on a.measure = b.measure
        where a.scenario = one and b.scenario = other
        order by a.measure""",
        is_table=True,
    ),
    Macro(
        "exceedance",
        "exceedance(scenario := 'op_ed_convention', source := 'all'): loss of a year (AEP) and of its largest event "
        "(OEP) by return period [years], without a convention and under one, USD bn at 2020 prices with quantiles 0.05 "
        "and 0.95; avoided = median fall in the same draw; losses on record only. Source: model.exceedance",
        """(scenario := 'op_ed_convention', source := 'all') as table
        select a.perspective, a.return_period, b.loss_usd_bn as status_quo, b.lower as status_quo_lower,
               b.upper as status_quo_upper, a.loss_usd_bn as convention, a.lower as convention_lower,
               a.upper as convention_upper, a.avoided, a.avoided_lower, a.avoided_upper, a.beyond_data, a.unit
        from model.exceedance as a
        join model.exceedance as b
          on a.source_id = b.source_id and a.perspective = b.perspective and a.return_period = b.return_period
        where a.scenario = scenario and a.source_id = source and b.scenario = 'status_quo'
        order by a.perspective, a.return_period""",
        is_table=True,
    ),
]
