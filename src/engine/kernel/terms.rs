//! What the kernel looks up of a plan, prepared once a run.

use super::applicants::{TABLE, Table};
use crate::engine::settled::{NotSettled, SettledTerms};
use crate::numeric::beta::student_t_cdf;
use crate::numeric::normal::normal_quantile;
use crate::plan::{DependencePlan, Plan};

/// Cells of the table of survivors.
const CELLS: usize = 256;

/// Largest amount of a path for which sums of rounded amounts are exact in floating point, with room to spare.
pub const LARGEST_AMOUNT: f64 = 1e15;

/// Tables of a plan.
#[derive(Clone, Debug)]
pub struct KernelTerms {
    /// Bounds of certain survival; `None` where default times need the scalar search (autoregressive factors).
    pub survival: Option<SurvivalBounds>,
    /// The multiplier of the economy, if it is the same in all quarters.
    pub constant_economy: Option<f64>,
    /// Largest year of age with a hazard of its own, by rating, and the hazards by year of age up to the longest
    /// tenor: `[year][rating]`.
    pub hazards: Vec<Table>,
    /// Whether receipts of a running project can be negative (a negative rate), so that their order matters to cash.
    pub receipts_may_be_negative: bool,
    /// Whether the kernel can run the plan at all.
    pub supported: bool,
    /// What the engine for settled lists prepares, or why the plan is none.
    pub settled: Result<SettledTerms, NotSettled>,
}

impl KernelTerms {
    /// Prepares the tables of a plan.
    pub fn new(plan: &Plan) -> KernelTerms {
        let credit = &plan.credit;
        let survival = match credit.dependence {
            DependencePlan::Gaussian => Some(SurvivalBounds::new(normal_quantile)),
            DependencePlan::StudentT { degrees } => {
                Some(SurvivalBounds::new(|p| inverse(|x| student_t_cdf(degrees, x), p)))
            }
            DependencePlan::Autoregressive { .. } => None,
        };
        let first = credit.economy[0];
        let years = plan.lines.iter().map(|line| line.tenor.div_ceil(4)).max().unwrap_or(0);
        KernelTerms {
            settled: SettledTerms::new(plan),
            survival,
            constant_economy: credit.economy.iter().all(|&m| m == first).then_some(first),
            hazards: (0..years)
                .map(|year| {
                    std::array::from_fn(|rating| {
                        let exists = rating < credit.hazards.len();
                        if exists { credit.rating_hazard(rating, 4 * year + 1) } else { 0.0 }
                    })
                })
                .collect(),
            receipts_may_be_negative: plan
                .lines
                .iter()
                .any(|line| line.fund_rate_quarter < 0.0 || line.guarantee.premium_quarter < 0.0),
            supported: !plan.forces_defaults()
                && !plan.has_history()
                && credit.hazards.len() <= TABLE
                && plan.endowment.to_f64() < LARGEST_AMOUNT
                && plan.lines.iter().all(|line| {
                    line.products.len() <= u32::BITS as usize && line.max_investment.to_f64() < LARGEST_AMOUNT
                }),
        }
    }
}

/// From which latent variable on a project survives for certain, by the default probability of its whole life.
///
/// A project defaults if `F >= Phi(X)`, `F` being its lifetime default probability. `Phi` costs more than all else
/// about a survivor, so the table holds for each cell of `F` an `x` with `Phi(x)` above the cell's upper end by
/// more than all rounding errors: a project with `X > x` survives without a closer look. Nine in ten do.
#[derive(Clone, Debug)]
pub struct SurvivalBounds {
    bounds: Vec<f64>,
}

impl SurvivalBounds {
    /// Far above the errors of the distribution functions and logarithms involved, far below the width of a cell.
    const MARGIN: f64 = 1e-9;

    fn new(quantile: impl Fn(f64) -> f64) -> SurvivalBounds {
        let bound = |cell: usize| {
            let end = (cell + 1) as f64 / CELLS as f64 + Self::MARGIN;
            if end < 1.0 { quantile(end) } else { f64::INFINITY }
        };
        // One cell more for a probability of exactly 1.
        SurvivalBounds { bounds: (0..=CELLS).map(bound).collect() }
    }

    /// Whether a project with this lifetime default probability and latent variable may default.
    #[inline(always)]
    pub fn may_default(&self, probability: f64, latent: f64) -> bool {
        let cell = (probability * CELLS as f64) as usize;
        latent <= self.bounds[cell.min(CELLS)]
    }
}

/// An `x` with `cdf(x) >= p`, within 1e-9 of the smallest where the law is not far out.
fn inverse(cdf: impl Fn(f64) -> f64, p: f64) -> f64 {
    let (mut low, mut high) = (-1.0, 1.0);
    while cdf(low) >= p {
        low *= 2.0;
    }
    while cdf(high) < p {
        high *= 2.0;
    }
    while high - low > 1e-9 * high.abs().max(1.0) {
        let middle = 0.5 * (low + high);
        if cdf(middle) < p { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::normal::normal_cdf;

    #[test]
    fn who_is_said_to_survive_does() {
        let laws: [(SurvivalBounds, &dyn Fn(f64) -> f64); 2] = [
            (SurvivalBounds::new(normal_quantile), &normal_cdf),
            (SurvivalBounds::new(|p| inverse(|x| student_t_cdf(3.0, x), p)), &|x| student_t_cdf(3.0, x)),
        ];
        for (bounds, cdf) in laws {
            let mut certain = 0;
            for step in 0..=1_000 {
                let probability = f64::from(step) / 1_000.0;
                for step in -60..60 {
                    let latent = f64::from(step) / 10.0;
                    if !bounds.may_default(probability, latent) {
                        certain += 1;
                        assert!(cdf(latent) > probability + 1e-10, "{probability} {latent}");
                    }
                }
            }
            assert!(certain > 50_000, "{certain}");
        }
    }
}
