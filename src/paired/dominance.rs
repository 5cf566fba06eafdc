//! Which mixes no other beats, judged beyond noise, and which one to recommend.
//!
//! **When a mix beats another.** It is better beyond noise in at least one objective, and worse beyond noise in none. Each side is
//! judged so that the doubt speaks for the mix that would be dropped: *worse* by the plain 95 % interval of the paired
//! difference; *better* only beyond an interval that is right for all mixes and objectives at once (Bonferroni: with 231
//! challengers and six objectives some of 1,386 plain intervals would miss by chance). An objective in which two mixes are
//! equal within noise decides nothing and blocks nothing: to ask for a proof in every objective would keep nearly all.
//!
//! **Which mixes are kept.** Being equal within noise is not transitive, so "beats" may run in circles. The mixes kept are the
//! kernel of the relation (von Neumann and Morgenstern 1944, chapter 12): each mix that is dropped is beaten by one that is
//! kept, and no kept mix beats another one, save where all that are left run in a circle: there the one that the fewest
//! beat is kept first.
//!
//! **The best of many.** The mixes that cannot be told from the best one are those whose difference to it is within the
//! simultaneous interval (multiple comparisons with the best, Hsu 1981; Bonferroni).

use super::difference::Estimate;
use super::influence::{Influence, error_of_mean, half_width};
use super::measure::Direction;
use crate::numeric::normal::normal_quantile;
use rayon::prelude::*;
use std::cmp::Ordering;

/// One objective's results for all mixes; `None` where a mix has none.
pub struct Objective {
    /// Which direction is better.
    pub direction: Direction,
    /// By mix, on the same paths.
    pub influences: Vec<Option<Influence>>,
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

/// Half of an interval that is right for `comparisons` of them at once, 95 %, in standard errors.
fn simultaneous(comparisons: usize) -> f64 {
    normal_quantile(1.0 - 0.025 / comparisons.max(1) as f64)
}

/// For each mix one that beats it; `None` for the mixes worth choosing. A mix without a value in some objective is
/// neither beaten nor beats.
pub fn dominated_by(objectives: &[Objective]) -> Vec<Option<usize>> {
    let mixes = objectives.first().map_or(0, |objective| objective.influences.len());
    let errors: Vec<Vec<f64>> = objectives
        .iter()
        .map(|objective| {
            objective
                .influences
                .par_iter()
                .map(|own| own.as_ref().map_or(0.0, Influence::std_error))
                .collect()
        })
        .collect();
    let beyond = simultaneous(mixes.saturating_sub(1) * objectives.len());
    let beaten_by: Vec<Vec<usize>> = (0..mixes)
        .into_par_iter()
        .map(|mix| {
            (0..mixes).filter(|&other| beats(objectives, &errors, beyond, other, mix)).collect::<Vec<usize>>()
        })
        .collect();
    kernel(&beaten_by)
}

/// Whether one mix beats another; `errors` are those of each objective's mixes.
fn beats(objectives: &[Objective], errors: &[Vec<f64>], beyond: f64, better: usize, worse: usize) -> bool {
    if better == worse {
        return false;
    }
    // The numbers alone settle most pairs: no paired error is larger than the sum of both.
    let mut gains = Vec::with_capacity(objectives.len());
    for (objective, errors) in objectives.iter().zip(errors) {
        let (Some(first), Some(second)) = (&objective.influences[worse], &objective.influences[better])
        else {
            return false;
        };
        let sign = if objective.direction == Direction::Down { -1.0 } else { 1.0 };
        let gain = sign * (second.value - first.value);
        if gain + half_width(errors[worse] + errors[better]) < 0.0 {
            return false;
        }
        gains.push(gain);
    }
    if gains.iter().all(|&gain| gain <= 0.0) {
        return false;
    }
    let mut is_better = false;
    for (objective, value) in objectives.iter().zip(gains) {
        let (Some(first), Some(second)) = (&objective.influences[worse], &objective.influences[better])
        else {
            return false;
        };
        if value < 0.0 || !is_better {
            let gain = gain(objective.direction, first, second);
            if gain.value + half_width(gain.std_error) < 0.0 {
                return false;
            }
            is_better |= gain.value > 0.0 && gain.value > beyond * gain.std_error;
        }
    }
    is_better
}

/// The kernel of a relation, `beaten_by[mix]` being who beats it: for each mix that is not kept one that is and beats it.
fn kernel(beaten_by: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mixes = beaten_by.len();
    let mut kept = vec![false; mixes];
    let mut dropped: Vec<Option<usize>> = vec![None; mixes];
    loop {
        let open: Vec<usize> = (0..mixes).filter(|&mix| !kept[mix] && dropped[mix].is_none()).collect();
        let rivals = |mix: usize| {
            beaten_by[mix].iter().filter(|&&other| !kept[other] && dropped[other].is_none()).count()
        };
        // The first of those that the fewest beat: none, unless only circles are left.
        let Some(&next) = open.iter().min_by_key(|&&mix| rivals(mix)) else { return dropped };
        kept[next] = true;
        for mix in open {
            if mix != next && beaten_by[mix].contains(&next) {
                dropped[mix] = Some(next);
            }
        }
    }
}

/// The mixes of a preference: the best one, and those that cannot be told from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contenders {
    /// The best by its number.
    pub best: usize,
    /// Others that cannot be told from it, all of them at once with 95 % confidence, best first.
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
    let beyond = simultaneous(others.len());
    let rivals = others
        .par_iter()
        .filter(|(_, influence)| {
            let gain = gain(direction, influence, of_best);
            let same = gain.value == 0.0 && gain.std_error == 0.0;
            !same && gain.value <= beyond * gain.std_error
        })
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
        // by less than its own noise; 4 the same as 0; 5 better in one beyond noise, in the other worse within noise.
        let up = Objective {
            direction: Direction::Up,
            influences: vec![
                mix(10.0, 1.0, &noise),
                mix(11.0, 1.0, &noise),
                mix(12.0, 1.0, &noise),
                mix(10.5, -1.0, &noise),
                mix(10.0, 1.0, &noise),
                mix(10.6, 1.0, &noise),
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
                mix(5.1, -2.0, &noise),
            ],
        };
        // 3 has opposite noise: its differences to 0 and 1 have an error of about 3 and 6. 5 beats 0 and 4 too, but is beaten
        // by 1, which is kept; 2 is not beaten by 1, being better in one.
        assert_eq!(dominated_by(&[up, down]), [Some(1), None, None, None, Some(1), Some(1)]);
    }

    #[test]
    fn every_mix_that_is_dropped_is_beaten_by_one_that_is_kept() {
        // 0 beats 1, 1 beats 2, 0 does not beat 2: 2 stays. 3, 4 and 5 beat one another in a circle.
        let beaten_by = [vec![], vec![0], vec![1], vec![5], vec![3], vec![4]];
        assert_eq!(
            kernel(&beaten_by),
            [None, Some(0), None, None, Some(3), None].map(|by: Option<usize>| by)
        );
    }

    #[test]
    fn many_comparisons_ask_for_more_than_one() {
        assert!((simultaneous(1) - 1.96).abs() < 1e-3);
        // 1 - 0.025 / 1386: 4.13 standard errors.
        assert!((simultaneous(231 * 6) - 4.13).abs() < 0.01, "{}", simultaneous(1_386));
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
