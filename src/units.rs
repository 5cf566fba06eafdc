//! Units as types: a rate can never be added to an amount, and nothing out of range gets past a constructor.
//!
//! - [`Cents`]: money. Whole cents in an `i64`; sums are exact and do not depend on their order.
//! - [`Share`], [`Rate`], [`Multiplier`], [`Quantity`]: pure numbers as the scenario's author typed them, kept as
//!   [`Decimal`] so that they are read and written back without loss. The engine takes each as the nearest
//!   `f64` ([`Share::to_f64`] and its fellows).
//! - [`Quarter`]: a calendar quarter, the label of a fund quarter.
//!
//! Every type knows its own name and range, so that an error message can say both.

use rust_decimal::Decimal;
use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

/// An amount of money in whole euro cents. Negative values are debts or outflows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Cents(pub i64);

impl Cents {
    /// No money.
    pub const ZERO: Cents = Cents(0);

    /// The amount in cents as a float; exact up to 90 trillion euros.
    #[inline]
    pub fn to_f64(self) -> f64 {
        self.0 as f64
    }

    /// `self x factor`, rounded half-even to the cent (MODEL.md: "the amount is the rounded f64 product").
    #[inline]
    pub fn times(self, factor: f64) -> Cents {
        Cents::rounded(self.0 as f64 * factor)
    }

    /// The nearest whole cent of an amount in cents, ties to even.
    #[inline]
    pub fn rounded(cents: f64) -> Cents {
        Cents(round_half_even(cents))
    }

    /// The positive part.
    #[inline]
    pub fn positive(self) -> Cents {
        Cents(self.0.max(0))
    }

