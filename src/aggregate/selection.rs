//! Order statistics at many ranks at once, without sorting everything.

/// Rearranges `values` so that for every wanted rank (0-based, ascending) the value at that position is the one that
/// sorting would put there, with smaller or equal values before it.
pub fn select_ranks(values: &mut [i64], ranks: &[usize]) {
    debug_assert!(ranks.windows(2).all(|pair| pair[0] <= pair[1]));
    select_between(values, 0, ranks);
}

fn select_between(values: &mut [i64], offset: usize, ranks: &[usize]) {
    if ranks.is_empty() || values.len() < 2 {
        return;
    }
    if values.len() <= 32 {
        values.sort_unstable();
        return;
    }
    // The middle rank splits values and ranks in two.
    let rank = ranks[ranks.len() / 2];
    let (before, _, after) = values.select_nth_unstable(rank - offset);
    let below = ranks.partition_point(|&r| r < rank);
    let above = ranks.partition_point(|&r| r <= rank);
    select_between(before, offset, &ranks[..below]);
    select_between(after, rank + 1, &ranks[above..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_sorting(mut values in proptest::collection::vec(-50i64..50, 1..400), picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..20)) {
            let mut ranks: Vec<usize> = picks.iter().map(|pick| pick.index(values.len())).collect();
            ranks.sort_unstable();
            let mut sorted = values.clone();
            sorted.sort_unstable();
            select_ranks(&mut values, &ranks);
            for rank in ranks {
                prop_assert_eq!(values[rank], sorted[rank]);
            }
        }
    }
}
