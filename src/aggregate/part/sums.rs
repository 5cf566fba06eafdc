//! Sums over paths as bytes. Beyond their form they are held against what sums of so many paths can be: adding up parts
//! must not overflow, and no variance may be below zero.

use super::codec::{Damaged, Reader, Writer};
use crate::aggregate::census::{CensusSums, FirstProjects};
use crate::aggregate::contributions::PartSums;
use crate::aggregate::groups::GroupMoments;
use crate::aggregate::lifetime::LifetimeSums;
use crate::aggregate::moments::{Moments, wide_product};
use crate::analytic::default_law::Traits;
use crate::plan::Plan;

/// No figure of a path has a larger magnitude: differences of two still fit 64 bits.
pub const LARGEST_VALUE: u64 = 1 << 62;
/// No path counts more of anything (applicants, projects): sums over 2^30 paths still fit 64 bits.
const MOST_COUNTED: u64 = 1 << 31;
/// No path has a larger product of two of projects, defaults and promises in 1e-9.
const LARGEST_PRODUCT: u128 = 1 << 96;

/// Writes moments.
pub fn store_moments(moments: &Moments, writer: &mut Writer) {
    writer.short(moments.count);
    if moments.count == 0 {
        return;
    }
    writer.signed(moments.sum);
    writer.unsigned(moments.squares_low);
    writer.short(moments.squares_high);
    // Sums of a timeline have no extremes.
    let extremes = moments.min <= moments.max;
    writer.short(u64::from(extremes));
    if extremes {
        writer.short_signed(moments.min);
        writer.short_signed(moments.max);
    }
}

/// Reads moments of at most `paths` values.
///
/// # Errors
/// [`Damaged`] if they cannot be those of any values.
pub fn restore_moments(reader: &mut Reader, paths: u64) -> Result<Moments, Damaged> {
    let count = reader.at_most(paths)?;
    let mut moments = Moments { count, ..Moments::default() };
    if count == 0 {
        return Ok(moments);
    }
    moments.sum = reader.signed()?;
    moments.squares_low = reader.unsigned()?;
    moments.squares_high = reader.at_most(count)?;
    if reader.at_most(1)? == 1 {
        (moments.min, moments.max) = (reader.short_signed()?, reader.short_signed()?);
        let largest = moments.min.unsigned_abs().max(moments.max.unsigned_abs());
        if moments.min > moments.max || largest > LARGEST_VALUE {
            return Err(Damaged("the extremes of a figure cannot be"));
        }
    }
    let magnitude = moments.sum.unsigned_abs();
    if magnitude > u128::from(count) * u128::from(LARGEST_VALUE) {
        return Err(Damaged("the sum of a figure is too large"));
    }
    // n sum x^2 >= (sum x)^2 (Cauchy and Schwarz).
    let (low, carry) = wide_product(moments.squares_low, u128::from(count));
    let high = carry + u128::from(moments.squares_high) * u128::from(count);
    let (square_low, square_high) = wide_product(magnitude, magnitude);
    if (high, low) < (square_high, square_low) {
        return Err(Damaged("the squares of a figure are too small for its sum"));
    }
    Ok(moments)
}

/// Writes the moments of groups.
pub fn store_groups(groups: &GroupMoments, writer: &mut Writer) {
    writer.length(groups.moments.len());
    groups.moments.iter().flatten().for_each(|moments| store_moments(moments, writer));
}

/// Reads the moments of groups over `empty`'s groups.
///
/// # Errors
/// [`Damaged`] if they are of other groups or cannot be.
pub fn restore_groups(
    reader: &mut Reader,
    mut empty: GroupMoments,
    paths: u64,
) -> Result<GroupMoments, Damaged> {
    reader.exactly(empty.moments.len())?;
    for moments in empty.moments.iter_mut().flatten() {
        *moments = restore_moments(reader, paths)?;
    }
    Ok(empty)
}

/// Writes lifetime sums.
pub fn store_lifetime(sums: &LifetimeSums, writer: &mut Writer) {
    for count in [sums.projects, sums.defaults] {
        writer.short_signed(count);
    }
    for sum in lifetime_products(&mut sums.clone()) {
        writer.signed(*sum);
    }
}

/// Reads lifetime sums.
///
/// # Errors
/// [`Damaged`] if a sum cannot be one over so many paths.
pub fn restore_lifetime(reader: &mut Reader, paths: u64) -> Result<LifetimeSums, Damaged> {
    let mut sums = LifetimeSums {
        projects: counted(reader, paths)?,
        defaults: counted(reader, paths)?,
        ..LifetimeSums::default()
    };
    for sum in lifetime_products(&mut sums) {
        *sum = reader.signed()?;
        if sum.unsigned_abs() > LARGEST_PRODUCT * u128::from(paths) {
            return Err(Damaged("a lifetime sum is too large"));
        }
    }
    Ok(sums)
}

fn lifetime_products(sums: &mut LifetimeSums) -> [&mut i128; 6] {
    [
        &mut sums.promised,
        &mut sums.projects_squared,
        &mut sums.promised_squared,
        &mut sums.defaults_squared,
        &mut sums.promised_projects,
        &mut sums.defaults_projects,
    ]
}

