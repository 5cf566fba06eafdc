//! The stress test on a terminal: the headline figures under every economy and shock, how bad it must get before a promise
//! breaks, and which promises break under which shock.

use super::csv::number;
use super::{Origin, StressTest};
use crate::layout::{Accent, COLUMNS, Paint, printable, wrap};
use crate::locale::InLanguage;
use crate::paired::Measure;
use crate::paired::breaking::{Answer, Verdict};
use crate::paired::comparison::ComparisonRow;
use crate::paired::lever::Lever;
use crate::report::comparison::{Comparison, Named, measures_text};
use crate::report::limits::Verdict as Judgement;
use crate::report::telling::{Telling, shown_as_percent, tell};
use crate::units::nearest_f64;
use rust_decimal::Decimal;

/// The stress test as a page of at most 80 columns; commands to type stand on lines of their own, whatever their length.
pub fn stress_text(stress: &StressTest, folder: &str, styled: bool) -> String {
    let telling = Telling::new(stress.comparison.language);
    let page = Page { telling, paint: Paint { styled }, stress };
    let mut text = page.head();
    text += &page.table(styled);
    text += &page.notes();
    text += &page.reverse();
    text += &page.promises();
    let folder = printable(folder);
    text += &tell!(
        telling,
        "\nRisultati in {folder}: report.html da leggere, le figure in charts/, i numeri in stress.csv e breaking.csv\n",
        "\nResults in {folder}: report.html to read, pictures in charts/, figures in stress.csv and breaking.csv\n"
    );
    text
}

/// Which promises break under which stress, in a sentence each.
pub(super) fn promise_sentences(stress: &StressTest) -> Vec<String> {
    let telling = Telling::new(stress.comparison.language);
    Page { telling, paint: Paint { styled: false }, stress }.promise_sentences()
}

/// How bad it must get before each promise breaks, in a sentence each.
pub(super) fn reverse_sentences(stress: &StressTest) -> Vec<String> {
    let telling = Telling::new(stress.comparison.language);
    let page = Page { telling, paint: Paint { styled: false }, stress };
    let answers = stress.reverse.iter().flat_map(|reverse| &reverse.answers);
    answers.map(|answer| format!("{}: {}", page.breach(answer), page.answer(answer))).collect()
}

struct Page<'s> {
    telling: Telling,
    paint: Paint,
    stress: &'s StressTest,
}

