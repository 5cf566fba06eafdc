//! Section 5: when a project defaults.

use super::applicants::Applicant;
use super::money::by_year;
use super::terms::rating_hazard;
use super::{PathState, Twin};
use fesr::numeric::beta::student_t_cdf;
use fesr::numeric::normal::{normal_cdf, normal_quantile};
use fesr::numeric::{exp, exp_m1};
use fesr::random::Purpose;
use fesr::scenario::{Dependence, PdMultiplier};

impl Twin<'_> {
    /// Macro pd_multiplier of the year of a quarter.
    fn macro_multiplier(&self, quarter: u32) -> f64 {
        match &self.scenario.economy.pd_multiplier {
            PdMultiplier::ByFundYear(years) => by_year(years, quarter).to_f64(),
            PdMultiplier::ByCalendarYear(years) => {
                let year = self.scenario.fund.start.plus(quarter).year();
                years
                    .iter()
                    .find(|(named, _)| *named == year)
                    .map_or(1.0, |(_, multiplier)| multiplier.to_f64())
            }
        }
    }
}

impl PathState<'_> {
    /// Hazard at age `k` of a project disbursed in quarter `d`, as the rating promises it.
    fn hazard(&self, applicant: &Applicant, d: u32, k: u32) -> f64 {
        let credit = &self.twin.scenario.credit;
        let accompaniment = if applicant.accompanied { credit.accompanied_multiplier.to_f64() } else { 1.0 };
        rating_hazard(&self.twin.lines[applicant.slot].pds[applicant.rating], k)
            * credit.legal_form_multiplier[applicant.legal_form].to_f64()
            * credit.theme_multiplier[applicant.theme].to_f64()
            * credit.size_multiplier[applicant.size].to_f64()
            * accompaniment
            * self.twin.macro_multiplier(d + k)
            * self.economy.pd_level[applicant.slot]
    }

    /// `F(k) = 1 - exp(-sum h)` of a project disbursed in quarter `d`; of one that is known to be alive today, `1 - S(k)/S(now)`.
    pub fn promised_default(&self, applicant: &Applicant, d: u32, k: u32) -> f64 {
        let sum: f64 = (self.survived(applicant, d) + 1..=k).map(|age| self.hazard(applicant, d, age)).sum();
        1.0 - exp(-sum)
    }

    /// The last age of a project disbursed in `d` that lies within its tenor and the horizon.
    pub fn last_age(&self, applicant: &Applicant, d: u32) -> u32 {
        self.twin.lines[applicant.slot].tenor().min(self.twin.last_quarter() - d)
    }

    /// The same with the defaults that a stress test forces.
    pub fn stressed_default_age(&self, applicant: &Applicant, d: u32) -> Option<u32> {
        let last = self.last_age(applicant, d);
        let age = match applicant.forced_default {
            None => self.default_age(applicant, d),
            Some(quarter) if quarter <= d => (last >= 1).then_some(1),
            Some(quarter) => (quarter - d <= last).then_some(quarter - d),
        };
        let after = self.twin.scenario.economy.largest_fails_after_quarters;
        match after {
            Some(after) if self.failing == Some((applicant.slot, applicant.number)) && last >= 1 => {
                age.into_iter().chain([after.max(self.survived(applicant, d) + 1).min(last)]).min()
            }
            _ => age,
        }
    }

    /// Slot and number of the project in which the fund had most at stake at disbursement (then the largest investment,
    /// then the first disbursed), once the path is played.
    pub fn largest(&self) -> Option<(usize, u32)> {
        let stake = |position: usize| {
            let project = &self.projects[position];
            (project.package.fund_loan + project.package.guaranteed, project.applicant.investment)
        };
        let known: Vec<usize> =
            self.disbursed.iter().copied().filter(|&position| !self.is_settled_history(position)).collect();
        let most = known.iter().map(|&position| stake(position)).max()?;
        let position = *known.iter().find(|&&position| stake(position) == most)?;
        let applicant = &self.projects[position].applicant;
        Some((applicant.slot, applicant.number))
    }

    /// The age at which a project disbursed in `d` defaults, if it does.
    pub fn default_age(&self, applicant: &Applicant, d: u32) -> Option<u32> {
        match self.twin.scenario.credit.dependence {
            Dependence::Static => self.static_default_age(applicant, d),
            Dependence::Autoregressive => self.autoregressive_default_age(applicant, d),
        }
    }

    /// The smallest `k <= n` with `F(k) >= U`.
    fn static_default_age(&self, applicant: &Applicant, d: u32) -> Option<u32> {
        let credit = &self.twin.scenario.credit;
        let (rho_g, rho_t) = (credit.systemic_correlation.to_f64(), credit.theme_correlation.to_f64());
        let own = self.luck.normal(Purpose::Idiosyncratic, self.number(applicant), applicant.number);
        let x = rho_g.sqrt() * self.economy.global(0)
            + rho_t.sqrt() * self.economy.theme(applicant.theme, 0)
            + (1.0 - rho_g - rho_t).sqrt() * own;
        let u = match self.economy.mixing {
            None => normal_cdf(x),
            Some(w) => student_t_cdf(credit.nu.to_f64(), x / (w / credit.nu.to_f64()).sqrt()),
        };
        (self.survived(applicant, d) + 1..=self.last_age(applicant, d))
            .find(|&k| self.promised_default(applicant, d, k) >= u)
    }

    /// Given the factors the project survives each quarter independently with `1 - p`. One uniform decides the whole life:
    /// it defaults at the smallest `k <= n` at which the probability of having defaulted reaches it.
    fn autoregressive_default_age(&self, applicant: &Applicant, d: u32) -> Option<u32> {
        let scenario = self.twin.scenario;
        let (rho_g, rho_t) =
            (scenario.credit.systemic_correlation.to_f64(), scenario.credit.theme_correlation.to_f64());
        let scale = self.twin.lines[applicant.slot].lifetime_scale[applicant.rating];
        let u = self.luck.uniform(Purpose::Idiosyncratic, self.number(applicant), applicant.number);
        let mut survival = 1.0;
        (self.survived(applicant, d) + 1..=self.last_age(applicant, d)).find(|&k| {
            let q = d + k;
            let h = self.hazard(applicant, d, k) * scale;
            let shift = by_year(&scenario.economy.factor_shift, q).to_f64();
            let p = normal_cdf(
                (normal_quantile(-exp_m1(-h))
                    - rho_g.sqrt() * (self.economy.global(q) + shift)
                    - rho_t.sqrt() * self.economy.theme(applicant.theme, q))
                    / (1.0 - rho_g - rho_t).sqrt(),
            );
            survival *= 1.0 - p;
            1.0 - survival >= u
        })
    }

    /// The line's number in addresses of random numbers.
    pub fn number(&self, applicant: &Applicant) -> u8 {
        self.twin.lines[applicant.slot].number()
    }
}
