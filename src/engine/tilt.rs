//! The law that `--tail` draws from: half of the paths as the model says, half of them pushed towards large losses.
//!
//! # Why the figures stay unbiased, and why no weight exceeds 2
//!
//! Let `x` be everything random that a path looks at, `f` its density in the model and `g` its density in the tilted law.
//! Paths are drawn from the *defensive mixture* `(f + g) / 2` (Hesterberg 1995; Owen and Zhou 2000) and weigh
//!
//! `w(x) = f(x) / ((f(x) + g(x)) / 2) = 2 / (1 + g(x) / f(x))`.
//!
//! For every figure `h` the mean of `w(x) h(x)` is the integral of `h f`: what the model says, whatever `g` is, also of figures
//! that the tilt was not made for. As `g / f >= 0`, `w <= 2`: no single path can rule a result, and the variance of a
//! mean is at most about doubled (see [`crate::aggregate::tail::moments`]).
//!
//! # What is tilted
//!
//! *Common luck.* The standard normals behind the global factor, the themes, the mixing variable of the Student-t copula
//! (by its normal score), the PD levels and the demand levels are summed up in [`COORDINATES`] independent standard
//! normals `y`; of an autoregressive factor the coordinate is a fixed unit combination of its shocks, so that its shift is one
//! smooth curve over the quarters. The tilted law shifts `y` by a vector `m`. Its ratio depends on the position
//! `z = m y / |m|` alone: `g / f = exp(|m| z - |m|^2 / 2)` (the mean shift of Glasserman, Heidelberger and Shahabuddin
//! 1999). What is orthogonal to `m` keeps its law and its addresses.
//!
//! *Own luck.* Given the common luck, a project defaults with the chance `p`; the tilted law uses `p'` whose log odds are
//! higher in proportion to what can be lost on it: the exponential twist of Glasserman and Li (2005), with a slope that
//! falls as the common luck is already bad and as losses are already large, so that it pushes only as far as needed. A
//! default of the tilted law also tends to be early, severe and uncured. Ratios of all draws multiply. The twist
//! of a project may depend on everything drawn before it, since its ratio has mean 1 whatever came before; draws that no path
//! looks at (of projects never funded) have no ratio.
//!
//! # Why strata
//!
//! Among independent draws the number of paths with a position in a given range is random, and that adds noise. In each
//! set of [`SET_PATHS`] paths the two halves have one path in each of as many equally likely ranges of `z` (proportional
//! stratification, Cochran 1977, section 5.6): unbiased, never worse, and what depends on `z` alone is almost exact.
//! Sets are independent of each other, from which all errors are estimated ([`crate::aggregate::tail::interval`]).
//!
//! Which tilt is chosen is told in [`crate::aggregate::tail::pilot`]; a bad choice costs precision, never truth.

use super::factors::{CommonNormal, THEMES};
use super::luck::LuckRecord;
use crate::numeric::{exp, ln};
use crate::units::Cents;

/// Scalars that sum up the common luck: the global factor, the themes, the mixing variable, PD level and demand of
/// either line.
pub const COORDINATES: usize = 2 + THEMES + 4;

/// Paths of one stratified set: half of them tilted, each half stratified by itself. Sets are independent of each
/// other; a block of [`crate::aggregate::BLOCK_PATHS`] paths holds whole sets only.
pub const SET_PATHS: u64 = 64;

/// The coordinate to which a common normal belongs.
pub fn coordinate(which: CommonNormal) -> usize {
    match which {
        CommonNormal::Global { .. } => 0,
        CommonNormal::Theme { theme, .. } => 1 + theme,
        CommonNormal::Mixing => 1 + THEMES,
        CommonNormal::PdLevel { slot } => 2 + THEMES + slot,
        CommonNormal::Demand { slot } => 4 + THEMES + slot,
    }
}

/// A tilted law.
#[derive(Clone, Debug, PartialEq)]
pub struct Tilt {
    /// Weight of each quarter's shock in its factor's coordinate; squares add up to 1.
    profile: Vec<f64>,
    /// Unit vector of the shift, by coordinate; all 0 if nothing is shifted.
    direction: [f64; COORDINATES],
    /// Length of the shift.
    length: f64,
    /// Tilt of the projects' own luck, by slot; empty if it is left alone.
    own: Vec<DefaultTilt>,
    /// Cents of the endowment: the unit of sizes.
    endowment: f64,
}

