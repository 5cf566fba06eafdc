//! What a scenario's assumptions imply, computed in closed form and without a simulation.
//!
//! `fesr check` shows these figures, so that an assumption that was not meant is noticed before a run.

pub mod aid;

use crate::numeric::normal::normal_cdf;
use crate::numeric::{exp, exp_m1, ln, ln_1p};
use crate::scenario::{
    Borrower, GuaranteeKind, LegalForm, Line, LineNumber, Pipeline, Product, Scenario, Size,
    StatisticalPipeline, Theme, Weight,
};
use crate::units::Cents;

/// What a scenario's assumptions imply, line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct Implied {
    /// The lines that the fund has, in order.
    pub lines: Vec<ImpliedLine>,
}

/// What the assumptions of one line imply.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpliedLine {
    /// Which line.
    pub number: LineNumber,
    /// Expected number of applications over the availability period, eligible or not.
    pub applications: f64,
    /// Share of applicants whose investment, legal form and size the line admits.
    pub eligible_share: f64,
    /// Mean investment of an applicant, in EUR: of the log-normal between the line's bounds, or of the eligible
    /// borrowers listed. Zero where a list has none.
    pub mean_investment: f64,
    /// Share of the log-normal that lies between the line's bounds (1 for a list).
    pub share_within_bounds: f64,
    /// Mean factor on the hazard of an applicant: legal form, theme, size and accompaniment together.
    pub mean_multiplier: f64,
    /// Mean probability that a project defaults within the tenor, over ratings and multipliers, in a calm economy.
    pub mean_lifetime_pd: f64,
    /// Each rating.
    pub ratings: Vec<ImpliedRating>,
    /// Each product, for an applicant of mean investment.
    pub products: Vec<ImpliedProduct>,
}

/// What a rating implies on the terms of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpliedRating {
    /// Its name.
    pub name: String,
    /// Share of the line's applicants.
    pub share: f64,
    /// Probability of default within the tenor, all multipliers 1: `1 - prod (1 - pd of the year)^(1/4)`.
    pub lifetime_pd: f64,
}

/// What a product implies for an applicant of mean investment.
#[derive(Clone, Debug, PartialEq)]
pub struct ImpliedProduct {
    /// Its name.
    pub name: String,
    /// Fund loan in EUR.
    pub fund_loan: f64,
    /// Bank loan in EUR.
    pub bank_loan: f64,
    /// Grant in EUR.
    pub grant: f64,
    /// Guaranteed part of the bank loan in EUR.
    pub guaranteed: f64,
    /// Reserve of that guarantee in EUR.
    pub reserve: f64,
    /// How many such fund loans the loans budget covers at once; `None` if it lends nothing.
    pub loans_covered: Option<f64>,
    /// How many such guarantees the guarantees budget carries under the cap (or the provision rate); `None` if it
    /// guarantees nothing or needs no reserve.
    pub guarantees_covered: Option<f64>,
    /// How many such grants the grants budget covers; `None` if it grants nothing.
    pub grants_covered: Option<f64>,
    /// Bank loan per euro of reserve (Reg. 480/2014 art. 8); `None` without a reserve.
    pub guarantee_multiplier: Option<f64>,
}

/// What the assumptions of a scenario imply.
pub fn implied(scenario: &Scenario) -> Implied {
    Implied { lines: scenario.lines().map(|line| implied_line(scenario, line)).collect() }
}

fn implied_line(scenario: &Scenario, line: &Line) -> ImpliedLine {
    let population = Population::of(scenario, line);
    let tenor = line.loan.tenor_quarters;
    let ratings: Vec<ImpliedRating> = scenario
        .credit
        .ratings
        .iter()
        .enumerate()
        .map(|(index, rating)| ImpliedRating {
            name: rating.name.clone(),
            share: population.shares(|group| group.rating == index),
            lifetime_pd: -exp_m1(-cumulative_hazard(&scenario.credit.ratings[index].pd, tenor)),
        })
        .collect();
    let default_probability = |group: &Group| {
        -exp_m1(-group.multiplier * cumulative_hazard(&scenario.credit.ratings[group.rating].pd, tenor))
    };
    let eligible = population.shares(|group| group.eligible);
    let among_eligible = |value: &dyn Fn(&Group) -> f64| {
        let sum: f64 =
            population.groups.iter().filter(|group| group.eligible).map(|g| g.share * value(g)).sum();
        if eligible > 0.0 { sum / eligible } else { 0.0 }
    };
    ImpliedLine {
        number: line.number,
        applications: population.applications,
        eligible_share: eligible,
        mean_investment: population.mean_investment,
        share_within_bounds: population.share_within_bounds,
        mean_multiplier: among_eligible(&|group| group.multiplier),
        mean_lifetime_pd: among_eligible(&default_probability),
        ratings,
        products: line
            .products
            .iter()
            .map(|product| implied_product(line, product, population.mean_investment))
            .collect(),
    }
}

