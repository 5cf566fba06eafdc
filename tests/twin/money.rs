//! Money: euros with two decimals, and the roundings of MODEL.md.

use rust_decimal::Decimal;

/// Whole cents as euros.
pub fn from_cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// Euros as whole cents.
pub fn to_cents(euros: Decimal) -> i64 {
    let mut exact = euros;
    exact.rescale(2);
    assert_eq!(exact, euros, "money has no fractions of a cent");
    i64::try_from(exact.mantissa()).expect("fits")
}

/// The amount as an f64 number of cents.
pub fn as_f64(euros: Decimal) -> f64 {
    to_cents(euros) as f64
}

/// An f64 number of cents, rounded half-even to the cent.
pub fn rounded(cents: f64) -> Decimal {
    from_cents(cents.round_ties_even() as i64)
}

/// "The amount is the rounded f64 product."
pub fn times(euros: Decimal, factor: f64) -> Decimal {
    rounded(as_f64(euros) * factor)
}

/// The positive part.
pub fn positive(euros: Decimal) -> Decimal {
    euros.max(Decimal::ZERO)
}

/// The entry of a list by year of which the last repeats.
pub fn by_year<T: Copy>(years: &[T], quarter: u32) -> T {
    let year = (quarter / 4) as usize;
    years[year.min(years.len() - 1)]
}
