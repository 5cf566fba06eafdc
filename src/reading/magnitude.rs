//! Whether the largest amounts that a scenario admits can be counted.
//!
//! Every key has its own bounds, but together they could still ask for more than can be counted: ten thousand applications
//! a year of a thousand million euros each, at rates of 1,000 %, for forty years. On every path each amount must stay below
//! 5 x 10^14 cents. Floats of 64 bits hold every whole cent up to there, and the squares of 10^9 paths, the most of a run,
//! add up to less than 2^128; sums of amounts have 13 digits to spare. So nothing overflows later.
//!
//! Formula: `(E + n I (1 + r h)) (1 + max(t, 0))^h / (1 + min(d, 0))^h` with the endowment E, the most applicants n, the
//! largest investment I, the sum of all yearly rates r, the horizon h in years, treasury and discount rates t and d. It
//! bounds from above: all applicants are funded by each source in full and pay on the whole until the end.

use super::context::Context;
use crate::diagnostic::{Place, Problem};
use crate::locale::{Pair, Told, pair, told};
use crate::numeric::{exp, pow};
use crate::scenario::{Borrower, Line, Pipeline, Scenario, StatisticalPipeline};
use crate::units::Cents;

/// Amounts of one path stay below this: five million million euros.
const LARGEST_TOTAL: Cents = Cents(500_000_000_000_000);
/// Most applicants of a path, in the worst demand.
const MOST_APPLICANTS: f64 = 10_000_000.0;
/// The worst demand, and the worst count at a demand, in standard deviations: beyond it lies one of 10^9 paths.
const WORST: f64 = 6.0;

/// Notes an error if the scenario admits amounts or numbers of applicants that cannot be counted.
pub fn check(context: &Context<'_>, scenario: &Scenario, fund: &Place) {
    if let Some((message, hint)) = excess(scenario) {
        context.report(Problem::error("E132", fund, message).hint(hint));
    }
}

/// What cannot be counted in a scenario, and what to lower; `None` if all can.
pub fn excess(scenario: &Scenario) -> Option<(Told, Pair)> {
    let quarters = scenario.fund.horizon_quarters;
    let years = f64::from(quarters) / 4.0;
    let mut applicants = 0.0;
    let mut total = scenario.fund.endowment.to_f64();
    for line in scenario.lines() {
        let (count, investment) = applicants_of(line, scenario.fund.availability_quarters);
        let premium = line.guarantee.as_ref().map_or(0.0, |guarantee| guarantee.premium_rate.to_f64());
        let rates = line.loan.fund_rate.to_f64() + line.loan.bank_rate.to_f64() + premium;
        applicants += count;
        total += count * investment * (1.0 + rates * years);
    }
    let growth = pow(1.0 + scenario.fund.treasury_rate.to_f64().max(0.0), years);
    let discount = pow(1.0 + scenario.fund.discount_rate.to_f64().min(0.0), years);
    let total = total * growth / discount;
    if applicants > MOST_APPLICANTS {
        let message = told!(
            "con la domanda più alta un solo percorso avrebbe più di {most} candidature",
            "at the highest demand a single path would have more than {most} applicants";
            most = MOST_APPLICANTS as u64,
        );
        let hint = pair(
            "diminuire applications_per_year o applications_log_sd",
            "lower applications_per_year or applications_log_sd",
        );
        return Some((message, hint));
    }
    if total >= LARGEST_TOTAL.to_f64() {
        let message = told!(
            "su un solo percorso gli importi potrebbero superare {most} EUR: oltre non si contano più al centesimo",
            "on a single path amounts could exceed {most} EUR: beyond it they cannot be counted to the cent";
            most = LARGEST_TOTAL,
        );
        let hint = pair(
            "diminuire candidature, max_investment, tassi o orizzonte",
            "lower applications, max_investment, rates or the horizon",
        );
        return Some((message, hint));
    }
    None
}

/// Most applicants of a line, and the largest investment of one in cents.
fn applicants_of(line: &Line, availability_quarters: u32) -> (f64, f64) {
    match &line.pipeline {
        Pipeline::List(borrowers) => (borrowers.len() as f64, largest(borrowers)),
        Pipeline::Statistical(pipeline) => {
            (most_applicants(pipeline, availability_quarters), line.max_investment.to_f64())
        }
    }
}

fn largest(borrowers: &[Borrower]) -> f64 {
    borrowers.iter().map(|borrower| borrower.investment).max().unwrap_or(Cents::ZERO).to_f64()
}

/// The mean number of applicants of a path, times the worst demand, and as many above that as a Poisson number may be.
fn most_applicants(pipeline: &StatisticalPipeline, availability_quarters: u32) -> f64 {
    let by_year = &pipeline.applications_per_year;
    let of_quarter = |quarter: u32| {
        let year = (quarter as usize / 4).min(by_year.len().saturating_sub(1));
        by_year.get(year).map_or(0.0, |yearly| yearly.to_f64() / 4.0)
    };
    let sd = pipeline.applications_log_sd.to_f64();
    let mean: f64 = (0..availability_quarters).map(of_quarter).sum::<f64>() * exp(WORST * sd - sd * sd / 2.0);
    mean + WORST * mean.sqrt() + WORST * WORST
}