impl Page<'_> {
    fn heading(&self, text: &str) -> String {
        let lines = wrap(text, COLUMNS).into_iter();
        lines.map(|line| format!("{}\n", self.paint.apply(Accent::Heading, &line))).collect()
    }

    fn paragraph(&self, text: &str, indent: usize) -> String {
        let lines = wrap(text, COLUMNS - indent - 2).into_iter().enumerate();
        lines
            .map(|(index, line)| {
                let indent = if index == 0 { indent } else { indent + 2 };
                format!("{}{line}\n", " ".repeat(indent))
            })
            .collect()
    }

    fn head(&self) -> String {
        let telling = self.telling;
        let title = printable(&self.stress.title);
        let comparison = &self.stress.comparison;
        let (paths, seed) = (telling.numbers.count(comparison.paths), comparison.seed);
        let mut text = self.heading(&tell!(telling, "Prova di stress: {title}", "Stress test: {title}"));
        let facts = tell!(
            telling,
            "{paths} percorsi, seme {seed}: la stessa sorte sotto ogni stress. ± è metà dell’intervallo al 95\u{a0}%; le differenze sono dallo scenario com’è, a coppie, percorso per percorso.",
            "{paths} paths, seed {seed}: the same luck under every stress. ± is half of the 95% interval; differences are to the scenario as it is, paired, path by path."
        );
        for line in wrap(&facts, COLUMNS) {
            text += &format!("{line}\n");
        }
        text
    }

    /// Headline figures; the others are in `stress.csv`.
    fn table(&self, styled: bool) -> String {
        let comparison = &self.stress.comparison;
        let headlines = Measure::headlines();
        let rows: Vec<ComparisonRow> = comparison.scenes[0]
            .rows
            .iter()
            // What so few paths cannot estimate is no row.
            .filter(|row| headlines.contains(&row.measure) && row.cells.iter().any(Option::is_some))
            .cloned()
            .collect();
        // Readers see titles; files have names.
        let scenarios = comparison.scenarios.iter();
        let scenarios =
            scenarios.map(|named| Named { name: named.title.clone(), title: named.title.clone() }).collect();
        measures_text(&Comparison { scenarios, scenes: Vec::new(), ..comparison.clone() }, &rows, styled)
    }

    /// Shocks cut by a bound, and what was left out.
    fn notes(&self) -> String {
        let telling = self.telling;
        let mut text = String::new();
        let named = self.stress.comparison.scenarios.iter().zip(&self.stress.origins);
        for (named, origin) in named {
            if let Origin::Shock { cut: Some(cut), .. } = origin {
                let (title, cut) = (printable(&named.title), cut.text(telling.language));
                text += &self.paragraph(&format!("{title}: {cut}."), 0);
            }
        }
        for left_out in &self.stress.left_out {
            let (what, why) = (left_out.what.text(telling.language), left_out.why.text(telling.language));
            let told = tell!(telling, "Non provato: {what} ({why}).", "Left out: {what} ({why}).");
            text += &self.paragraph(&printable(&told), 0);
        }
        if text.is_empty() { text } else { format!("\n{text}") }
    }

    fn reverse(&self) -> String {
        let telling = self.telling;
        let Some(reverse) = &self.stress.reverse else { return String::new() };
        let paths = telling.numbers.count(reverse.paths);
        let heading = tell!(
            telling,
            "Quanto deve andare male prima che una promessa si rompa ({paths} percorsi)",
            "How bad must it get before a promise breaks ({paths} paths)"
        );
        let mut text = format!("\n{}", self.heading(&heading));
        if reverse.answers.is_empty() && !reverse.interrupted {
            let none = tell!(
                telling,
                "Lo scenario non ha limiti ([[limit]]): con --break se ne può indicare uno, per esempio --break \"fund_loss.mean > 500000\".",
                "The scenario has no limits ([[limit]]); --break names one, such as --break \"fund_loss.mean > 500000\"."
            );
            text += &self.paragraph(&none, 2);
        }
        for (answer, trace) in reverse.answers.iter().zip(&reverse.traces) {
            let (breach, told) = (self.breach(answer), self.answer(answer));
            text += &self.paragraph(&format!("{breach}: {told}"), 2);
            if let (Verdict::At { .. }, Some(trace)) = (&answer.verdict, trace) {
                let path = answer.nearest.as_ref().map_or(0, |nearest| nearest.path);
                let near = tell!(
                    telling,
                    "il percorso {path} è il più vicino a quel punto:",
                    "path {path} is nearest to that point:"
                );
                text += &format!("    {near}\n      {}\n", printable(trace));
            }
        }
        text
    }

    /// "Cap raggiunto > 50 %"
    fn breach(&self, answer: &Answer) -> String {
        let measure = answer.breach.measure;
        let sign = if answer.breach.above { ">" } else { "<" };
        let bound = self.figure(&measure, nearest_f64(answer.breach.bound));
        format!("{} {sign} {bound}", self.telling.measure(&measure))
    }

    fn figure(&self, measure: &Measure, value: f64) -> String {
        let metric = measure.metric;
        self.telling.figure(metric.unit(), shown_as_percent(metric), value)
    }

    /// A value of a lever as people say it.
    fn lever_value(&self, lever: Lever, value: Decimal) -> String {
        let telling = self.telling;
        match lever {
            Lever::Pd => format!("PD × {}", value.in_language(telling.language)),
            Lever::Lgd => {
                let points = (value * Decimal::ONE_HUNDRED).normalize().in_language(telling.language);
                tell!(telling, "LGD + {points} punti", "LGD + {points} points")
            }
            Lever::Correlation => {
                let value = value.in_language(telling.language);
                tell!(telling, "correlazione sistemica {value}", "systemic correlation {value}")
            }
        }
    }

    fn answer(&self, answer: &Answer) -> String {
        let telling = self.telling;
        let measure = answer.breach.measure;
        let lever = answer.lever;
        let there = number(answer).map(|number| self.figure(&measure, number.value));
        match &answer.verdict {
            Verdict::Already => {
                let there = there.unwrap_or_default();
                tell!(
                    telling,
                    "già rotta nello scenario com’è ({there}).",
                    "broken already in the scenario as it is ({there})."
                )
            }
            Verdict::Unknown => {
                tell!(telling, "i percorsi sono troppo pochi per stimarla.", "too few paths to estimate it.")
            }
            Verdict::Never { .. } => {
                let reach = self.lever_value(lever, answer.reach);
                let there = there.unwrap_or_else(|| tell!(telling, "n.d.", "n/a"));
                tell!(
                    telling,
                    "mai, fino a {reach} (dove vale {there}).",
                    "never, up to {reach} (where it is {there})."
                )
            }
            Verdict::At { value, from, to, .. } => {
                let at = self.lever_value(lever, *value);
                let bare = |value: Decimal| match lever {
                    Lever::Lgd => (value * Decimal::ONE_HUNDRED).normalize().in_language(telling.language),
                    Lever::Pd | Lever::Correlation => value.in_language(telling.language),
                };
                let from =
                    from.map_or_else(|| tell!(telling, "lo scenario com’è", "the scenario as it is"), bare);
                let to = to.map_or_else(|| tell!(telling, "oltre il massimo", "beyond the most"), bare);
                let mut told = tell!(
                    telling,
                    "si rompe a {at} (intervallo al 95\u{a0}%: da {from} a {to}).",
                    "breaks at {at} (95% interval: {from} to {to})."
                );
                if let Some(again) = answer.kept_again {
                    let again = self.lever_value(lever, again);
                    told += &tell!(
                        telling,
                        " Non è monotona: a {again} è di nuovo rispettata.",
                        " Not monotone: at {again} it is kept again."
                    );
                }
                told
            }
        }
    }

    /// Which promises break under which shock.
    fn promises(&self) -> String {
        let sentences = self.promise_sentences();
        if sentences.is_empty() {
            return String::new();
        }
        let heading = tell!(self.telling, "Quali promesse si rompono", "Which promises break");
        let mut text = format!("\n{}", self.heading(&heading));
        for sentence in &sentences {
            text += &self.paragraph(sentence, 2);
        }
        text
    }

    /// A sentence for each promise; none if the scenario promises nothing.
    fn promise_sentences(&self) -> Vec<String> {
        let telling = self.telling;
        let comparison = &self.stress.comparison;
        let limits = &comparison.scenes[0].limits;
        let mut sentences = Vec::new();
        if limits.iter().all(Vec::is_empty) {
            return sentences;
        }
        for (position, limit) in limits[0].iter().map(|result| &result.limit).enumerate() {
            let measure = Measure { metric: limit.metric, line: limit.line, statistic: limit.statistic };
            let mut name = telling.measure(&measure);
            if let Some(max) = limit.max {
                name += &format!(" ≤ {}", self.figure(&measure, nearest_f64(max)));
            }
            if let Some(min) = limit.min {
                name += &format!(" ≥ {}", self.figure(&measure, nearest_f64(min)));
            }
            let under = |verdict: Judgement| -> Vec<String> {
                let variants = comparison.scenarios.iter().zip(limits);
                variants
                    .filter(|(_, limits)| limits[position].verdict == verdict)
                    .map(|(named, _)| printable(&named.title))
                    .collect()
            };
            let (broken, unclear) = (under(Judgement::Broken), under(Judgement::NotSettled));
            let all = comparison.scenarios.len();
            let mut told: Vec<String> = Vec::new();
            if broken.len() == all {
                told.push(tell!(telling, "✘ si rompe sempre", "✘ always breaks"));
            } else if !broken.is_empty() {
                let broken = broken.join("; ");
                told.push(tell!(telling, "✘ si rompe con: {broken}", "✘ breaks under: {broken}"));
            }
            if unclear.len() == all {
                told.push(tell!(
                    telling,
                    "? mai decisa, servono più percorsi",
                    "? never settled, more paths are needed"
                ));
            } else if !unclear.is_empty() {
                let unclear = unclear.join("; ");
                told.push(tell!(telling, "? non decisa con: {unclear}", "? not settled under: {unclear}"));
            }
            if told.is_empty() {
                told.push(tell!(telling, "non si rompe mai", "never breaks"));
            }
            let told = told.join(" · ");
            sentences.push(format!("{name}: {told}"));
        }
        sentences
    }
}
