//! `[credit.migration]`: how enterprises move between ratings from year to year, and the default probabilities that follow.
//!
//! A rating given at disbursement does not stay: some enterprises get better, some worse, some fail. A yearly transition
//! matrix says how many, and takes the place of a PD list for every rating. The rating is followed only as far as it
//! decides defaults: the project keeps the class that it was approved with in all tables, and its PD moves with age.
//!
//! # Formula
//!
//! With `P` the matrix among the ratings (without the default state), `S_r(y)` the chance that a project of rating `r` is
//! alive after `y` years is the sum of row `r` of `P^y`, and the PD of year of age `y`, given that the project reached it, is
//! `PD_r(y) = 1 - S_r(y) / S_r(y-1)`, times `pd_multiplier`. It is computed as the mean of the default column over the ratings of
//! the survivors, whose shares are carried from year to year: the same number, without `S` running out of digits.
//!
//! # Quarters
//!
//! Within a year of age the hazard is constant, as it is for a PD list (MODEL.md section 5): survival is exact at every year's
//! end and falls by equal factors between. A root or a generator of the matrix would place a few defaults of a year earlier or
//! later in it, but it does not exist for every matrix, and where it does it need not be the only one or have entries from 0 to
//! 1 (Israel, Rosenthal and Wei 2001, Mathematical Finance 11). The yearly figures are what published matrices know.
//!
//! Source: Jarrow, Lando and Turnbull (1997), Review of Financial Studies 10, section 1 (the chain, default absorbs).

use crate::units::{Multiplier, Probability, Share};
use rust_decimal::Decimal;

/// Years of age that a PD list is derived for: the longest tenor.
pub const LONGEST_LIFE_YEARS: usize = 40;

/// `[credit.migration]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// From each rating, in the order of the ratings: the yearly chance of each rating, then of default. Every row adds up
    /// to 1, its last entry is below 1.
    pub rows: Vec<Vec<Share>>,
    /// Factor on every PD that follows from the matrix.
    pub pd_multiplier: Multiplier,
}

impl Migration {
    /// The yearly PD of each rating by year of age, given survival so far; the last repeats.
    ///
    /// # Errors
    /// The position of a rating whose PD the multiplier lifts to 1 or above, with that PD.
    pub fn pd_by_age(&self) -> Result<Vec<Vec<Probability>>, (usize, Decimal)> {
        (0..self.rows.len())
            .map(|rating| {
                let of_survivors = self.of_survivors(rating).into_iter();
                let scaled = of_survivors.map(|pd| pd * self.pd_multiplier.decimal());
                let mut pds: Vec<Probability> = scaled
                    .map(|pd| Probability::new(pd.normalize()).map_err(|_| (rating, pd)))
                    .collect::<Result<_, _>>()?;
                while pds.len() > 1 && pds[pds.len() - 1] == pds[pds.len() - 2] {
                    pds.pop();
                }
                Ok(pds)
            })
            .collect()
    }

    /// The default column averaged over the ratings of those who are alive, year after year.
    fn of_survivors(&self, rating: usize) -> Vec<Decimal> {
        let ratings = self.rows.len();
        let mut alive = vec![Decimal::ZERO; ratings];
        alive[rating] = Decimal::ONE;
        (0..LONGEST_LIFE_YEARS)
            .map(|_| {
                let flow = |to: usize| -> Decimal {
                    alive.iter().zip(&self.rows).map(|(share, row)| *share * row[to].decimal()).sum()
                };
                let default = flow(ratings);
                let moved: Vec<Decimal> = (0..ratings).map(flow).collect();
                // Their sum, rather than 1 - default: roundings of the shares do not build up.
                let survivors: Decimal = moved.iter().sum();
                alive = moved.into_iter().map(|share| share / survivors).collect();
                default
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(rows: &[&[&str]], multiplier: &str) -> Migration {
        let share = |text: &&str| Share::new(text.parse().expect("a number")).expect("a share");
        Migration {
            rows: rows.iter().map(|row| row.iter().map(share).collect()).collect(),
            pd_multiplier: Multiplier::new(multiplier.parse().expect("a number")).expect("a multiplier"),
        }
    }

    fn pds(migration: &Migration, rating: usize) -> Vec<f64> {
        migration.pd_by_age().expect("PDs below 1")[rating].iter().map(|pd| pd.to_f64()).collect()
    }

    #[test]
    fn one_rating_keeps_its_pd() {
        assert_eq!(pds(&migration(&[&["0.97", "0.03"]], "1"), 0), [0.03]);
        assert_eq!(pds(&migration(&[&["0.97", "0.03"]], "2"), 0), [0.06]);
    }

    #[test]
    fn who_never_moves_never_defaults() {
        let identity = migration(&[&["1", "0", "0"], &["0", "1", "0"]], "1");
        assert_eq!((pds(&identity, 0), pds(&identity, 1)), (vec![0.0], vec![0.0]));
    }

    /// Two ratings, of which one falls into the other and only that one defaults: alive after `y` years are `a^y` in the
    /// first and `(1 - a) (a^y - b^y) / (a - b)` in the second.
    #[test]
    fn two_ratings_agree_with_the_closed_form() {
        let (stay_good, stay_bad) = (0.9, 0.8);
        let falling = migration(&[&["0.9", "0.1", "0"], &["0", "0.8", "0.2"]], "1");
        let mut power_good = 1.0;
        let mut power_bad = 1.0;
        let mut before = 1.0;
        for (year, pd) in pds(&falling, 0).iter().enumerate() {
            power_good *= stay_good;
            power_bad *= stay_bad;
            let second = (1.0 - stay_good) * (power_good - power_bad) / (stay_good - stay_bad);
            let alive = power_good + second;
            assert!((pd - (1.0 - alive / before)).abs() < 1e-12, "year {year}: {pd}");
            before = alive;
        }
        assert_eq!(pds(&falling, 1), [0.2]);
    }

    #[test]
    fn a_pd_of_one_is_refused_with_its_rating() {
        let steep = migration(&[&["0.9", "0.05", "0.05"], &["0", "0.4", "0.6"]], "2");
        let (rating, pd) = steep.pd_by_age().expect_err("1.2 is no probability");
        assert_eq!((rating, pd.normalize().to_string()), (1, "1.2".to_string()));
    }

    /// DOMAIN.md section 5.6: cumulative default over five years of the five MCC classes, as computed there.
    #[test]
    fn the_matrix_of_the_library_has_its_published_five_year_defaults() {
        let matrix = migration(
            &[
                &["0.85", "0.125", "0.02", "0.0033", "0.001", "0.0007"],
                &["0.04", "0.82", "0.115", "0.0175", "0.003", "0.0045"],
                &["0.005", "0.09", "0.76", "0.105", "0.02", "0.02"],
                &["0.001", "0.014", "0.13", "0.68", "0.117", "0.058"],
                &["0", "0.005", "0.035", "0.17", "0.64", "0.15"],
            ],
            "1",
        );
        for (rating, published) in [1.8, 5.1, 13.3, 27.2, 44.6].into_iter().enumerate() {
            let alive: f64 = pds(&matrix, rating).iter().take(5).map(|pd| 1.0 - pd).product();
            assert!((100.0 * (1.0 - alive) - published).abs() <= 0.05, "{rating}: {}", 1.0 - alive);
        }
    }
}
