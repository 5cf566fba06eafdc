//! What `fesr check` says of a scenario that can be run: rules kept, warned and waived, and what the assumptions imply.
//!
//! On the terminal in the scenario's language and in at most 80 columns. For programs ([`check_json`]) in English,
//! with an `explanation` in the scenario's language beside each rule that is broken.

mod aid;

use crate::implied::{Implied, ImpliedLine, ImpliedProduct, implied};
use crate::layout::{COLUMNS, left, printable, right, width, wrap};
use crate::locale::{Numbers, Pair, Words, pair, words};
use crate::rules::{Broken, Rule, RuleReport};
use crate::scenario::{Language, LineNumber, Rating, Scenario};
use crate::today::todays_books;
use crate::today::told::BooksTold;
use serde_json::{Value, json};

/// The report for the terminal.
pub fn check_text(name: &str, scenario: &Scenario, rules: &RuleReport) -> String {
    let language = scenario.identity.language;
    let page = Page { scenario, language, numbers: Numbers::new(language), words: words(language) };
    let verdict = page.say(pair("si può eseguire", "can be run"));
    let mut text = format!("{}: {verdict}\n\n", printable(name));
    text += &page.rules(rules);
    text += &page.todays_books();
    for line in &implied(scenario).lines {
        text.push('\n');
        text += &page.line(line);
    }
    text += &page.state_aid(scenario);
    if let Some(years) = migration_years(scenario) {
        text.push('\n');
        text += &page.migration(scenario, years);
    }
    text
}

/// Most years of age that a line of 80 columns shows.
const MOST_YEARS: usize = 6;

/// How many years of age are shown of PDs that follow from a matrix: those of the longest loan; `None` without a matrix.
fn migration_years(scenario: &Scenario) -> Option<usize> {
    let longest = scenario.lines().map(|line| line.loan.tenor_quarters.div_ceil(4) as usize).max();
    scenario.credit.migration.as_ref().and(longest).map(|years| years.min(MOST_YEARS))
}

/// The PD of a rating in a year of age, counted from 0.
fn pd_of_year(rating: &Rating, year: usize) -> f64 {
    rating.pd[year.min(rating.pd.len() - 1)].to_f64()
}

/// Chance of default within so many years.
fn cumulative_pd(rating: &Rating, years: usize) -> f64 {
    1.0 - (0..years).map(|year| 1.0 - pd_of_year(rating, year)).product::<f64>()
}

/// A figure of a product that not every product has.
type FigureOf = fn(&ImpliedProduct) -> Option<f64>;

/// What every part of the text needs.
struct Page<'s> {
    scenario: &'s Scenario,
    language: Language,
    numbers: Numbers,
    words: &'static Words,
}