/// Tilt of a line's projects' own luck.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefaultTilt {
    /// What the log odds of a default gain per unit of size: a constant, a part that grows with the position of the
    /// common luck and a part that grows with what is already known to default.
    pub twist: [f64; 3],
    /// A default's relative place within its chance is a uniform to the power `1 / earliness`; below 1: early.
    pub earliness: f64,
    /// Likewise for one minus the uniform of the loss given default; below 1: severe.
    pub severity: f64,
    /// What the log odds of a cure gain.
    pub cure_twist: f64,
}

impl DefaultTilt {
    /// Leaves everything as it is.
    pub const NONE: DefaultTilt =
        DefaultTilt { twist: [0.0; 3], earliness: 1.0, severity: 1.0, cure_twist: 0.0 };

    /// What multiplies each part of [`DefaultTilt::twist`].
    pub fn features(size: f64, position: f64, fallen: f64) -> [f64; 3] {
        [size, size * position, size * fallen]
    }

    /// The same, `part` as strong.
    pub fn scaled(&self, part: f64) -> DefaultTilt {
        DefaultTilt {
            twist: self.twist.map(|twist| part * twist),
            earliness: 1.0 + part * (self.earliness - 1.0),
            severity: 1.0 + part * (self.severity - 1.0),
            cure_twist: part * self.cure_twist,
        }
    }

    /// The chance of a default whose plain chance is given.
    pub fn chance(&self, plain: f64, size: f64, position: f64, fallen: f64) -> f64 {
        let features = Self::features(size, position, fallen);
        twisted(plain, self.twist.iter().zip(features).map(|(twist, feature)| twist * feature).sum())
    }
}

/// Logarithm of tilted over plain probability of an event with these chances that did or did not happen.
pub fn event_log_ratio(plain: f64, tilted: f64, happened: bool) -> f64 {
    if happened { ln(tilted / plain) } else { ln((1.0 - tilted) / (1.0 - plain)) }
}

/// Logarithm of the density `a v^(a-1)` of a uniform to the power `1/a`.
pub fn power_log_density(power: f64, value: f64) -> f64 {
    if power == 1.0 { 0.0 } else { ln(power) + (power - 1.0) * ln(value) }
}

/// A probability whose log odds gain `twist`, at most 8 either way: `p e^t / (1 - p + p e^t)`.
pub fn twisted(probability: f64, twist: f64) -> f64 {
    const MOST: f64 = 8.0;
    if twist == 0.0 {
        return probability;
    }
    let odds = probability * exp(twist.clamp(-MOST, MOST));
    odds / (1.0 - probability + odds)
}

impl Tilt {
    /// A tilt that moves nothing, for an endowment; `profile` gives the weight of each quarter's shock.
    pub fn none(profile: Vec<f64>, endowment: Cents) -> Tilt {
        Tilt {
            profile,
            direction: [0.0; COORDINATES],
            length: 0.0,
            own: Vec::new(),
            endowment: endowment.to_f64().max(1.0),
        }
    }

    /// The same with the common luck shifted by a vector of coordinates.
    pub fn shifted(mut self, shift: [f64; COORDINATES]) -> Tilt {
        self.length = shift.iter().map(|part| part * part).sum::<f64>().sqrt();
        self.direction =
            if self.length > 0.0 { shift.map(|part| part / self.length) } else { [0.0; COORDINATES] };
        self
    }

    /// The same with the projects' own luck tilted, by slot.
    pub fn with_own_luck(mut self, own: Vec<DefaultTilt>) -> Tilt {
        self.own = own;
        self
    }

    /// The same with the shift of the common luck and the tilt of the own luck weakened to parts of theirs.
    pub fn scaled(&self, common: f64, own: f64) -> Tilt {
        Tilt {
            length: common * self.length,
            own: self.own.iter().map(|tilt| tilt.scaled(own)).collect(),
            ..self.clone()
        }
    }

    /// Weight of each quarter's shock in its factor's coordinate.
    pub fn profile(&self) -> &[f64] {
        &self.profile
    }

    /// Length of the shift of the common luck.
    pub fn length(&self) -> f64 {
        self.length
    }

