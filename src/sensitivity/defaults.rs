//! What is varied where a scenario does not say: published ranges of the assumptions that every fund makes.
//!
//! A default never stands in a scenario's way: where the scenario could not take one of its ends, the input is left out, with
//! the reason.

use super::input::Input;
use super::variation::Variation;
use crate::locale::{Told, told};
use crate::scenario::{Change, Law, Line, Pipeline, Scenario};
use rust_decimal::Decimal;

/// A default that a scenario cannot take, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOutInput {
    /// What readers see.
    pub name: Told,
    /// What the scenario would say to it.
    pub why: Told,
}

/// The default inputs that a scenario can take, in the order of credit risk, losses, demand, terms; and those that it
/// cannot, which are said.
pub fn default_inputs(scenario: &Scenario) -> (Vec<Input>, Vec<LeftOutInput>) {
    let candidates = [
        pd_level(scenario),
        systemic_correlation(scenario),
        lgd_mean(scenario),
        cure_rate(scenario),
        recovery_delay(scenario),
        demand(scenario),
        withdrawals(scenario),
        bank_rate(scenario),
    ];
    let variation = Variation::new(scenario);
    let (mut inputs, mut left_out) = (Vec::new(), Vec::new());
    for input in candidates.into_iter().flatten() {
        match refused_at(&variation, &input) {
            None => inputs.push(input),
            Some(why) => left_out.push(LeftOutInput { name: input.name, why }),
        }
    }
    (inputs, left_out)
}

/// Why a scenario cannot take an input at its ends or its base.
fn refused_at(variation: &Variation, input: &Input) -> Option<Told> {
    let (low, high) = super::law::reach(&input.law);
    let values = [input.rounded(low), input.base(), input.rounded(high)];
    let tried = |value| variation.with(std::slice::from_ref(input), &[value]).err();
    values.into_iter().find_map(tried).map(|refused| {
        let values = refused.values.join(", ");
        told!("con {values}: {why}", "with {values}: {why}"; values, why = refused.why)
    })
}

fn pd_level(scenario: &Scenario) -> Option<Input> {
    Some(Input {
        id: "pd-level".to_string(),
        name: told!("livello delle PD", "PD level"),
        keys: vec![scenario.credit.pd_level_key().to_string()],
        change: Change::Scale,
        law: Law::Lognormal { median: Decimal::ONE, sigma: Decimal::new(46, 2) },
        source: Some(told!(
            "da circa metà a circa il doppio, come la PD annua dei grandi progetti: mediana 1,5 %, intervallo al 90 % 0,7-3,2 % (dati contrastanti sul non profit)",
            "about half to about double, as the yearly PD of large projects: median 1.5 %, 90 % interval 0.7-3.2 % (evidence on non-profits goes both ways)"
        )),
    })
}

fn systemic_correlation(scenario: &Scenario) -> Option<Input> {
    let base = scenario.credit.systemic_correlation.decimal();
    Some(Input {
        id: "systemic-correlation".to_string(),
        name: told!("correlazione sistemica", "systemic correlation"),
        keys: vec!["credit.systemic_correlation".to_string()],
        change: Change::Set,
        law: Law::Range { low: Decimal::new(3, 2).min(base), base, high: Decimal::new(15, 2).max(base) },
        source: Some(told!(
            "0,03-0,15: dalle stime empiriche sulle PMI alle formule di Basilea per PMI e retail",
            "0.03-0.15: from empirical estimates of SMEs to the Basel formulas for SMEs and retail"
        )),
    })
}

fn lgd_mean(scenario: &Scenario) -> Option<Input> {
    around(
        "lgd-mean",
        told!("LGD media", "mean LGD"),
        "loss.lgd_mean",
        of_lines(scenario, |line| Some(line.loss.lgd_mean.decimal())),
        (Decimal::new(-10, 2), Decimal::new(15, 2)),
        told!(
            "-10 e +15 punti: dal 40 % di Basilea (IRB di base) al 65 % di crediti senza garanzie reali; recuperi italiani del 30-46 %",
            "-10 and +15 points: from 40 % of Basel (foundation IRB) to 65 % of unsecured loans; Italian recoveries of 30-46 %"
        ),
    )
}

fn cure_rate(scenario: &Scenario) -> Option<Input> {
    between(
        "cure-rate",
        told!("default sanati", "cured defaults"),
        "loss.cure_rate",
        of_lines(scenario, |line| Some(line.loss.cure_rate.decimal())),
        (Decimal::ZERO, Decimal::new(35, 2)),
        told!(
            "0-35 %: non ogni deterioramento diventa sofferenza (20-35 % di ritorni in bonis)",
            "0-35 %: not every deterioration becomes a bad loan (20-35 % cure)"
        ),
    )
}