impl Page<'_> {
    fn say(&self, pair: Pair) -> &'static str {
        pair.text(self.language)
    }

    /// Every rule by its code, in four lists.
    fn rules(&self, rules: &RuleReport) -> String {
        let of = |broken: &[Broken]| broken.iter().map(|broken| broken.rule).collect::<Vec<&Rule>>();
        let lists = [
            (pair("rispettate", "kept"), rules.kept.clone()),
            (pair("violate, con un avviso", "broken, with a warning"), of(&rules.warned)),
            (pair("violate, con deroga", "broken, waived"), of(&rules.waived)),
            (pair("derogate senza bisogno", "waived without need"), rules.waived_without_need.clone()),
        ];
        let lists: Vec<(&str, Vec<&Rule>)> = lists
            .into_iter()
            .filter(|(_, rules)| !rules.is_empty())
            .map(|(label, rules)| (self.say(label), rules))
            .collect();
        let labels = lists.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        let mut text = format!("{}\n", self.say(pair("Regole della misura", "Rules of the measure")));
        for (label, rules) in lists {
            let count = right(&self.numbers.count(rules.len() as u64), 2);
            let codes: Vec<&str> = rules.iter().map(|rule| rule.code).collect();
            let indent = 2 + labels + 2 + 2 + 2;
            for (index, codes) in wrap(&codes.join(" "), COLUMNS - indent).iter().enumerate() {
                text += &match index {
                    0 => format!("  {}  {count}  {codes}\n", left(label, labels)),
                    _ => format!("{}{codes}\n", " ".repeat(indent)),
                };
            }
        }
        text
    }

    /// Of a running fund: what is history, what is on the books, what the forecast starts from.
    fn todays_books(&self) -> String {
        let Some(books) = todays_books(self.scenario) else { return String::new() };
        let told = BooksTold::new(self.scenario, &books, self.language);
        let mut text = format!("\n{}\n", self.say(pair("I libri di oggi", "Today’s books")));
        for sentence in [&told.what_is_history, &told.on_the_books, &told.balances_given] {
            for line in wrap(sentence, COLUMNS - 2) {
                text += &format!("  {line}\n");
            }
        }
        let names = told.balances.iter().map(|balance| width(&balance.name)).max().unwrap_or(0);
        let amounts = told.balances.iter().map(|balance| width(&balance.used)).max().unwrap_or(0);
        for balance in &told.balances {
            let given = match balance.given.is_empty() {
                true => String::new(),
                false => format!(
                    "  {} {}",
                    self.say(pair("dato; dalla storia", "given; from history")),
                    balance.derived
                ),
            };
            text += &format!("  {}  {}{given}\n", left(&balance.name, names), right(&balance.used, amounts));
        }
        text
    }

    fn line(&self, line: &ImpliedLine) -> String {
        let title = match line.number {
            LineNumber::One => self.words.line_one,
            LineNumber::Two => self.words.line_two,
        };
        let rows = [
            (pair("Domande attese", "Expected applications"), self.numbers.decimal(line.applications, 1)),
            (pair("Investimento medio", "Mean investment"), self.numbers.euros(line.mean_investment, 0)),
            (
                pair("Inadempimento sulla vita del prestito", "Default over the life of a loan"),
                self.numbers.percent(line.mean_lifetime_pd, 1),
            ),
        ];
        let labels = rows.iter().map(|(label, _)| width(self.say(*label))).max().unwrap_or(0);
        let values = rows.iter().map(|(_, value)| width(value)).max().unwrap_or(0);
        let mut text = format!("{title}\n");
        for (label, value) in &rows {
            text += &format!("  {}  {}\n", left(self.say(*label), labels), right(value, values));
        }
        text += &self.ratings(line);
        text += &self.products(&line.products);
        text
    }

    /// Lifetime default probability of each rating that occurs, in a neutral economy.
    fn ratings(&self, line: &ImpliedLine) -> String {
        let ratings: Vec<String> = line
            .ratings
            .iter()
            .filter(|rating| rating.share > 0.0)
            .map(|rating| {
                let name = printable(self.scenario.named(&rating.name)).replace(' ', "\u{a0}");
                format!("{name}:\u{a0}{}", self.numbers.percent(rating.lifetime_pd, 1))
            })
            .collect();
        if ratings.is_empty() {
            return String::new();
        }
        let label = self
            .say(pair("In un’economia neutra, per classe di merito:", "In a neutral economy, by rating:"));
        let lines = wrap(&format!("{label} {}", ratings.join("; ")), COLUMNS - 4);
        lines.iter().map(|line| format!("    {line}\n")).collect()
    }

    /// The PD by year of age that follows from a transition matrix, and the chance of default over all years shown.
    fn migration(&self, scenario: &Scenario, years: usize) -> String {
        let head = self.say(pair(
            "PD per anno di età, dalla matrice di transizione",
            "PD by year of age, from the transition matrix",
        ));
        let percent = |value: f64| self.numbers.percent(value, 2);
        let first = std::iter::once(self.say(pair("classe", "rating")).to_string())
            .chain((1..=years).map(|year| year.to_string()))
            .chain([self.say(pair("insieme", "together")).to_string()]);
        let rows = scenario.credit.ratings.iter().map(|rating| {
            std::iter::once(printable(scenario.named(&rating.name)).chars().take(16).collect())
                .chain((0..years).map(|year| percent(pd_of_year(rating, year))))
                .chain([percent(cumulative_pd(rating, years))])
                .collect::<Vec<String>>()
        });
        let table: Vec<Vec<String>> = std::iter::once(first.collect()).chain(rows).collect();
        let widths: Vec<usize> = (0..years + 2)
            .map(|column| table.iter().map(|row| width(&row[column])).max().unwrap_or(0))
            .collect();
        let mut text = format!("{head}\n");
        for row in &table {
            let cells: String = row
                .iter()
                .zip(&widths)
                .skip(1)
                .map(|(cell, columns)| format!("  {}", right(cell, *columns)))
                .collect();
            text += &format!("  {}{cells}\n", left(&row[0], widths[0]));
        }
        text
    }

    /// How many projects of mean size each budget carries at once, product by product.
    fn products(&self, products: &[ImpliedProduct]) -> String {
        let columns: [(Pair, FigureOf, usize); 4] = [
            (pair("prestiti", "loans"), |product| product.loans_covered, 1),
            (pair("garanzie", "guarantees"), |product| product.guarantees_covered, 1),
            (pair("contributi", "grants"), |product| product.grants_covered, 1),
            (pair("moltiplicatore", "multiplier"), |product| product.guarantee_multiplier, 2),
        ];
        let shown: Vec<(Vec<String>, usize)> = columns
            .into_iter()
            .filter(|(_, value, _)| products.iter().any(|product| value(product).is_some()))
            .map(|(head, value, decimals)| {
                let write = |value| self.numbers.decimal(value, decimals);
                let cells = products.iter().map(|product| value(product).map_or("–".to_string(), write));
                let cells: Vec<String> = std::iter::once(self.say(head).to_string()).chain(cells).collect();
                let widest = cells.iter().map(|cell| width(cell)).max().unwrap_or(0);
                (cells, widest)
            })
            .collect();
        if shown.is_empty() {
            return String::new();
        }
        let head = self.say(pair("La dotazione regge alla volta", "The budget carries at once"));
        let taken: usize = shown.iter().map(|(_, widest)| widest + 2).sum();
        let room = COLUMNS - 2 - taken;
        let names: Vec<String> = std::iter::once(head.to_string())
            .chain(
                products.iter().map(|product| format!("  {}", printable(self.scenario.named(&product.name)))),
            )
            .collect();
        let widest = names.iter().map(|name| width(name)).max().unwrap_or(0).min(room);
        let mut text = String::new();
        for (row, name) in names.iter().enumerate() {
            let lines = wrap_indented(name, widest);
            for (index, line) in lines.iter().enumerate() {
                let cells: String = match index {
                    0 => shown
                        .iter()
                        .map(|(cells, columns)| format!("  {}", right(&cells[row], *columns)))
                        .collect(),
                    _ => String::new(),
                };
                text += &format!("{}\n", format!("  {}{cells}", left(line, widest)).trim_end());
            }
        }
        text
    }
}

