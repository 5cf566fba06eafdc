//! Which mixes no other beats, judged beyond noise, and which one to recommend.
//!
//! A mix is dominated only if another one is better in at least one objective, and worse in none, and the paired 95 %
//! intervals say both: in every objective the difference is either beyond noise in the other's favour or exactly nothing.

use super::difference::Estimate;
use super::influence::{Influence, error_of_mean, half_width};
use super::measure::Direction;
use rayon::prelude::*;
use std::cmp::Ordering;

/// One objective's results for all mixes; `None` where a mix has none.
pub struct Objective {
    /// Which direction is better.
    pub direction: Direction,
    /// By mix, on the same paths.
    pub influences: Vec<Option<Influence>>,
}

/// How the second of two mixes compares with the first in one objective.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Against {
    BetterBeyondNoise,
    Same,
    Unclear,
}

/// The second less the first, oriented so that positive is better.
fn gain(direction: Direction, first: &Influence, second: &Influence) -> Estimate {
    let sign = if direction == Direction::Down { -1.0 } else { 1.0 };
    let pairs = second.of_path.iter().zip(&first.of_path);
    Estimate {
        value: sign * (second.value - first.value),
        std_error: error_of_mean(pairs.map(|(second, first)| second - first)),
    }
}

fn against(direction: Direction, first: &Influence, second: &Influence) -> Against {
    let gain = gain(direction, first, second);
    if gain.value - half_width(gain.std_error) > 0.0 {
        Against::BetterBeyondNoise
    } else if gain.value == 0.0 && gain.std_error == 0.0 {
        Against::Same
    } else {
        Against::Unclear
    }
}

/// For each mix the first one that dominates it; `None` for the mixes worth choosing. A mix without a value in some
/// objective is neither dominated nor dominates.
pub fn dominated_by(objectives: &[Objective]) -> Vec<Option<usize>> {
    let mixes = objectives.first().map_or(0, |objective| objective.influences.len());
    (0..mixes)
        .into_par_iter()
        .map(|mix| (0..mixes).find(|&other| dominates(objectives, other, mix)))
        .collect()
}

fn dominates(objectives: &[Objective], better: usize, worse: usize) -> bool {
    if better == worse {
        return false;
    }
    let pair = |objective: &Objective| -> Option<(f64, f64)> {
        let sign = if objective.direction == Direction::Down { -1.0 } else { 1.0 };
        let value = |mix: usize| Some(sign * objective.influences[mix].as_ref()?.value);
        Some((value(better)?, value(worse)?))
    };
    // The numbers alone settle most pairs; the errors are looked at only where they might.
    let mut gains = false;
    for objective in objectives {
        match pair(objective) {
            Some((better, worse)) if better >= worse => gains |= better > worse,
            _ => return false,
        }
    }
    if !gains {
        return false;
    }
    let mut beyond_noise = false;
    for objective in objectives {
        let (Some(first), Some(second)) = (&objective.influences[worse], &objective.influences[better])
        else {
            return false;
        };
        match against(objective.direction, first, second) {
            Against::BetterBeyondNoise => beyond_noise = true,
            Against::Same => {}
            Against::Unclear => return false,
        }
    }
    beyond_noise
}

/// The mixes of a preference: the best one, and those that cannot be told from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contenders {
    /// The best by its number.
    pub best: usize,
    /// Others whose difference to it is within the 95 % interval, best first.
    pub rivals: Vec<usize>,
}

/// The best of some mixes by one number; `None` if there is none. Equal numbers: the first one, and those that are the same
/// on every path are no rivals but the same choice.
pub fn contenders(
    direction: Direction,
    influences: &[Option<Influence>],
    allowed: impl Fn(usize) -> bool,
) -> Option<Contenders> {
    let sign = if direction == Direction::Down { -1.0 } else { 1.0 };
    let mut ranked: Vec<(usize, &Influence)> = influences
        .iter()
        .enumerate()
        .filter(|&(mix, _)| allowed(mix))
        .filter_map(|(mix, influence)| Some((mix, influence.as_ref()?)))
        .collect();
    ranked.sort_by(|one, other| {
        (sign * other.1.value).partial_cmp(&(sign * one.1.value)).unwrap_or(Ordering::Equal)
    });
    let (&(best, of_best), others) = ranked.split_first()?;
    let rivals = others
        .par_iter()
        .filter(|(_, influence)| against(direction, influence, of_best) == Against::Unclear)
        .map(|&(mix, _)| mix)
        .collect();
    Some(Contenders { best, rivals })
}

