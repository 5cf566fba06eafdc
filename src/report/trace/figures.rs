//! The figures of one path as a table: the fund and each of its lines.

use super::Trace;
use super::describe::Teller;
use crate::aggregate::summary::natural;
use crate::locale::metric_name;
use crate::metrics::{MetricId, Unit};
use crate::report::layout::{COLUMNS, left, right, width, wrap};
use crate::report::telling::{shown_as_percent, tell};

/// What is always shown.
const SHOWN: [MetricId; 24] = [
    MetricId::Applications,
    MetricId::Projects,
    MetricId::InvestmentSupported,
    MetricId::DemandCoverage,
    MetricId::FundLoans,
    MetricId::Guarantees,
    MetricId::GrantsPaid,
    MetricId::LeverageEffect,
    MetricId::Defaults,
    MetricId::DefaultRate,
    MetricId::DefaultedExposure,
    MetricId::LoanLoss,
    MetricId::CallsDemanded,
    MetricId::CallsPaid,
    MetricId::GuaranteeRecoveries,
    MetricId::GuaranteeLoss,
    MetricId::FundLoss,
    MetricId::BankLoss,
    MetricId::InterestIncome,
    MetricId::PremiumIncome,
    MetricId::TreasuryIncome,
    MetricId::FeesPaid,
    MetricId::ClosingResources,
    MetricId::SubsidyCost,
];

/// What is shown where it is not 0: troubles, and what not every fund has.
const SHOWN_IF_ANY: [MetricId; 10] = [
    MetricId::Withdrawals,
    MetricId::RejectedBudget,
    MetricId::RejectedIneligible,
    MetricId::CallsOverCap,
    MetricId::Shortfall,
    MetricId::GrantsRecovered,
    MetricId::FeesUnpaid,
    MetricId::OutstandingAtHorizon,
    MetricId::NeverPaidIn,
    MetricId::TranchesAdvanced,
];

/// The key figures; a figure that a line does not have is left blank.
pub(super) fn table(trace: &Trace, teller: &Teller) -> String {
    let telling = teller.telling;
    let lines: Vec<_> = trace.plan.lines.iter().map(|line| line.number).collect();
    let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
    for &metric in MetricId::ALL {
        let values: Vec<Option<i64>> = std::iter::once(None)
            .chain(lines.iter().copied().map(Some))
            .map(|line| trace.ledger.figure(metric, line))
            .collect();
        let any = values.iter().flatten().any(|&value| value != 0);
        if SHOWN.contains(&metric) || any && SHOWN_IF_ANY.contains(&metric) {
            let cells = values
                .iter()
                .map(|value| value.map_or(String::new(), |value| cell(teller, metric, value)))
                .collect();
            rows.push((metric_name(metric, telling.language), cells));
        }
    }
    let heads: Vec<String> = std::iter::once(tell!(telling, "fondo", "fund"))
        .chain(lines.iter().map(|&line| telling.line(line)))
        .collect();
    let columns: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| {
            rows.iter().map(|(_, cells)| width(&cells[column])).max().unwrap_or(0).max(width(head))
        })
        .collect();
    let taken: usize = columns.iter().map(|columns| columns + 2).sum();
    let longest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let names = COLUMNS.saturating_sub(2 + taken).min(longest).max(16);
    let mut text = String::new();
    let line = |name: &str, cells: &[String]| {
        let mut line = format!("  {}", left(name, names));
        for (cell, columns) in cells.iter().zip(&columns) {
            line += &format!("  {}", right(cell, *columns));
        }
        format!("{}\n", line.trim_end())
    };
    text += &line("", &heads);
    for (name, cells) in &rows {
        let parts = wrap(name, names);
        for (index, part) in parts.iter().enumerate() {
            // The figures stand beside the end of a long name.
            let cells = if index + 1 == parts.len() { cells.as_slice() } else { &[] };
            text += &line(part, cells);
        }
    }
    text
}

/// A figure of a path: counts whole, euros whole, events as yes or no.
pub(super) fn cell(teller: &Teller, metric: MetricId, value: i64) -> String {
    let telling = teller.telling;
    let unit = metric.unit();
    match unit {
        Unit::Count => telling.numbers.decimal(value as f64, 0),
        Unit::Probability if value == 0 => telling.words.no.to_string(),
        Unit::Probability => telling.words.yes.to_string(),
        Unit::Euro | Unit::Ratio => {
            telling.figure(unit, shown_as_percent(metric), natural(unit, value as f64))
        }
    }
}
