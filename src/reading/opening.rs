//! `[fund.opening]` and `[lineN.opening]`: the balances of a running fund's envelopes today, where they are given.

use super::field::LARGEST_AMOUNT;
use super::section::Section;
use crate::locale::{pair, told};
use crate::scenario::{FundOpening, LineOpening};
use crate::units::Cents;

/// `[fund.opening]`.
pub(super) fn fund_opening(fund: &Section<'_>) -> Option<FundOpening> {
    let section = fund.section_or_empty("opening")?;
    let fees = section.optional("fees", |field| field.amount(Cents::ZERO));
    let income = section.optional("income", |field| field.amount(-LARGEST_AMOUNT));
    let returned = section.optional("returned", |field| field.amount(Cents::ZERO));
    Some(FundOpening { fees: fees?, income: income?, returned: returned? })
}

/// `[lineN.opening]`.
pub(super) fn line_opening(line: &Section<'_>) -> Option<LineOpening> {
    let section = line.section_or_empty("opening")?;
    let amount = |name| section.optional(name, |field| field.amount(Cents::ZERO));
    let (loans, guarantees, grants) = (amount("loans"), amount("guarantees"), amount("grants"));
    Some(LineOpening { loans: loans?, guarantees: guarantees?, grants: grants? })
}

/// Opening balances mean nothing in a fund without a today.
pub(super) fn refuse_without_today(root: &Section<'_>, today: Option<u32>) {
    if today != Some(0) {
        return;
    }
    for name in ["fund", "line1", "line2"] {
        let opened = root.has(name).then(|| root.section(name)).flatten();
        if let Some(section) = opened.filter(|section| section.has("opening")) {
            let reason = told!(
                "`{name}.opening` dà i saldi di oggi, ma lo scenario non ha un oggi",
                "`{name}.opening` gives today's balances, but the scenario has no today";
                name,
            );
            let hint = pair(
                "scrivere today = \"2021-Q2\" in [fund]: il primo trimestre che non si conosce",
                "write today = \"2021-Q2\" in [fund]: the first quarter that is not known",
            );
            section.refuse::<()>("opening", "E124", reason, hint);
        }
    }
}
