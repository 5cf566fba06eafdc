//! `[credit]` and `[macro]`: how likely defaults are, how they depend on each other, and what the economy does.

use super::{Copula, Dependence, Migration, PdTarget};
use crate::units::{Multiplier, Probability, Quantity, Rate, Share};

/// `[credit]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    /// Static factors or an autoregression.
    pub dependence: Dependence,
    /// Shape of the static dependence.
    pub copula: Copula,
    /// Degrees of freedom of the Student-t copula, above 2.
    pub nu: Quantity,
    /// Share of the variance carried by the global factor; with the theme correlation below 1.
    pub systemic_correlation: Share,
    /// Share of the variance carried by the theme's factor.
    pub theme_correlation: Share,
    /// Autoregression of the factors per quarter, 0 up to, not including, 1.
    pub persistence: Share,
    /// What the PDs promise under autoregressive factors.
    pub pd_target: PdTarget,
    /// Loading of the loss given default on the global factor, 0 up to, not including, 1.
    pub lgd_loading: Share,
    /// Hazard multipliers by legal form, in the order of [`super::LegalForm::ALL`].
    pub legal_form_multiplier: [Multiplier; 2],
    /// Hazard multipliers by theme, in the order of [`super::Theme::ALL`].
    pub theme_multiplier: [Multiplier; 4],
    /// Hazard multipliers by size, in the order of [`super::Size::ALL`].
    pub size_multiplier: [Multiplier; 3],
    /// Hazard multiplier of accompanied applicants.
    pub accompanied_multiplier: Multiplier,
    /// Rating classes, in file order; never empty; names unique.
    pub ratings: Vec<Rating>,
    /// The matrix that the ratings' PDs follow from; `None`: they were written as they are.
    pub migration: Option<Migration>,
}

impl Credit {
    /// The key that scales the PDs of all ratings alike: `*=2` doubles each.
    pub fn pd_level_key(&self) -> &'static str {
        match self.migration {
            Some(_) => "credit.migration.pd_multiplier",
            None => "credit.rating.*.pd",
        }
    }
}

/// `[[credit.rating]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    /// Its name.
    pub name: String,
    /// Yearly probability of default by year of age, given survival so far; the last repeats; never empty. With a
    /// [`Credit::migration`] what follows from it.
    pub pd: Vec<Probability>,
    /// Margin over the reference rate (state aid).
    pub reference_margin: Rate,
    /// Safe-harbour guarantee premium (state aid).
    pub guarantee_premium: Rate,
}

/// `[macro]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Economy {
    /// Factor on every hazard over time.
    pub pd_multiplier: PdMultiplier,
    /// Shift of the global factor by fund year (negative = bad); the last repeats; autoregressive factors only.
    pub factor_shift: Vec<Quantity>,
    /// The largest project of each path defaults so many quarters after its disbursement at the latest; `None`: as its
    /// luck says ([`crate::engine::forced`]).
    pub largest_fails_after_quarters: Option<u32>,
}

/// How the multiplier on hazards moves over time.
#[derive(Clone, Debug, PartialEq)]
pub enum PdMultiplier {
    /// By fund year (quarter div 4); the last repeats; never empty.
    ByFundYear(Vec<Multiplier>),
    /// By calendar year, in order; years not named have 1.
    ByCalendarYear(Vec<(i32, Multiplier)>),
}
