//! The plain way to all outputs: one path after another, everything stored, quantiles by sorting.
//!
//! Paths come from the scalar engine, the quarter-by-project loop with integer cents that the kernel is held against.
//! Nothing is streamed, compressed or added in lanes: that is what the rest of the program is measured by.

use fesr::aggregate::figures::{Figures, ratio, ratio_to};
use fesr::aggregate::{QUANTILE_PER_MILLE, quantile_rank};
use fesr::engine::PathSimulator;
use fesr::engine::totals::{GroupTotals, LineRow};
use fesr::plan::Plan;
use fesr::units::Cents;
use std::hint::black_box;

/// A figure over all paths.
type Column = Vec<i64>;

/// Simulates and summarises paths of a plan.
pub fn run(plan: &Plan, paths: usize) {
    let figures = Figures::new(plan);
    let mut columns: Vec<Column> = vec![Vec::with_capacity(paths); figures.columns().len()];
    let mut series: Vec<Column> = Vec::new();
    let mut groups: Vec<Column> = Vec::new();
    let mut simulator = PathSimulator::new(plan);
    for path in 0..paths as u64 {
        simulator.run(path).expect("the books balance");
        figures.of(simulator.totals(), |column, value| columns[column].push(value));
        let totals = simulator.totals();
        let all = totals.themes.iter().chain(&totals.products).chain(&totals.ratings);
        let values = all.flat_map(group_values);
        push(&mut groups, values);
        let quarters = simulator.timeline().iter().flat_map(|row| {
            let [one, two] = row.lines;
            let sum = add(&one, &two);
            let lines = [sum, one, two];
            let contributions =
                std::iter::once(plan.endowment).chain(plan.lines.iter().map(|line| line.contribution()));
            let values: Vec<i64> = lines
                .iter()
                .zip(contributions)
                .flat_map(|(line, contribution)| line_values(line, contribution.to_f64() * plan.union_share))
                .chain([row.cash.0, row.idle_cash.0])
                .collect();
            values
        });
        push(&mut series, quarters);
    }
    for column in columns.iter_mut().chain(&mut series) {
        black_box(summarise(column));
    }
    for column in &groups {
        black_box(moments(column));
    }
}

fn push(columns: &mut Vec<Column>, values: impl Iterator<Item = i64>) {
    for (position, value) in values.enumerate() {
        if position == columns.len() {
            columns.push(Vec::new());
        }
        columns[position].push(value);
    }
}

fn group_values(group: &GroupTotals) -> [i64; 7] {
    [
        group.applications,
        group.projects,
        group.investment_applied.0,
        group.investment_supported.0,
        ratio(group.investment_supported.0, group.investment_applied.0),
        group.defaults,
        group.fund_loss.0,
    ]
}

fn add(one: &LineRow, two: &LineRow) -> LineRow {
    LineRow {
        outstanding_fund_loans: one.outstanding_fund_loans + two.outstanding_fund_loans,
        outstanding_guaranteed: one.outstanding_guaranteed + two.outstanding_guaranteed,
        guarantee_reserve: one.guarantee_reserve + two.guarantee_reserve,
        running_projects: one.running_projects + two.running_projects,
        defaults: one.defaults + two.defaults,
        projects: one.projects + two.projects,
        fund_loss: one.fund_loss + two.fund_loss,
        calls_paid: one.calls_paid + two.calls_paid,
        finance: one.finance + two.finance,
        investment_supported: one.investment_supported + two.investment_supported,
    }
}

fn line_values(line: &LineRow, union_contribution: f64) -> [i64; 11] {
    let finance: Cents = line.finance;
    [
        line.outstanding_fund_loans.0,
        line.outstanding_guaranteed.0,
        line.guarantee_reserve.0,
        ratio(line.guarantee_reserve.0, line.outstanding_guaranteed.0),
        line.running_projects,
        line.defaults,
        ratio(line.defaults, line.projects),
        line.fund_loss.0,
        line.calls_paid.0,
        ratio_to(finance, union_contribution),
        line.investment_supported.0,
    ]
}

/// Sum and sum of squares.
fn moments(values: &[i64]) -> (i128, i128) {
    values.iter().fold((0, 0), |(sum, squares), &value| {
        let value = i128::from(value);
        (sum + value, squares + value * value)
    })
}

/// Moments and quantiles.
fn summarise(values: &mut [i64]) -> ((i128, i128), Vec<i64>) {
    values.sort_unstable();
    let quantile = |per_mille| values[quantile_rank(values.len() as u64, per_mille) as usize - 1];
    (moments(values), QUANTILE_PER_MILLE.map(quantile).to_vec())
}
