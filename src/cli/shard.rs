//! `--shard`: which share of a run is asked for.

use crate::locale::{Told, told};

/// Most shares of one run.
const MOST: u64 = 1_000_000;

/// A share of a run, or where to learn which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardChoice {
    /// `K/S`.
    Given {
        /// Which one, from 1 on.
        number: u64,
        /// Of how many.
        count: u64,
    },
    /// `/S`: of so many, the one that the scheduler says.
    OfMany(u64),
    /// Both as the scheduler says.
    AsScheduled,
}

/// Reads `K/S`, `/S`, or `auto`.
///
/// # Errors
/// What is expected.
pub fn parse_shard(word: &str) -> Result<ShardChoice, Told> {
    if word == "auto" {
        return Ok(ShardChoice::AsScheduled);
    }
    let expected = || {
        told!(
            "scrivere K/S con K da 1 a S e S al massimo {most}, per esempio 3/8",
            "expected K/S with K from 1 to S and S at most {most}, for example 3/8";
            most = MOST,
        )
    };
    let (number, count) = word.split_once('/').ok_or_else(expected)?;
    let count = count.parse().ok().filter(|count| (1..=MOST).contains(count)).ok_or_else(expected)?;
    if number.is_empty() {
        return Ok(ShardChoice::OfMany(count));
    }
    let number = number.parse().ok().filter(|number| (1..=count).contains(number)).ok_or_else(expected)?;
    Ok(ShardChoice::Given { number, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read() {
        assert_eq!(parse_shard("3/8"), Ok(ShardChoice::Given { number: 3, count: 8 }));
        assert_eq!(parse_shard("/8"), Ok(ShardChoice::OfMany(8)));
        assert_eq!(parse_shard("auto"), Ok(ShardChoice::AsScheduled));
        for wrong in
            ["", "8", "0/8", "9/8", "3/0", "3/", "a/b", "-1/2", "1/2/3", "1/1000001", "scenario.toml"]
        {
            assert!(parse_shard(wrong).is_err(), "{wrong}");
        }
    }
}
