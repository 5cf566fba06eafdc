//! What `fesr check` says of a scenario that can be run: rules kept, warned and waived, and what the assumptions imply.

use crate::implied::{Implied, ImpliedLine, implied};
use crate::locale::{Numbers, words};
use crate::rules::{Broken, RuleReport};
use crate::scenario::{Language, LineNumber, Scenario};
use serde_json::{Value, json};

/// The report for the terminal.
pub fn check_text(name: &str, scenario: &Scenario, rules: &RuleReport) -> String {
    let language = scenario.identity.language;
    let numbers = Numbers::new(language);
    let say = |italian: &str, english: &str| match language {
        Language::Italian => italian.to_string(),
        Language::English => english.to_string(),
    };
    let mut text = format!("{name}: {}\n", say("si può eseguire", "can be run"));
    let codes =
        |broken: &[Broken]| broken.iter().map(|broken| broken.rule.code).collect::<Vec<_>>().join(", ");
    text.push_str(&format!("  {}: {}", say("regole rispettate", "rules kept"), rules.kept.len()));
    for (list, italian, english) in
        [(&rules.warned, "avvisi", "warnings"), (&rules.waived, "derogate", "waived")]
    {
        if !list.is_empty() {
            text.push_str(&format!("; {}: {}", say(italian, english), codes(list)));
        }
    }
    if !rules.waived_without_need.is_empty() {
        let codes: Vec<&str> = rules.waived_without_need.iter().map(|rule| rule.code).collect();
        let label = say("derogate senza bisogno", "waived without need");
        text.push_str(&format!("; {label}: {}", codes.join(", ")));
    }
    text.push('\n');
    for line in &implied(scenario).lines {
        text.push_str(&line_text(line, language, numbers));
    }
    text
}

fn line_text(line: &ImpliedLine, language: Language, numbers: Numbers) -> String {
    let words = words(language);
    let title = match line.number {
        LineNumber::One => words.line_one,
        LineNumber::Two => words.line_two,
    };
    let (applications, mean, lifetime, by_rating) = match language {
        Language::Italian => (
            "domande attese",
            "investimento medio",
            "insolvenza sulla vita del prestito, in un'economia neutra",
            "per classe",
        ),
        Language::English => (
            "expected applications",
            "mean investment",
            "default over the life of a loan, in a neutral economy",
            "by rating",
        ),
    };
    let ratings: Vec<String> = line
        .ratings
        .iter()
        .filter(|rating| rating.share > 0.0)
        .map(|rating| format!("{}: {}", rating.name, numbers.percent(rating.lifetime_pd, 1)))
        .collect();
    let mut text = format!(
        "  {title}\n    {applications} {}; {mean} {}\n    {lifetime} {}; {by_rating} {}\n",
        numbers.decimal(line.applications, 1),
        numbers.euros(line.mean_investment, 0),
        numbers.percent(line.mean_lifetime_pd, 1),
        ratings.join(", ")
    );
    for product in &line.products {
        let covered = [
            (words.fund_loans, product.loans_covered),
            (words.guarantees, product.guarantees_covered),
            (words.grants, product.grants_covered),
        ];
        let mut parts: Vec<String> = covered
            .iter()
            .filter_map(|(word, covered)| {
                covered.map(|count| format!("{} {word}", numbers.decimal(count, 1)))
            })
            .collect();
        if let Some(multiplier) = product.guarantee_multiplier {
            let word = match language {
                Language::Italian => "moltiplicatore",
                Language::English => "multiplier",
            };
            parts.push(format!("{word} {}", numbers.decimal(multiplier, 2)));
        }
        let verb = match language {
            Language::Italian => "le dotazioni reggono",
            Language::English => "the envelopes carry",
        };
        if !parts.is_empty() {
            text.push_str(&format!("    {}: {verb} {}\n", product.name, parts.join(", ")));
        }
    }
    text
}

/// The report for programs: schema `fesr/check/1`.
pub fn check_json(name: &str, scenario: &Scenario, rules: &RuleReport) -> Value {
    let broken = |list: &[Broken]| -> Vec<Value> {
        list.iter()
            .map(|broken| {
                json!({
                    "code": broken.rule.code,
                    "kind": broken.rule.kind.word(),
                    "demand": broken.rule.demand,
                    "source": broken.rule.source,
                    "found": broken.finding.message,
                    "key": broken.finding.key,
                })
            })
            .collect()
    };
    json!({
        "schema": "fesr/check/1",
        "file": name,
        "name": scenario.identity.name,
        "title": scenario.identity.title,
        "rules": {
            "kept": rules.kept.iter().map(|rule| rule.code).collect::<Vec<_>>(),
            "warned": broken(&rules.warned),
            "waived": broken(&rules.waived),
            "waived_without_need": rules.waived_without_need.iter().map(|rule| rule.code).collect::<Vec<_>>(),
        },
        "implied": implied_json(&implied(scenario)),
    })
}

/// Nine decimals, and no negative zero: a sum of shares may fall short of 1 by a rounding.
fn tidy(value: f64) -> f64 {
    (value * 1e9).round() / 1e9 + 0.0
}

fn implied_json(implied: &Implied) -> Vec<Value> {
    let line = |line: &ImpliedLine| {
        json!({
            "line": line.number.word(),
            "applications": line.applications,
            "eligible_share": tidy(line.eligible_share),
            "mean_investment": tidy(line.mean_investment),
            "mean_lifetime_pd": tidy(line.mean_lifetime_pd),
            "ratings": line.ratings.iter().map(|rating| json!({
                "name": rating.name,
                "share": tidy(rating.share),
                "lifetime_pd": tidy(rating.lifetime_pd),
            })).collect::<Vec<_>>(),
            "products": line.products.iter().map(|product| json!({
                "name": product.name,
                "loans_covered": product.loans_covered.map(tidy),
                "guarantees_covered": product.guarantees_covered.map(tidy),
                "grants_covered": product.grants_covered.map(tidy),
                "guarantee_multiplier": product.guarantee_multiplier.map(tidy),
            })).collect::<Vec<_>>(),
        })
    };
    implied.lines.iter().map(line).collect()
}