/// `-sum ln(1 - pd)/4` over the quarters of the tenor (MODEL.md section 5, all multipliers 1).
fn cumulative_hazard(pds: &[crate::units::Probability], tenor: u32) -> f64 {
    (0..tenor)
        .map(|age| {
            let year = (age as usize / 4).min(pds.len() - 1);
            -ln_1p(-pds[year].to_f64()) / 4.0
        })
        .sum()
}

fn implied_product(line: &Line, product: &Product, investment: f64) -> ImpliedProduct {
    let bank_loan = product.bank_loan.to_f64() * investment;
    let fund_loan = product.fund_loan.to_f64() * investment;
    let grant = product.grant.to_f64() * investment;
    let guaranteed = product.guarantee_rate.to_f64() * bank_loan;
    let rate = match line.guarantee.map(|guarantee| guarantee.kind) {
        Some(GuaranteeKind::Capped { cap_rate: rate } | GuaranteeKind::Uncapped { provision_rate: rate }) => {
            rate.to_f64()
        }
        None => 0.0,
    };
    let reserve = rate * guaranteed;
    let covered = |budget: Cents, need: f64| (need > 0.0).then(|| budget.to_f64() / 100.0 / need);
    ImpliedProduct {
        name: product.name.clone(),
        fund_loan,
        bank_loan,
        grant,
        guaranteed,
        reserve,
        loans_covered: covered(line.budget.loans, fund_loan),
        guarantees_covered: covered(line.budget.guarantees, reserve),
        grants_covered: covered(line.budget.grants, grant),
        guarantee_multiplier: (reserve > 0.0).then(|| bank_loan / reserve),
    }
}

/// Applicants of a line, by what decides their default and their eligibility.
struct Population {
    applications: f64,
    mean_investment: f64,
    share_within_bounds: f64,
    groups: Vec<Group>,
}

/// A group of like applicants; the shares of all groups add up to 1.
struct Group {
    share: f64,
    rating: usize,
    multiplier: f64,
    eligible: bool,
}

impl Population {
    fn of(scenario: &Scenario, line: &Line) -> Population {
        match &line.pipeline {
            Pipeline::Statistical(pipeline) => Population::drawn(scenario, line, pipeline),
            Pipeline::List(borrowers) => Population::listed(scenario, line, borrowers),
        }
    }

    fn shares(&self, of: impl Fn(&Group) -> bool) -> f64 {
        self.groups.iter().filter(|group| of(group)).map(|group| group.share).sum()
    }

    fn drawn(scenario: &Scenario, line: &Line, pipeline: &StatisticalPipeline) -> Population {
        let rate = |quarter: u32| {
            let year = (quarter as usize / 4).min(pipeline.applications_per_year.len() - 1);
            pipeline.applications_per_year[year].to_f64() / 4.0
        };
        let (mean_investment, share_within_bounds) = truncated_log_normal(
            pipeline.investment_median.to_f64() / 100.0,
            pipeline.investment_sigma.to_f64(),
            (line.min_investment.to_f64() / 100.0, line.max_investment.to_f64() / 100.0),
        );
        // Without spread every investment is the median, inside the bounds or not.
        let fits = !pipeline.investment_sigma.is_zero() || share_within_bounds > 0.0;
        let accompanied = pipeline.accompanied.to_f64();
        let mut groups = Vec::new();
        for (legal_form, form_share) in normalised(&pipeline.legal_forms) {
            for (theme, theme_share) in normalised(&pipeline.themes) {
                for (size, size_share) in normalised(&pipeline.sizes) {
                    for (rating, rating_share) in normalised(&pipeline.ratings) {
                        for (is_accompanied, share) in [(true, accompanied), (false, 1.0 - accompanied)] {
                            groups.push(Group {
                                share: form_share * theme_share * size_share * rating_share * share,
                                rating,
                                multiplier: multiplier(scenario, legal_form, theme, size, is_accompanied),
                                eligible: fits
                                    && line.legal_forms.contains(&legal_form)
                                    && line.sizes.contains(&size),
                            });
                        }
                    }
                }
            }
        }
        Population {
            // Who applied before today is on the books.
            applications: (scenario.fund.today_quarter..scenario.fund.availability_quarters).map(rate).sum(),
            mean_investment,
            share_within_bounds,
            groups,
        }
    }