/// The influence of a ratio of two means: `(IF_a - ratio IF_b) / b` (delta method). `None` if `b` is 0.
pub fn ratio_of(numerator: &Influence, denominator: &Influence) -> Option<Influence> {
    if denominator.value == 0.0 {
        return None;
    }
    let value = numerator.value / denominator.value;
    let of_path = numerator
        .of_path
        .iter()
        .zip(&denominator.of_path)
        .map(|(of_numerator, of_denominator)| (of_numerator - value * of_denominator) / denominator.value)
        .collect();
    Some(Influence { value, of_path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mix whose paths lie around `mean` with the shared noise `noise` times `scale`.
    fn mix(mean: f64, scale: f64, noise: &[f64]) -> Option<Influence> {
        Some(Influence { value: mean, of_path: noise.iter().map(|noise| scale * noise).collect() })
    }

    fn noise() -> Vec<f64> {
        let raw: Vec<f64> = (0..400).map(|path| f64::from((path * 37 % 101) - 50)).collect();
        let mean = raw.iter().sum::<f64>() / 400.0;
        raw.into_iter().map(|value| value - mean).collect()
    }

    #[test]
    fn dominance_by_construction() {
        let noise = noise();
        // Mixes: 0 the reference; 1 better in both beyond noise; 2 better in one, worse in the other; 3 better in both, but
        // by less than its own noise; 4 the same as 0.
        let up = Objective {
            direction: Direction::Up,
            influences: vec![
                mix(10.0, 1.0, &noise),
                mix(11.0, 1.0, &noise),
                mix(12.0, 1.0, &noise),
                mix(10.5, -1.0, &noise),
                mix(10.0, 1.0, &noise),
            ],
        };
        let down = Objective {
            direction: Direction::Down,
            influences: vec![
                mix(5.0, 2.0, &noise),
                mix(4.0, 2.0, &noise),
                mix(6.0, 2.0, &noise),
                mix(4.5, -2.0, &noise),
                mix(5.0, 2.0, &noise),
            ],
        };
        // 3 has opposite noise: its differences to 0 and 1 have an error of about 3 and 6.
        assert_eq!(dominated_by(&[up, down]), [Some(1), None, None, None, Some(1)]);
    }

    #[test]
    fn rivals_are_those_within_noise_of_the_best() {
        let noise = noise();
        let values = vec![
            mix(10.0, 1.0, &noise),
            mix(9.9, -1.0, &noise),
            mix(9.0, 1.0, &noise),
            None,
            mix(12.0, 1.0, &noise),
        ];
        let found = contenders(Direction::Up, &values, |mix| mix != 4).expect("some mix");
        assert_eq!(found, Contenders { best: 0, rivals: vec![1] });
        assert_eq!(contenders(Direction::Up, &values, |_| false), None);
    }

    #[test]
    fn a_ratio_moves_with_both_of_its_parts() {
        let noise = noise();
        let (a, b) = (mix(20.0, 3.0, &noise).expect("some"), mix(4.0, 1.0, &noise).expect("some"));
        let ratio = ratio_of(&a, &b).expect("not by nothing");
        assert_eq!(ratio.value, 5.0);
        for (influence, noise) in ratio.of_path.iter().zip(&noise) {
            assert!((influence - (3.0 * noise - 5.0 * noise) / 4.0).abs() < 1e-12);
        }
        assert!(ratio_of(&a, &mix(0.0, 1.0, &noise).expect("some")).is_none());
    }
}
