//! A scenario read back in words, and what it implies.

use crate::sample::{EVERY_KEY, SMALL, read, sound};
use fesr::explain::explain;
use fesr::implied::implied;
use fesr::numeric::pow;
use fesr::scenario::Language;

#[test]
fn english_and_italian_write_their_own_numbers() {
    let scenario = sound(read(EVERY_KEY)).scenario;
    let told = |language| {
        let text = explain(&scenario, language);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
        }
        let subjects = text.split("\n\n").count();
        (text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\u{a0}', " "), subjects)
    };
    let (english, english_subjects) = told(Language::English);
    for part in ["€5,000,000", "Q4 2018", "45%", "Rating 2: 1% a year.", "2020 x1.8", "60,000.50"] {
        assert!(english.contains(part), "{part} is missing in\n{english}");
    }
    let (italian, italian_subjects) = told(Language::Italian);
    for part in ["5.000.000 €", "3,5 %", "Classe 3: 2 %; 1,5 % l’anno", "4° trimestre 2018", "60.000,50 €"]
    {
        assert!(italian.contains(part), "{part} is missing in\n{italian}");
    }
    assert!(english.contains("known to ±0.5%") && italian.contains("noti a ±0,5 %"), "{english}");
    assert_eq!(english_subjects, italian_subjects);
    for code in fesr::rules::codes() {
        assert!(english.contains(code) && italian.contains(code), "{code} is not named");
    }
}

#[test]
fn implied_figures_agree_with_hand_calculation() {
    let text = EVERY_KEY.replacen(
        "bank_loan = 0.3\ngrant = 0\nguarantee_rate = 0",
        "bank_loan = 0.3\nguarantee_rate = 0.8",
        1,
    );
    let line1 = &implied(&sound(read(&text)).scenario).lines[0];
    // 8 years at 1 %: 1 - 0.99^8.
    assert!((line1.ratings[0].lifetime_pd - 0.077_255_305_571_920_8).abs() < 1e-12);
    // Rating 3: 2 % in the first year, 1.5 % in the other seven.
    assert!((line1.ratings[1].lifetime_pd - (1.0 - 0.98 * pow(0.985, 7.0))).abs() < 1e-12);
    assert!((line1.applications - 15.0).abs() < 1e-12);
    let product = &line1.products[0];
    // Bank loan 0.3 x mean, guaranteed 80 %, reserve 20 % of that; the multiplier is 1 / (0.8 x 0.2).
    assert!((product.guarantee_multiplier.unwrap() - 6.25).abs() < 1e-12);
    assert!(
        (product.guarantees_covered.unwrap() - 1_000_000.0 / (0.048 * line1.mean_investment)).abs() < 1e-9
    );
    assert!(line1.mean_investment > 1_400_000.0 && line1.mean_investment < 1_700_000.0);
}

#[test]
fn multipliers_and_eligibility_are_averaged() {
    let text = SMALL.replacen(
        "[[credit.rating]]",
        "[credit]\nsize_multiplier = { micro = 2, medium = 100 }\n[[credit.rating]]",
        1,
    );
    let text = text.replacen(
        "applications_per_year = 12",
        "applications_per_year = 12\nsize = { micro = 1, small = 1, medium = 2 }",
        1,
    );
    let line = &implied(&sound(read(&text)).scenario).lines[0];
    assert!((line.eligible_share - 0.5).abs() < 1e-12);
    // Of those admitted half are micro (x2) and half small (x1).
    assert!((line.mean_multiplier - 1.5).abs() < 1e-12);
    let expected = 1.0 - (pow(0.99, 10.0) + pow(0.99, 5.0)) / 2.0;
    assert!((line.mean_lifetime_pd - expected).abs() < 1e-12);
}
