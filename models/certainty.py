"""How sure: the tables that say what the headline of one convention hangs on.

Each is defined where it is computed (`sensitivity`, `information`, `specification`); here they share a study and a
membership.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from models.convention import Scenario
from models.information import information_table
from models.priors import Prior
from models.results import accessions, memberships
from models.sensitivity import ROWS, Headline, inputs_of, sensitivity_table
from models.specification import CHOICES, choice_table, first_scramble, specification_curve, specification_table
from models.study import Definitions, Study

Options = Mapping[str, Sequence[str | float]]


def certainty_tables(
    study: Study,
    priors: Sequence[Prior],
    definitions: Definitions,
    focus: Scenario,
    options: Options,
    anchors: Mapping[str, float],
) -> dict[str, pl.DataFrame]:
    """Tables sensitivity, information, specification and specification_choice of one scenario's headline.

    Parameters
    ----------
    definitions : of a cyberattack, with their covered shares; the text may have each instead of its own
    options : of each choice the default, as the study was prepared with, and then its alternatives
    anchors : USD bn of 2020 by name
    """
    member = memberships(study, [focus], accessions(study, [focus]))[focus.name].joined[-1]
    allocation = str(options["allocation"][0])
    headline = Headline(study, priors, definitions, focus, member, allocation)
    offered = {name: tuple(options[name]) for name in CHOICES if name in options}
    offered["effect_set"] = tuple(effect.name for effect in study.effects)
    offered["definition"] = (focus.definition, *(name for name in definitions if name != focus.definition))
    curve = specification_curve(first_scramble(study), focus, member, offered, anchors)
    return {
        # no more rows than draws: a small run asks for a quick answer
        "sensitivity": sensitivity_table(headline, min(ROWS, study.draws.size)),
        "information": information_table(study, focus, member, inputs_of(priors)),
        "specification": specification_table(curve),
        "specification_choice": choice_table(curve),
    }