    /// Unit vector of the shift, by coordinate.
    pub fn direction(&self) -> &[f64; COORDINATES] {
        &self.direction
    }

    /// Whether the projects' own luck is tilted.
    pub fn tilts_own_luck(&self) -> bool {
        !self.own.is_empty()
    }

    /// The tilt of a line's own luck.
    pub fn default_tilt(&self, slot: usize) -> Option<&DefaultTilt> {
        self.own.get(slot)
    }

    /// An amount as a share of the endowment.
    pub fn size(&self, amount: Cents) -> f64 {
        amount.to_f64() / self.endowment
    }

    /// Logarithm of tilted over plain density of all that a path drew, `cure_rates` being the lines' by slot.
    pub fn log_ratio(&self, drawn: &LuckRecord, cure_rates: &[f64]) -> f64 {
        let along = drawn.common.iter().zip(&self.direction).map(|(value, part)| value * part).sum::<f64>();
        let common = self.length * (along - self.length / 2.0);
        if self.own.is_empty() {
            return common;
        }
        let defaults = drawn.defaults.iter().map(|draw| {
            let tilted = self.own[draw.slot].chance(draw.chance, draw.size, along, draw.fallen);
            event_log_ratio(draw.chance, tilted, draw.defaulted)
        });
        let timings = drawn
            .timings
            .iter()
            .map(|&(slot, relative)| power_log_density(self.own[slot].earliness, relative));
        let cures = drawn.cures.iter().map(|&(slot, cured)| {
            let plain = cure_rates[slot];
            event_log_ratio(plain, twisted(plain, self.own[slot].cure_twist), cured)
        });
        let severities =
            drawn.severities.iter().map(|&(slot, rest)| power_log_density(self.own[slot].severity, rest));
        common + defaults.chain(timings).chain(cures).chain(severities).sum::<f64>()
    }

    /// Weight of a common normal in its coordinate.
    pub fn profile_at(&self, which: CommonNormal) -> f64 {
        match which {
            CommonNormal::Global { quarter } | CommonNormal::Theme { quarter, .. } => {
                self.profile[quarter as usize]
            }
            CommonNormal::Mixing | CommonNormal::PdLevel { .. } | CommonNormal::Demand { .. } => 1.0,
        }
    }

    /// Weight of a common normal in the position along the direction.
    pub fn part(&self, which: CommonNormal) -> f64 {
        self.direction[coordinate(which)] * self.profile_at(which)
    }
}

/// Where a path stands in its stratified set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Whether it is drawn from the tilted law.
    pub tilted: bool,
    /// Its stratum, from 0.
    pub stratum: u64,
    /// Strata of its half.
    pub strata: u64,
    /// Part of the set that is drawn from the tilted law.
    pub tilted_share: f64,
}

impl Place {
    /// A path that is not tilted, in one stratum.
    pub const PLAIN: Place = Place { tilted: false, stratum: 0, strata: 1, tilted_share: 0.0 };

    /// Of a path, counted from 0, of a run of `paths`. The last set may be smaller; of an odd one the smaller part is
    /// tilted, so that no weight exceeds 2.
    pub fn of(path: u64, paths: u64) -> Place {
        let (set, position) = (path / SET_PATHS, path % SET_PATHS);
        let members = SET_PATHS.min(paths - set * SET_PATHS);
        let tilted = members / 2;
        let tilted_share = tilted as f64 / members as f64;
        if position < tilted {
            Place { tilted: true, stratum: position, strata: tilted, tilted_share }
        } else {
            Place { tilted: false, stratum: position - tilted, strata: members - tilted, tilted_share }
        }
    }

    /// The probability at which the position is taken, for a uniform within the stratum.
    pub fn level(&self, uniform: f64) -> f64 {
        ((self.stratum as f64 + uniform) / self.strata as f64).min(1.0 - f64::EPSILON / 2.0)
    }

    /// Plain over mixture density, for a log ratio of tilted over plain density: `1 / (1 - a + a e^r)` with the tilted
    /// share `a <= 1/2`; never above `1 / (1 - a) <= 2`.
    pub fn weight(&self, log_ratio: f64) -> f64 {
        1.0 / (1.0 - self.tilted_share + self.tilted_share * exp(log_ratio))
    }
}
