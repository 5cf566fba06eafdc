//! Where labels go so that none covers another: beside vertical markers, and stacked at the right edge.

/// A vertical marker whose label stands above the plot, right or left of its line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Flag {
    /// Where the line is.
    pub x: f64,
    /// How wide the label is.
    pub width: f64,
}

/// Where a flag's label is put.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct FlagPlace {
    /// 0 is the row next to the plot.
    pub row: usize,
    /// Left end of the label.
    pub left: f64,
}

/// From a line to its label.
const BESIDE: f64 = 6.0;
/// Between two labels of a row.
const APART: f64 = 12.0;

/// Puts labels into as few rows as possible: no label covers another, and no line crosses a label.
///
/// A line runs from the plot up to the row of its own label. If no such arrangement exists (labels wider than half
/// the plot), every label gets a row of its own, moved inside the bounds.
pub(super) fn place_flags(flags: &[Flag], left: f64, right: f64) -> Vec<FlagPlace> {
    for rows in 1..=flags.len() {
        let mut places = Vec::new();
        if search(flags, rows, (left, right), &mut places) {
            return places;
        }
    }
    flags
        .iter()
        .enumerate()
        .map(|(index, flag)| FlagPlace {
            row: flags.len() - 1 - index,
            left: (flag.x + BESIDE).min(right - flag.width).max(left),
        })
        .collect()
}

/// Places the next flag in every way that goes with those placed, depth first.
fn search(flags: &[Flag], rows: usize, bounds: (f64, f64), places: &mut Vec<FlagPlace>) -> bool {
    let next = places.len();
    let Some(flag) = flags.get(next) else { return true };
    for row in 0..rows {
        for start in [flag.x + BESIDE, flag.x - BESIDE - flag.width] {
            let place = FlagPlace { row, left: start };
            let inside = start >= bounds.0 && start + flag.width <= bounds.1;
            let free = (0..next).all(|other| !conflict((flag, &place), (&flags[other], &places[other])));
            if inside && free {
                places.push(place);
                if search(flags, rows, bounds, places) {
                    return true;
                }
                places.pop();
            }
        }
    }
    false
}

fn conflict(one: (&Flag, &FlagPlace), other: (&Flag, &FlagPlace)) -> bool {
    let crosses = |line: (&Flag, &FlagPlace), label: (&Flag, &FlagPlace)| {
        let (start, end) = (label.1.left, label.1.left + label.0.width);
        line.1.row >= label.1.row && line.0.x > start - 4.0 && line.0.x < end + 4.0
    };
    let covers = one.1.row == other.1.row
        && one.1.left < other.1.left + other.0.width + APART
        && other.1.left < one.1.left + one.0.width + APART;
    covers || crosses(one, other) || crosses(other, one)
}

/// Positions for items of some height, as near as possible to where they want to be, without overlap and inside
/// the bounds; the order of the wishes is kept. If they do not fit, they are squeezed evenly.
///
/// Each wish is `(position, height)`. Items that would touch are moved apart around their common middle: with the
/// room that the items before it need taken off each wish, this is a least-squares fit of a rising sequence
/// (isotonic regression by pooling neighbours).
pub(super) fn spread(wishes: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|a, b| wishes[*a].0.total_cmp(&wishes[*b].0));
    let needed: f64 = wishes.iter().map(|wish| wish.1).sum();
    let squeeze = if needed > high - low { (high - low) / needed } else { 1.0 };
    let spare = (high - low - needed * squeeze).max(0.0);

    // How far each item may start below the ones before it, all of them stacked.
    let mut stacked = 0.0;
    let mut pools: Vec<(f64, f64)> = Vec::new();
    let mut offsets = Vec::new();
    for index in &order {
        let (position, height) = (wishes[*index].0, wishes[*index].1 * squeeze);
        offsets.push(stacked + height / 2.0);
        let mut pool = (position - low - stacked - height / 2.0, 1.0);
        stacked += height;
        while let Some(before) = pools.pop_if(|before| before.0 / before.1 > pool.0 / pool.1) {
            pool = (pool.0 + before.0, pool.1 + before.1);
        }
        pools.push(pool);
    }
    let shifts = pools.iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count, *count as usize));
    let mut places = vec![0.0; wishes.len()];
    for ((index, offset), shift) in order.iter().zip(&offsets).zip(shifts) {
        places[*index] = low + offset + shift.clamp(0.0, spare);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(flags: &[Flag]) -> Result<(), TestCaseError> {
        let places = place_flags(flags, 0.0, 900.0);
        for one in 0..flags.len() {
            prop_assert!(places[one].left >= 0.0 && places[one].left + flags[one].width <= 900.0);
            for other in 0..one {
                prop_assert!(!conflict((&flags[one], &places[one]), (&flags[other], &places[other])));
            }
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn labels_never_cover_each_other(
            spec in prop::collection::vec((0.0..900.0_f64, 20.0..200.0_f64), 1..7)
        ) {
            let flags: Vec<Flag> = spec.iter().map(|(x, width)| Flag { x: *x, width: *width }).collect();
            check(&flags)?;
        }

        #[test]
        fn spread_items_keep_apart(
            wishes in prop::collection::vec((-50.0..350.0_f64, 5.0..40.0_f64), 1..8)
        ) {
            let places = spread(&wishes, 0.0, 300.0);
            let needed: f64 = wishes.iter().map(|wish| wish.1).sum();
            let squeeze = if needed > 300.0 { 300.0 / needed } else { 1.0 };
            for one in 0..wishes.len() {
                let half = wishes[one].1 * squeeze / 2.0;
                prop_assert!(places[one] - half >= -1e-6 && places[one] + half <= 300.0 + 1e-6);
                for other in 0..one {
                    let room = half + wishes[other].1 * squeeze / 2.0;
                    prop_assert!((places[one] - places[other]).abs() >= room - 1e-6);
                }
            }
        }
    }

    #[test]
    fn markers_at_one_place_get_rows_of_their_own() {
        let flags = [Flag { x: 10.0, width: 300.0 }; 5];
        check(&flags).expect("five labels at the left edge");
        assert_eq!(place_flags(&[Flag { x: 10.0, width: 2000.0 }], 0.0, 900.0)[0].left, 0.0);
    }

    #[test]
    fn lonely_labels_stay_where_they_want_to_be() {
        assert_eq!(spread(&[(50.0, 10.0), (100.0, 10.0)], 0.0, 300.0), [50.0, 100.0]);
        assert_eq!(spread(&[(50.0, 10.0), (50.0, 10.0)], 0.0, 300.0), [45.0, 55.0], "around their middle");
        assert_eq!(spread(&[(0.0, 10.0), (0.0, 10.0)], 0.0, 300.0), [5.0, 15.0], "inside the bounds");
    }
}
