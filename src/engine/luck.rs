//! How the luck of one path is drawn: as the model says, or from the tilted law of importance sampling.
//!
//! The engine asks its [`Luck`] for the common normals ([`Luck::draw_common`]) and for each project's own uniforms
//! ([`Luck::default_uniform`], [`Luck::cure_uniform`], [`Luck::severity_uniform`]). Plain luck hands back what the
//! addresses say, bit for bit. Tilted luck moves it, and keeps the likelihood ratio of what was drawn, from which the
//! path's weight follows ([`Luck::weight`]). Which law, and why, is told in [`super::tilt`].

use super::factors::{CommonNormal, CommonShift, PathFactors};
use super::tilt::{COORDINATES, Place, Tilt, coordinate, event_log_ratio, power_log_density, twisted};
use crate::numeric::normal::normal_quantile;
use crate::numeric::pow;
use crate::plan::Plan;
use crate::random::{Address, Purpose};
use crate::units::Cents;

/// Fixed-point one of a weight: weights are integers of 2^-36, so that their sums are exact in any order.
pub const WEIGHT_ONE: u64 = 1 << 36;

/// The luck of one path.
#[derive(Clone, Debug)]
pub struct Luck<'t> {
    tilt: Option<&'t Tilt>,
    place: Place,
    /// Where the path lies along the direction of the tilt.
    position: f64,
    /// Logarithm of tilted over plain density of everything drawn so far.
    log_ratio: f64,
    /// What can be lost on the project in question, as a share of the endowment.
    size: f64,
    /// Sum of the sizes of the projects that are known to default.
    fallen: f64,
    record: Option<Box<LuckRecord>>,
}

/// What a pilot path leaves for fitting the tilt: the values of the draws, not their addresses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LuckRecord {
    /// The coordinates of the common luck.
    pub common: [f64; COORDINATES],
    /// Each project's default draw.
    pub defaults: Vec<DefaultDraw>,
    /// Slot, and own uniform of a defaulted project over its chance of default: small is early.
    pub timings: Vec<(usize, f64)>,
    /// Slot, and whether the default cured.
    pub cures: Vec<(usize, bool)>,
    /// Slot, and one minus the uniform of the loss given default: small is severe.
    pub severities: Vec<(usize, f64)>,
}

/// The draw that decides whether a project defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefaultDraw {
    /// The line's slot.
    pub slot: usize,
    /// What can be lost on it, as a share of the endowment.
    pub size: f64,
    /// Sum of the sizes of projects known to default before.
    pub fallen: f64,
    /// The plain chance, given the common luck.
    pub chance: f64,
    /// Whether it defaults.
    pub defaulted: bool,
}

