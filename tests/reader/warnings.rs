//! Readings that are sound but for a warning.

use crate::mistakes::{Mistake, added, changed, listed, row};

/// Readings that are sound but for a warning.
pub fn warnings() -> Vec<Mistake> {
    vec![
        changed("W101", "pd = 0.01", "pd = 0.5", "è 50\u{a0}% all’anno", "is 50% per year"),
        changed(
            "W102",
            "median = 60_000",
            "median = 600_000",
            "mediano di 600.000 EUR",
            "median investment of 600,000 EUR",
        ),
        changed(
            "W103",
            "fund_loan = 0.8\n",
            "fund_loan = 0.8\nguarantee_rate = 0.5\n[line2.guarantee]\nkind = \"capped\"\ncap_rate = 0.2\n",
            "non garantisce nulla",
            "guarantees nothing",
        ),
        added("W104", "[macro]\nfactor_shift = [-1]\n", "non ha effetto", "has no effect"),
        listed(
            "W105",
            &row("a,2,0,500000,other,nonprofit,small,2,,"),
            "500.000 EUR è più dei 100.000 EUR della linea 2",
            "500,000 EUR is above the 100,000 EUR of line 2",
        ),
        added(
            "W108",
            "[italian]\nlaon = \"prestito\"\nelsewhere = \"altrove\"\n",
            "si intendeva \"loan\"?",
            "did you mean \"loan\"?",
        ),
    ]
}