/// A count over paths.
fn counted(reader: &mut Reader, paths: u64) -> Result<i64, Damaged> {
    let value = reader.short_signed()?;
    let most = MOST_COUNTED.saturating_mul(paths).min(LARGEST_VALUE);
    if value < 0 || value.unsigned_abs() > most {
        return Err(Damaged("a count cannot be one over so many paths"));
    }
    Ok(value)
}

/// Writes a census.
pub fn store_census(census: &CensusSums, writer: &mut Writer) {
    writer.length(census.ratings.len());
    let counts = census.themes.iter().chain(&census.legal_forms).chain(&census.sizes).chain(&census.ratings);
    for count in counts.chain([&census.accompanied, &census.accept_other]) {
        writer.short_signed(*count);
    }
    writer.length(census.first_projects.len());
    for ((traits, quarter), counts) in &census.first_projects {
        for position in [traits.rating, traits.theme, traits.legal_form, traits.size] {
            writer.length(position);
        }
        writer.short(u64::from(traits.accompanied));
        writer.short(u64::from(*quarter));
        for count in [counts.projects, counts.defaults, counts.first_quarter] {
            writer.short(count);
        }
    }
}

/// Reads a census of one line of a plan.
///
/// # Errors
/// [`Damaged`] if it names what the plan has not, or counts what so many paths cannot have.
pub fn restore_census(reader: &mut Reader, plan: &Plan, paths: u64) -> Result<CensusSums, Damaged> {
    let ratings = plan.credit.hazards.len();
    let mut census = CensusSums::new(ratings);
    reader.exactly(ratings)?;
    let groups: [&mut [i64]; 4] =
        [&mut census.themes, &mut census.legal_forms, &mut census.sizes, &mut census.ratings];
    for count in groups.into_iter().flatten() {
        *count = counted(reader, paths)?;
    }
    census.accompanied = counted(reader, paths)?;
    census.accept_other = counted(reader, paths)?;
    let (themes, legal_forms, sizes) =
        (census.themes.len() as u64, census.legal_forms.len() as u64, census.sizes.len() as u64);
    let kinds = reader.length(paths)?;
    let mut left = paths;
    for _ in 0..kinds {
        let mut position = |count: u64| reader.at_most(count.saturating_sub(1)).map(|found| found as usize);
        let (rating, theme) = (position(ratings as u64)?, position(themes)?);
        let (legal_form, size) = (position(legal_forms)?, position(sizes)?);
        let accompanied = reader.at_most(1)? == 1;
        let traits = Traits { rating, theme, legal_form, size, accompanied };
        let quarter = reader.at_most(u64::from(plan.quarters))? as u32;
        let projects = reader.at_most(left)?;
        left -= projects;
        let (defaults, first_quarter) = (reader.at_most(projects)?, reader.at_most(projects)?);
        let counts = FirstProjects { projects, defaults, first_quarter };
        if projects == 0 || census.first_projects.insert((traits, quarter), counts).is_some() {
            return Err(Damaged("first projects are not counted once each"));
        }
    }
    Ok(census)
}

/// Writes sums of the loss of a part.
pub fn store_part_sums(sums: &PartSums, writer: &mut Writer) {
    writer.signed(sums.sum);
    writer.unsigned(sums.squares);
}

/// Reads sums of the loss of a part.
///
/// # Errors
/// [`Damaged`] if they are too large for so many paths.
pub fn restore_part_sums(reader: &mut Reader, paths: u64) -> Result<PartSums, Damaged> {
    let sums = PartSums { sum: reader.signed()?, squares: reader.unsigned()? };
    // Losses of a part are below 2^48 cents: their squares add up in 128 bits over 2^30 paths.
    let (largest, paths) = (1u128 << 48, u128::from(paths));
    if sums.sum.unsigned_abs() > largest * paths || sums.squares > largest * largest * paths {
        return Err(Damaged("the loss of a part is too large"));
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn moments_come_back(values in proptest::collection::vec(-(1i64 << 62)..1 << 62, 0..20)) {
            let mut moments = Moments::default();
            moments.add_all(&values);
            let mut writer = Writer::default();
            store_moments(&moments, &mut writer);
            let mut reader = Reader::new(&writer.bytes);
            prop_assert_eq!(restore_moments(&mut reader, 20), Ok(moments));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn moments_that_are_read_have_a_variance(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(mut moments) = restore_moments(&mut Reader::new(&bytes), 1 << 30) {
                prop_assert!(moments.variance() >= 0.0);
                moments.merge(&moments.clone());
                prop_assert!(moments.variance() >= 0.0);
            }
        }
    }

    #[test]
    fn squares_that_are_too_small_are_refused() {
        let mut writer = Writer::default();
        for number in [2, 200, 19_999, 0, 0] {
            writer.short(number);
        }
        // Two values with sum 100 (folded: 200) have squares of at least 5,000: 19,999 will do, 4,999 will not.
        assert!(restore_moments(&mut Reader::new(&writer.bytes), 2).is_ok());
        let mut writer = Writer::default();
        for number in [2, 200, 4_999, 0, 0] {
            writer.short(number);
        }
        assert!(restore_moments(&mut Reader::new(&writer.bytes), 2).is_err());
    }
}