    fn listed(scenario: &Scenario, line: &Line, borrowers: &[Borrower]) -> Population {
        let bounds = line.min_investment..=line.max_investment;
        let eligible = |borrower: &Borrower| {
            bounds.contains(&borrower.investment)
                && line.legal_forms.contains(&borrower.legal_form)
                && line.sizes.contains(&borrower.size)
        };
        let amounts: Vec<f64> =
            borrowers.iter().filter(|b| eligible(b)).map(|b| b.investment.to_f64() / 100.0).collect();
        let groups = borrowers
            .iter()
            .map(|borrower| Group {
                share: 1.0 / borrowers.len() as f64,
                rating: borrower.rating,
                multiplier: multiplier(
                    scenario,
                    borrower.legal_form,
                    borrower.theme,
                    borrower.size,
                    borrower.accompanied,
                ),
                eligible: eligible(borrower),
            })
            .collect();
        Population {
            applications: borrowers.len() as f64,
            mean_investment: if amounts.is_empty() {
                0.0
            } else {
                amounts.iter().sum::<f64>() / amounts.len() as f64
            },
            share_within_bounds: 1.0,
            groups,
        }
    }
}

fn multiplier(scenario: &Scenario, form: LegalForm, theme: Theme, size: Size, accompanied: bool) -> f64 {
    let credit = &scenario.credit;
    credit.legal_form_multiplier[form.index()].to_f64()
        * credit.theme_multiplier[theme.index()].to_f64()
        * credit.size_multiplier[size.index()].to_f64()
        * if accompanied { credit.accompanied_multiplier.to_f64() } else { 1.0 }
}

/// Categories and their shares.
fn normalised<T: Copy>(weights: &[Weight<T>]) -> Vec<(T, f64)> {
    let total: f64 = weights.iter().map(|weight| weight.weight.to_f64()).sum();
    weights.iter().map(|weight| (weight.category, weight.weight.to_f64() / total)).collect()
}

/// Mean of a log-normal between two bounds, and the share of it that lies between them.
///
/// Formula: with `alpha = ln(low / median) / sigma` and `beta` likewise, the share is `Phi(beta) - Phi(alpha)` and the
/// mean `median exp(sigma^2 / 2) (Phi(beta - sigma) - Phi(alpha - sigma)) / share`. Without spread the mean is the
/// median; where the share vanishes, the bound nearest to the median.
/// Source: Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, chapter 14.
pub fn truncated_log_normal(median: f64, sigma: f64, (low, high): (f64, f64)) -> (f64, f64) {
    if sigma == 0.0 {
        return (median, if (low..=high).contains(&median) { 1.0 } else { 0.0 });
    }
    let standardised = |bound: f64| if bound > 0.0 { ln(bound / median) / sigma } else { f64::NEG_INFINITY };
    let (alpha, beta) = (standardised(low), standardised(high));
    // In the upper tail differences of survival probabilities keep their digits.
    let between = |from: f64, to: f64| {
        if from > 0.0 { normal_cdf(-from) - normal_cdf(-to) } else { normal_cdf(to) - normal_cdf(from) }
    };
    let share = between(alpha, beta);
    let mean = median * exp(sigma * sigma / 2.0) * between(alpha - sigma, beta - sigma) / share;
    if share > 0.0 && mean.is_finite() {
        return (mean.clamp(low, high), share);
    }
    (median.clamp(low, high), share.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncation_to_everything_is_the_mean() {
        let (mean, share) = truncated_log_normal(100.0, 0.5, (0.0, 1e12));
        assert!((mean - 100.0 * exp(0.125)).abs() < 1e-9, "{mean}");
        assert!((share - 1.0).abs() < 1e-12);
    }

    #[test]
    fn truncated_mean_agrees_with_quadrature() {
        // Midpoint rule over the density of ln x, independent of the closed form.
        let (median, sigma, low, high) = (1_400_000.0, 0.35, 1_000_000.0, 4_000_000.0);
        let (from, to) = (ln(low), ln(high));
        let steps = 200_000;
        let (mut mass, mut sum) = (0.0, 0.0);
        for step in 0..steps {
            let y = from + (to - from) * (f64::from(step) + 0.5) / f64::from(steps);
            let z = (y - ln(median)) / sigma;
            let density = exp(-z * z / 2.0);
            mass += density;
            sum += density * exp(y);
        }
        let (mean, _) = truncated_log_normal(median, sigma, (low, high));
        assert!((mean / (sum / mass) - 1.0).abs() < 1e-9, "{mean} {}", sum / mass);
    }

    #[test]
    fn far_tails_and_no_spread_stay_finite() {
        assert_eq!(truncated_log_normal(50.0, 0.0, (0.0, 100.0)), (50.0, 1.0));
        assert_eq!(truncated_log_normal(50.0, 0.0, (60.0, 100.0)), (50.0, 0.0));
        for (median, sigma) in [(1.0, 0.01), (1e9, 0.01), (1.0, 5.0), (1e9, 5.0)] {
            let (mean, share) = truncated_log_normal(median, sigma, (1_000.0, 2_000.0));
            assert!((1_000.0..=2_000.0).contains(&mean) && (0.0..=1.0).contains(&share), "{mean} {share}");
        }
    }
}