    /// The amount in euros, exact, with two decimals.
    pub fn to_euros(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// From an exact amount in euros; `None` if it has fractions of a cent or does not fit.
    pub fn from_euros(euros: Decimal) -> Option<Cents> {
        let cents = euros.checked_mul(Decimal::ONE_HUNDRED)?.normalize();
        if cents.scale() != 0 {
            return None;
        }
        i64::try_from(cents.mantissa()).ok().map(Cents)
    }
}

/// Nearest integer, ties to even, without calling the platform's maths library.
///
/// Adding and taking away 1.5 x 2^52 makes the hardware round to an integer under the default rounding mode,
/// which IEEE 754 fixes as half-even. Exact for `|x| < 2^51`; larger values (above 22 trillion euros) are
/// converted directly.
#[inline]
pub fn round_half_even(x: f64) -> i64 {
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    const LIMIT: f64 = 2_251_799_813_685_248.0;
    if x.abs() < LIMIT { ((x + MAGIC) - MAGIC) as i64 } else { beyond_the_cents(x) }
}

/// Integers of 2^51 and more are whole already; beyond 64 bits, or without a value, there are no such cents.
#[cold]
fn beyond_the_cents(x: f64) -> i64 {
    assert!(x.abs() < 9.2e18, "an amount of {x} cents does not fit");
    x.round_ties_even() as i64
}

impl Add for Cents {
    type Output = Cents;
    #[inline]
    fn add(self, other: Cents) -> Cents {
        Cents(self.0 + other.0)
    }
}
impl Sub for Cents {
    type Output = Cents;
    #[inline]
    fn sub(self, other: Cents) -> Cents {
        Cents(self.0 - other.0)
    }
}
impl Neg for Cents {
    type Output = Cents;
    #[inline]
    fn neg(self) -> Cents {
        Cents(-self.0)
    }
}
impl AddAssign for Cents {
    #[inline]
    fn add_assign(&mut self, other: Cents) {
        self.0 += other.0;
    }
}
impl SubAssign for Cents {
    #[inline]
    fn sub_assign(&mut self, other: Cents) {
        self.0 -= other.0;
    }
}
impl std::iter::Sum for Cents {
    fn sum<I: Iterator<Item = Cents>>(amounts: I) -> Cents {
        amounts.fold(Cents::ZERO, Add::add)
    }
}
impl fmt::Display for Cents {
    /// Euros with two decimals and a point, for machine files: `-1250.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }
}

/// A value outside the range of its unit, in words ready for a message of either language.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what} must be {range}, not {value}")]
pub struct OutOfRange {
    /// What the number measures, with its article: "a share".
    pub what: &'static str,
    /// The allowed range in words: "between 0 and 1".
    pub range: &'static str,
    /// The same two in Italian.
    pub in_italian: [&'static str; 2],
    /// The value that was read.
    pub value: Decimal,
}

/// The `f64` nearest to a decimal, as the decimal text would be parsed (correctly rounded).
pub fn nearest_f64(value: Decimal) -> f64 {
    value.to_string().parse().expect("a decimal's text is a number")
}

macro_rules! bounded_decimal {
    ($(#[$doc:meta])* $name:ident, $what:literal, $range:literal, it [$what_it:literal, $range_it:literal], |$value:ident| $admits:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
        pub struct $name(Decimal);

        impl $name {
            /// What the number measures, for messages.
            pub const WHAT: &'static str = $what;
            /// The allowed range in words, for messages.
            pub const RANGE: &'static str = $range;

            /// The value if it lies in the range of the unit.
            ///
            /// # Errors
            /// [`OutOfRange`] with the name and the range of the unit.
            pub fn new($value: Decimal) -> Result<Self, OutOfRange> {
                if $admits {
                    Ok(Self($value))
                } else {
                    Err(OutOfRange {
                        what: $what,
                        range: $range,
                        in_italian: [$what_it, $range_it],
                        value: $value,
                    })
                }
            }

            /// The exact value as typed.
            pub fn decimal(self) -> Decimal {
                self.0
            }

            /// The nearest `f64`.
            pub fn to_f64(self) -> f64 {
                nearest_f64(self.0)
            }

            /// Whether the value is exactly zero.
            pub fn is_zero(self) -> bool {
                self.0.is_zero()
            }
        }
    };
}

bounded_decimal!(
    /// A part of a whole: 0 to 1.
    Share, "a share", "between 0 and 1 (0 % and 100 %)",
    it ["una quota", "tra 0 e 1 (0 % e 100 %)"],
    |value| value >= Decimal::ZERO && value <= Decimal::ONE
);
bounded_decimal!(
    /// An annual rate; negative where the field admits it (treasury and discount rates).
    Rate, "an annual rate", "above -1 and at most 10 (-100 % and 1000 %)",
    it ["un tasso annuo", "maggiore di -1 e al massimo 10 (-100 % e 1000 %)"],
    |value| value > Decimal::NEGATIVE_ONE && value <= Decimal::TEN
);
bounded_decimal!(
    /// An annual probability of default: 0 up to, not including, 1.
    Probability, "a yearly probability of default", "at least 0 and below 1 (at most 0.999999999999)",
    it ["una probabilità annua di inadempimento", "almeno 0 e minore di 1 (al massimo 0,999999999999)"],
    |value| value >= Decimal::ZERO && value <= Decimal::from_parts(3_567_587_327, 232, 0, false, 12)
);
bounded_decimal!(
    /// A factor on a hazard or a weight: 0 up to 1,000,000.
    Multiplier, "a multiplier or weight", "between 0 and 1,000,000",
    it ["un moltiplicatore o peso", "tra 0 e 1.000.000"],
    |value| value >= Decimal::ZERO && value <= Decimal::new(1_000_000, 0)
);
bounded_decimal!(
    /// A number without a special unit (a shift in standard deviations, degrees of freedom): -1,000,000 to 1,000,000.
    Quantity, "a number", "between -1,000,000 and 1,000,000",
    it ["un numero", "tra -1.000.000 e 1.000.000"],
    |value| value.abs() <= Decimal::new(1_000_000, 0)
);

bounded_decimal!(
    /// How narrow the 95 % intervals of the headline figures shall be: half-width relative to the figure.
    Precision, "a precision", "between 0.0001 and 0.5 (0.01 % and 50 %)",
    it ["una precisione", "tra 0,0001 e 0,5 (0,01 % e 50 %)"],
    |value| value >= Decimal::from_parts(1, 0, 0, false, 4) && value <= Decimal::from_parts(5, 0, 0, false, 1)
);

impl fmt::Display for Precision {
    /// As people write it: `1%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

impl Share {
    /// The whole.
    pub const ONE: Share = Share(Decimal::ONE);
    /// Nothing of it.
    pub const ZERO: Share = Share(Decimal::ZERO);
}
impl Multiplier {
    /// Leaves things as they are.
    pub const ONE: Multiplier = Multiplier(Decimal::ONE);
}

/// A calendar quarter, such as 2018-Q4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Quarter {
    year: i32,
    /// 1 to 4.
    number: u8,
}

impl Quarter {
    /// First year of which there are quarters.
    pub const FIRST_YEAR: i32 = 1900;
    /// Last year of which there are quarters.
    pub const LAST_YEAR: i32 = 2200;

    /// The quarter `number` (1 to 4) of a year between 1900 and 2200; `None` outside these ranges.
    pub fn new(year: i32, number: u8) -> Option<Quarter> {
        ((Quarter::FIRST_YEAR..=Quarter::LAST_YEAR).contains(&year) && (1..=4).contains(&number))
            .then_some(Quarter { year, number })
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// The quarter of the year, 1 to 4.
    pub fn number(self) -> u8 {
        self.number
    }

    /// The quarter that comes `quarters` later.
    pub fn plus(self, quarters: u32) -> Quarter {
        let index = self.year as i64 * 4 + (self.number as i64 - 1) + quarters as i64;
        Quarter { year: index.div_euclid(4) as i32, number: (index.rem_euclid(4) + 1) as u8 }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.number)
    }
}

/// A text that is no calendar quarter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAQuarter {
    /// It is not written like one.
    #[error("a quarter is written like \"2018-Q4\"")]
    Form,
    /// Its year is before [`Quarter::FIRST_YEAR`] or after [`Quarter::LAST_YEAR`].
    #[error("a quarter is of a year between 1900 and 2200")]
    Year,
}

impl FromStr for Quarter {
    type Err = NotAQuarter;