/// Lines of a name that keep its indent.
fn wrap_indented(name: &str, columns: usize) -> Vec<String> {
    let indent = " ".repeat(name.len() - name.trim_start().len());
    wrap(name, columns - indent.len()).iter().map(|line| format!("{indent}{line}")).collect()
}

/// The report for programs: schema `fesr/check/1`.
pub fn check_json(name: &str, scenario: &Scenario, rules: &RuleReport) -> Value {
    let language = scenario.identity.language;
    let broken = |list: &[Broken]| -> Vec<Value> {
        list.iter()
            .map(|Broken { rule, finding }| {
                json!({
                    "code": rule.code,
                    "kind": rule.kind.word(),
                    "demand": rule.demand.text(Language::English),
                    "source": rule.source.text(Language::English),
                    "found": finding.message.text(Language::English),
                    "key": finding.key,
                    "explanation": {
                        "language": language.word(),
                        "demand": rule.demand.text(language),
                        "reason": rule.reason.text(language),
                        "source": rule.source.text(language),
                        "found": finding.message.text(language),
                        "change": rule.change.text(language),
                    },
                })
            })
            .collect()
    };
    let years = migration_years(scenario);
    let by_age = years.map(|years| -> Vec<Value> {
        let of_years =
            |rating: &Rating| (0..years).map(|year| tidy(pd_of_year(rating, year))).collect::<Vec<_>>();
        let one = |rating: &Rating| {
            json!({
                "rating": rating.name,
                "pd_by_age": of_years(rating),
                "cumulative_pd": tidy(cumulative_pd(rating, years)),
            })
        };
        scenario.credit.ratings.iter().map(one).collect()
    });
    let mut report = json!({
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
        "state_aid": aid::state_aid_json(scenario),
    });
    if let Some(by_age) = by_age {
        report["migration"] = json!(by_age);
    }
    report
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
