//! Lifetime default probability by rating: what the PDs promise beside what was simulated, with their errors.

use crate::engine::totals::LifetimeCount;

/// Sums over paths for one rating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LifetimeSums {
    /// Projects disbursed.
    pub projects: i64,
    /// Sum of `F(k)` in units of 1e-9.
    pub promised: i128,
    /// Defaults.
    pub defaults: i64,
    /// Sums over paths of squares and products of the path's projects (n), promise (p) and defaults (d).
    pub(super) projects_squared: i128,
    pub(super) promised_squared: i128,
    pub(super) defaults_squared: i128,
    pub(super) promised_projects: i128,
    pub(super) defaults_projects: i128,
}

/// A ratio of two sums over paths, with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioEstimate {
    /// Sum over sum.
    pub value: f64,
    /// Standard error of the ratio estimator (Cochran 1977, section 2.11), paths as the sampling units.
    pub std_error: f64,
}

impl LifetimeSums {
    /// Adds a path.
    pub fn add(&mut self, path: &LifetimeCount) {
        let (projects, promised, defaults) =
            (i128::from(path.projects), i128::from(path.promised), i128::from(path.defaults));
        self.projects += path.projects;
        self.promised += promised;
        self.defaults += path.defaults;
        self.projects_squared += projects * projects;
        self.promised_squared += promised * promised;
        self.defaults_squared += defaults * defaults;
        self.promised_projects += promised * projects;
        self.defaults_projects += defaults * projects;
    }

    /// Adds the paths of another set.
    pub fn merge(&mut self, other: &LifetimeSums) {
        self.projects += other.projects;
        self.promised += other.promised;
        self.defaults += other.defaults;
        self.projects_squared += other.projects_squared;
        self.promised_squared += other.promised_squared;
        self.defaults_squared += other.defaults_squared;
        self.promised_projects += other.promised_projects;
        self.defaults_projects += other.defaults_projects;
    }

    /// Mean of `F(k)` over the projects; `None` without projects.
    pub fn promised(&self) -> Option<RatioEstimate> {
        self.ratio(
            self.promised as f64 / 1e9,
            self.promised_squared as f64 / 1e18,
            self.promised_projects as f64 / 1e9,
        )
    }

    /// Share of the projects that defaulted; `None` without projects.
    pub fn simulated(&self) -> Option<RatioEstimate> {
        self.ratio(self.defaults as f64, self.defaults_squared as f64, self.defaults_projects as f64)
    }

    /// `r = sum x / sum n`; its variance is `sum (x - r n)^2 / (sum n)^2`.
    fn ratio(&self, sum: f64, squares: f64, products: f64) -> Option<RatioEstimate> {
        if self.projects == 0 {
            return None;
        }
        let projects = self.projects as f64;
        let value = sum / projects;
        let residual = squares - 2.0 * value * products + value * value * self.projects_squared as f64;
        Some(RatioEstimate { value, std_error: residual.max(0.0).sqrt() / projects })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_ratio_has_no_error() {
        let mut sums = LifetimeSums::default();
        for projects in 1..50 {
            sums.add(&LifetimeCount { projects, promised: projects * 250_000_000, defaults: 2 * projects });
        }
        let promised = sums.promised().expect("projects");
        assert!((promised.value - 0.25).abs() < 1e-12 && promised.std_error < 1e-6);
        assert_eq!(sums.simulated().map(|estimate| estimate.value), Some(2.0));
    }

    #[test]
    fn the_error_is_that_of_the_residuals() {
        let mut sums = LifetimeSums::default();
        for defaults in [0, 1, 2, 1] {
            sums.add(&LifetimeCount { projects: 2, promised: 0, defaults });
        }
        // r = 1/2; residuals -1, 0, 1, 0.
        let simulated = sums.simulated().expect("projects");
        assert_eq!(simulated.value, 0.5);
        assert!((simulated.std_error - 2f64.sqrt() / 8.0).abs() < 1e-12);
        assert_eq!(LifetimeSums::default().simulated(), None);
    }
}
