"""A portfolio as a table: one row for each organisation. Imported only when a table is asked."""

import pandas as pd

from rse_plan.assessment import Assessment

# A spreadsheet would run a text that begins like a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def portfolio(assessments: list[Assessment]) -> pd.DataFrame:
    """Return one row for each organisation, shares from 0 to 1, nothing where not applicable.

    Columns are named by ids, the same in every language, as in the JSON.
    """
    return pd.DataFrame([_row(found) for found in assessments])


def portfolio_csv(assessments: list[Assessment]) -> str:
    """Return the portfolio as comma-separated values, rounded to four decimals."""
    return portfolio(assessments).round(4).to_csv(index=False, lineterminator="\n")


def _row(found: Assessment) -> dict[str, object]:
    low, high = found.verdict or (None, None)
    row: dict[str, object] = {
        "organisation": harmless(found.organisation.name),
        "as_of": found.as_of.isoformat(),
        "playbook": f"{found.playbook.name} {found.playbook.version}",
        "score_low": found.score[0],
        "score_high": found.score[1],
        "verdict_low": low,
        "verdict_high": high,
        "coverage": found.coverage,
        "stability": found.stability,
    }
    for factor in found.factors:
        row[f"{factor.factor.id}_low"], row[f"{factor.factor.id}_high"] = factor.score or (
            None,
            None,
        )
    return {**row, **found.standing.gates}


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