fn recovery_delay(scenario: &Scenario) -> Option<Input> {
    let lines = of_lines(scenario, |line| Some(Decimal::from(line.loss.recovery.len())));
    around(
        "recovery-delay",
        told!("attesa dei recuperi", "delay of recoveries"),
        "loss.recovery.*.after_quarters",
        lines,
        (Decimal::ZERO, Decimal::from(8)),
        told!(
            "fino a due anni in più: nel 2023 l’88 % chiuso entro tre anni, il meglio finora; prima fino a cinque anni",
            "up to two years later: in 2023 88 % were closed within three years, the best so far; earlier up to five years"
        ),
    )
}

fn demand(scenario: &Scenario) -> Option<Input> {
    let keys = of_lines(scenario, |line| match &line.pipeline {
        Pipeline::Statistical(_) => Some(Decimal::ONE),
        Pipeline::List(_) => None,
    });
    let keys: Vec<String> =
        keys.iter().map(|(line, _)| format!("{line}.pipeline.applications_per_year")).collect();
    (!keys.is_empty()).then(|| Input {
        id: "demand".to_string(),
        name: told!("domanda", "demand"),
        keys,
        change: Change::Scale,
        law: Law::Triangular { low: Decimal::new(5, 1), mode: Decimal::ONE, high: Decimal::new(15, 1) },
        source: Some(told!(
            "da metà a una volta e mezza: i fondi regionali a fine 2019 avevano impegnato tra il 47 e l’84 % delle dotazioni",
            "half to one and a half times: by the end of 2019 regional funds had committed 47 to 84 % of their endowments"
        )),
    })
}

fn withdrawals(scenario: &Scenario) -> Option<Input> {
    between(
        "withdrawals",
        told!("rinunce", "withdrawals"),
        "withdrawal_rate",
        of_lines(scenario, |line| Some(line.withdrawal_rate.decimal())),
        (Decimal::ZERO, Decimal::new(15, 2)),
        told!(
            "0-15 %: nel fondo piemontese per le PMI il 4 % impegnato e non erogato a fine 2019; il massimo è un’ipotesi",
            "0-15 %: Piemonte's SME fund had 4 % committed and not paid at the end of 2019; the maximum is an assumption"
        ),
    )
}

fn bank_rate(scenario: &Scenario) -> Option<Input> {
    around(
        "bank-rate",
        told!("tasso della banca", "bank rate"),
        "loan.bank_rate",
        of_lines(scenario, |line| Some(line.loan.bank_rate.decimal())),
        (Decimal::new(-5, 3), Decimal::new(35, 3)),
        told!(
            "-0,5 e +3,5 punti: prestiti fino a 1 M€ tra il 2,0-2,5 % del 2018-2021 e il 5,5-6 % di fine 2023",
            "-0.5 and +3.5 points: loans up to 1 M EUR between 2.0-2.5 % in 2018-2021 and 5.5-6 % at the end of 2023"
        ),
    )
}

/// The name of each line with a value of it.
fn of_lines(scenario: &Scenario, value: impl Fn(&Line) -> Option<Decimal>) -> Vec<(String, Decimal)> {
    scenario.lines().filter_map(|line| Some((format!("line{}", line.number.word()), value(line)?))).collect()
}

/// A key of every line, shifted by the same amount.
fn around(
    id: &str,
    name: Told,
    key: &str,
    lines: Vec<(String, Decimal)>,
    (low, high): (Decimal, Decimal),
    source: Told,
) -> Option<Input> {
    (!lines.is_empty() && low < high).then(|| Input {
        id: id.to_string(),
        name,
        keys: lines.iter().map(|(line, _)| format!("{line}.{key}")).collect(),
        change: Change::Shift,
        law: Law::Range { low, base: Decimal::ZERO, high },
        source: Some(source),
    })
}

/// A key of every line, shifted by the same amount so far that no line leaves a range.
fn between(
    id: &str,
    name: Told,
    key: &str,
    lines: Vec<(String, Decimal)>,
    (low, high): (Decimal, Decimal),
    source: Told,
) -> Option<Input> {
    let least = lines.iter().map(|(_, value)| *value).min()?;
    let most = lines.iter().map(|(_, value)| *value).max()?;
    let (low, high) = ((low - least).min(Decimal::ZERO), (high - most).max(Decimal::ZERO));
    around(id, name, key, lines, (low, high), source)
}