    fn from_str(text: &str) -> Result<Quarter, NotAQuarter> {
        let wrong = || NotAQuarter::Form;
        let (year, number) = text.split_once("-Q").ok_or_else(wrong)?;
        if year.len() != 4 || number.len() != 1 {
            return Err(wrong());
        }
        let year: u16 = year.parse().map_err(|_| wrong())?;
        let number = number.parse().ok().filter(|number| (1..=4).contains(number)).ok_or_else(wrong)?;
        Quarter::new(year.into(), number).ok_or(NotAQuarter::Year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_half_even() {
        for (x, expected) in
            [(0.5, 0), (1.5, 2), (2.5, 2), (-0.5, 0), (-1.5, -2), (2.4999, 2), (1e15, 1_000_000_000_000_000)]
        {
            assert_eq!(round_half_even(x), expected, "{x}");
        }
    }

    #[test]
    fn euros_are_exact_or_refused() {
        assert_eq!(Cents::from_euros("1250.50".parse().unwrap()), Some(Cents(125_050)));
        assert_eq!(Cents::from_euros("1250.5000".parse().unwrap()), Some(Cents(125_050)));
        assert_eq!(Cents::from_euros("0.001".parse().unwrap()), None);
        assert_eq!(Cents(-125_050).to_string(), "-1250.50");
    }

    #[test]
    fn quarters_count_on_over_the_year() {
        let start: Quarter = "2018-Q4".parse().unwrap();
        assert_eq!(start.plus(1).to_string(), "2019-Q1");
        assert_eq!(start.plus(64).to_string(), "2034-Q4");
        assert!("2018-Q5".parse::<Quarter>().is_err());
        assert!("18-Q1".parse::<Quarter>().is_err());
    }

    #[test]
    fn units_refuse_what_is_out_of_range_and_say_why() {
        let error = Share::new("1.2".parse().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "a share must be between 0 and 1 (0 % and 100 %), not 1.2");
        assert!(Probability::new(Decimal::ONE).is_err());
        assert!(Rate::new("-0.5".parse().unwrap()).is_ok());
    }
}