impl<'t> Luck<'t> {
    /// As the model says.
    pub fn plain() -> Luck<'t> {
        Luck {
            tilt: None,
            place: Place::PLAIN,
            position: 0.0,
            log_ratio: 0.0,
            size: 0.0,
            fallen: 0.0,
            record: None,
        }
    }

    /// From the defensive mixture of a tilt, at a place among its strata.
    pub fn tilted(tilt: &'t Tilt, place: Place) -> Luck<'t> {
        Luck { tilt: Some(tilt), place, ..Luck::plain() }
    }

    /// The same, remembering what is drawn.
    pub fn recording(tilt: &'t Tilt, place: Place) -> Luck<'t> {
        Luck { record: Some(Box::default()), ..Luck::tilted(tilt, place) }
    }

    /// Logarithm of tilted over plain density of everything drawn.
    pub fn log_ratio(&self) -> f64 {
        self.log_ratio
    }

    /// What was drawn, if it was to be remembered.
    pub fn record(&self) -> Option<&LuckRecord> {
        self.record.as_deref()
    }

    /// The weight of the path, in units of 2^-36: plain density over the density that it was drawn from. `1` for plain
    /// luck; at most 2 whatever was drawn ([`Place::weight`]).
    pub fn weight(&self) -> u64 {
        if self.tilt.is_none() {
            return WEIGHT_ONE;
        }
        (self.place.weight(self.log_ratio) * WEIGHT_ONE as f64).round_ties_even() as u64
    }

    /// Draws the common luck of a path.
    pub fn draw_common(&mut self, factors: &mut PathFactors, plan: &Plan, path: u64) {
        let Some(tilt) = self.tilt else {
            return factors.draw(plan, path);
        };
        let mut shift = 0.0;
        if tilt.length() > 0.0 {
            // The part along the direction is exchanged for the stratum's; what is orthogonal to it stays.
            let mut projection = Projection { tilt, along: 0.0 };
            factors.draw_moved(plan, path, &mut projection);
            let address = Address { seed: plan.seed, path, purpose: Purpose::Stratum, line: 0, index: 0 };
            let level = self.place.level(address.uniforms()[0]);
            self.position = normal_quantile(level) + if self.place.tilted { tilt.length() } else { 0.0 };
            self.log_ratio = tilt.length() * (self.position - tilt.length() / 2.0);
            shift = self.position - projection.along;
        }
        let mut mover =
            Mover { tilt, shift, seen: self.record.as_deref_mut().map(|record| &mut record.common) };
        factors.draw_moved(plan, path, &mut mover);
    }

    /// Turns to a project on which `at_risk` can be lost.
    pub fn of_project(&mut self, at_risk: Cents) -> &mut Self {
        if let Some(tilt) = self.tilt {
            self.size = tilt.size(at_risk);
        }
        self
    }

    /// The uniform that decides about a project's default: it defaults if that is at most `chance()`, early if it is
    /// small. `own` is what its address says.
    pub fn default_uniform(&mut self, slot: usize, own: f64, chance: impl FnOnce() -> f64) -> f64 {
        let Some(tilt) = self.tilt.filter(|tilt| tilt.tilts_own_luck() || self.record.is_some()) else {
            return own;
        };
        let chance = chance();
        if !(chance > 0.0 && chance < 1.0) {
            return own;
        }
        let (mut uniform, mut defaulted) = (own, own <= chance);
        let law = tilt.default_tilt(slot);
        if let Some(law) = law {
            let likely = law.chance(chance, self.size, self.position, self.fallen);
            if self.place.tilted {
                defaulted = own <= likely;
                uniform = if defaulted {
                    chance * pow(own / likely, 1.0 / law.earliness)
                } else {
                    let beyond = (own - likely) / (1.0 - likely);
                    (chance + beyond * (1.0 - chance)).min(1.0 - f64::EPSILON / 2.0)
                };
            }
            self.log_ratio += event_log_ratio(chance, likely, defaulted);
            if defaulted {
                self.log_ratio += power_log_density(law.earliness, uniform / chance);
            }
        }
        if let Some(record) = &mut self.record {
            record.defaults.push(DefaultDraw {
                slot,
                size: self.size,
                fallen: self.fallen,
                chance,
                defaulted,
            });
            if defaulted {
                record.timings.push((slot, uniform / chance));
            }
        }
        if defaulted {
            self.fallen += self.size;
        }
        uniform
    }

    /// The uniform that decides whether a default cures: if it is below `rate`.
    pub fn cure_uniform(&mut self, slot: usize, own: f64, rate: f64) -> f64 {
        let Some(tilt) = self.tilt.filter(|_| rate > 0.0 && rate < 1.0) else {
            return own;
        };
        let (mut uniform, mut cured) = (own, own < rate);
        if let Some(law) = tilt.default_tilt(slot) {
            let likely = twisted(rate, law.cure_twist);
            if self.place.tilted {
                cured = own < likely;
                uniform = if cured {
                    own / likely * rate
                } else {
                    rate + (own - likely) / (1.0 - likely) * (1.0 - rate)
                };
            }
            self.log_ratio += event_log_ratio(rate, likely, cured);
        }
        if let Some(record) = &mut self.record {
            record.cures.push((slot, cured));
        }
        uniform
    }

    /// The uniform of a default's loss given default: large is severe.
    pub fn severity_uniform(&mut self, slot: usize, own: f64) -> f64 {
        let Some(tilt) = self.tilt else {
            return own;
        };
        let mut uniform = own;
        if let Some(law) = tilt.default_tilt(slot) {
            if self.place.tilted {
                // Away from 0 and 1: the addressed uniforms are, and a power may round.
                let rest = pow(1.0 - own, 1.0 / law.severity);
                uniform = (1.0 - rest).clamp(f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0);
            }
            self.log_ratio += power_log_density(law.severity, 1.0 - uniform);
        }
        if let Some(record) = &mut self.record {
            record.severities.push((slot, 1.0 - uniform));
        }
        uniform
    }
}

/// Measures the common luck along the direction of a tilt.
struct Projection<'t> {
    tilt: &'t Tilt,
    along: f64,
}

impl CommonShift for Projection<'_> {
    fn shift(&mut self, which: CommonNormal, plain: impl FnOnce() -> f64) -> f64 {
        let part = self.tilt.part(which);
        if part != 0.0 {
            self.along += part * plain();
        }
        0.0
    }
}

/// Moves the common luck along the direction of a tilt.
struct Mover<'t, 'r> {
    tilt: &'t Tilt,
    shift: f64,
    seen: Option<&'r mut [f64; COORDINATES]>,
}

impl CommonShift for Mover<'_, '_> {
    fn shift(&mut self, which: CommonNormal, plain: impl FnOnce() -> f64) -> f64 {
        let shift = self.shift * self.tilt.part(which);
        if let Some(seen) = &mut self.seen {
            seen[coordinate(which)] += self.tilt.profile_at(which) * (plain() + shift);
        }
        shift
    }
}
