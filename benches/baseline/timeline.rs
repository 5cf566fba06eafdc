//! The timeline figures of MODEL.md section 9.

use super::column::Column;
use super::path::{LineRow, Row};
use super::{ratio, times};
use fesr::plan::Plan;

/// The series, by the ids of MODEL.md; the first two are of the fund only.
pub const SERIES: [&str; 13] = [
    "cash",
    "idle_cash",
    "outstanding_fund_loans",
    "outstanding_guaranteed",
    "guarantee_reserve",
    "reserve_ratio",
    "running_projects",
    "defaults",
    "default_rate",
    "fund_loss",
    "calls_paid",
    "leverage_effect",
    "investment_supported",
];

const OF_FUND: usize = 2;
const RESERVE_RATIO: usize = 3;

/// Appends the rows of a path; beyond the first paths only to the sums.
pub fn push(plan: &Plan, rows: &[Row], columns: &mut [Vec<[Column; 3]>], is_stored: bool) {
    let contribution = |amount: i64| times(amount, plan.union_share);
    let contributions = [
        contribution(plan.endowment.0),
        contribution(plan.lines[0].contribution().0),
        contribution(plan.lines[1].contribution().0),
    ];
    for (row, columns) in rows.iter().zip(columns) {
        let [one, two] = &row.lines;
        let subjects = [&one.and(two), one, two];
        let (of_fund, of_each) = columns.split_at_mut(OF_FUND);
        of_fund[0][0].push_or_count(row.cash, is_stored);
        of_fund[1][0].push_or_count(row.idle_cash, is_stored);
        for (about, (line, contribution)) in subjects.into_iter().zip(contributions).enumerate() {
            let values = line.values(contribution);
            for (series, (value, columns)) in values.into_iter().zip(of_each.iter_mut()).enumerate() {
                if series != RESERVE_RATIO || line.outstanding_guaranteed > 0 {
                    columns[about].push_or_count(value, is_stored);
                }
            }
        }
    }
}

impl LineRow {
    /// Both lines together.
    fn and(&self, other: &LineRow) -> LineRow {
        LineRow {
            outstanding_fund_loans: self.outstanding_fund_loans + other.outstanding_fund_loans,
            outstanding_guaranteed: self.outstanding_guaranteed + other.outstanding_guaranteed,
            guarantee_reserve: self.guarantee_reserve + other.guarantee_reserve,
            running: self.running + other.running,
            defaults: self.defaults + other.defaults,
            projects: self.projects + other.projects,
            fund_loss: self.fund_loss + other.fund_loss,
            calls_paid: self.calls_paid + other.calls_paid,
            finance: self.finance + other.finance,
            investment_supported: self.investment_supported + other.investment_supported,
        }
    }

    /// The values of the series that each line has.
    fn values(&self, contribution: i64) -> [i64; 11] {
        [
            self.outstanding_fund_loans,
            self.outstanding_guaranteed,
            self.guarantee_reserve,
            ratio(self.guarantee_reserve, self.outstanding_guaranteed),
            self.running,
            self.defaults,
            ratio(self.defaults, self.projects),
            self.fund_loss,
            self.calls_paid,
            ratio(self.finance, contribution),
            self.investment_supported,
        ]
    }
}
