//! The frontier on a terminal: how many mixes, what to choose and why, how the scenario's own mix stands.

use super::Frontier;
use crate::layout::{Accent, COLUMNS, Paint, left, printable, right, width, wrap};
use crate::report::telling::{Telling, sentence, tell};

/// Columns of a value in short: "−1,23 M€".
const VALUE: usize = 8;

/// The answer as a page of at most 80 columns.
pub fn frontier_text(frontier: &Frontier, folder: &str, styled: bool) -> String {
    let page = Page { telling: Telling::new(frontier.language), paint: Paint { styled }, frontier };
    let mut text = page.head();
    text += &page.recommendations();
    text += &page.table();
    let folder = printable(folder);
    text += &tell!(
        page.telling,
        "\nRisultati in {folder}: report.html da leggere, le figure in charts/, tutti i mix in mixes.csv\n",
        "\nResults in {folder}: report.html to read, pictures in charts/, all mixes in mixes.csv\n"
    );
    text
}

struct Page<'f> {
    telling: Telling,
    paint: Paint,
    frontier: &'f Frontier,
}

impl Page<'_> {
    fn paragraph(&self, text: &str) -> String {
        wrap(text, COLUMNS).into_iter().map(|line| format!("{line}\n")).collect()
    }

    fn heading(&self, text: &str) -> String {
        wrap(text, COLUMNS)
            .into_iter()
            .map(|line| format!("{}\n", self.paint.apply(Accent::Heading, &line)))
            .collect()
    }

    fn head(&self) -> String {
        let (telling, frontier) = (self.telling, self.frontier);
        let (title, lines) = (printable(&frontier.title), frontier.lines_name());
        let count = |keep: &dyn Fn(usize) -> bool| {
            telling
                .numbers
                .count((0..frontier.points.len()).filter(|&position| keep(position)).count() as u64)
        };
        let points = &frontier.points;
        let simulated = count(&|position| points[position].is_simulated());
        let forbidden = count(&|position| !points[position].is_simulated());
        let broken = count(&|position| points[position].breaks_limit());
        let unbeaten = frontier.unbeaten_told();
        let (paths, seed) = (telling.numbers.count(frontier.paths), frontier.seed);
        let mut notes = String::new();
        if frontier.interrupted {
            notes += &self.paragraph(&tell!(
                telling,
                "Interrotto: mancano mix o percorsi che erano previsti.",
                "Interrupted: mixes or paths that were planned are missing."
            ));
        }
        if points[0].values.iter().any(Option::is_none) {
            notes += &self.paragraph(&tell!(
                telling,
                "I percorsi sono troppo pochi per ES 99\u{a0}%, che non conta tra gli obiettivi: ne servono 10.000.",
                "Too few paths for ES 99%, which does not count among the objectives: it takes 10,000."
            ));
        }
        self.heading(&tell!(telling, "Mix di strumenti: {title}", "Instrument mixes: {title}"))
            + &self.paragraph(&tell!(
                telling,
                "{simulated} mix di «{lines}», {paths} percorsi ciascuno, seme {seed}, con gli stessi richiedenti e la stessa sorte. Vietati dalle regole: {forbidden}. Rompono un limite: {broken}. {unbeaten}",
                "{simulated} mixes of \"{lines}\", {paths} paths each, seed {seed}, with the same applicants and the same luck. Forbidden by the rules: {forbidden}. Breaking a limit: {broken}. {unbeaten}"
            ))
            + &notes
            + &self.paragraph(&telling.what_a_loss_is())
    }

    fn recommendations(&self) -> String {
        let mut text = String::new();
        for recommendation in &self.frontier.recommendations {
            let name = sentence(recommendation.preference.name(self.frontier.language));
            let letter = recommendation.preference.letter();
            text.push('\n');
            text += &self.heading(&format!("{letter}  {name}"));
            text += &self.paragraph(&self.frontier.reason(recommendation));
        }
        text
    }

    /// The objectives of the scenario's own mix and of the recommended ones, side by side.
    fn table(&self) -> String {
        let (telling, frontier) = (self.telling, self.frontier);
        let mut columns: Vec<(String, usize)> = vec![(tell!(telling, "scenario", "scenario"), 0)];
        for recommendation in &frontier.recommendations {
            if let Some((best, _)) = recommendation.best {
                columns.push((recommendation.preference.letter().to_string(), best));
            }
        }
        let names: Vec<String> = frontier.objectives.iter().map(|measure| telling.measure(measure)).collect();
        let name_columns =
            names.iter().map(|name| width(name)).max().unwrap_or(0).min(COLUMNS - 4 * (VALUE + 2));
        let value = |objective: usize, position: usize| {
            let metric = frontier.objectives[objective].metric;
            frontier.points[position].values[objective]
                .map_or("–".to_string(), |value| telling.short(metric, value.estimate.value))
        };
        let mut text = String::from("\n");
        let head: String = columns.iter().map(|(name, _)| format!("  {}", right(name, VALUE))).collect();
        text += &format!("{}{head}\n", " ".repeat(name_columns));
        for (objective, name) in names.iter().enumerate() {
            let name = wrap(name, name_columns).into_iter().next().unwrap_or_default();
            let values: String = columns
                .iter()
                .map(|&(_, position)| format!("  {}", right(&value(objective, position), VALUE)))
                .collect();
            text += &format!("{}{values}\n", left(&name, name_columns));
        }
        let idle = tell!(telling, "denaro non usato", "money not used");
        let values: String = columns
            .iter()
            .map(|&(_, position)| {
                let unused = frontier.points[position].unused();
                let told = unused.map_or("–".to_string(), |amount| telling.numbers.euros_short(amount));
                format!("  {}", right(&told, VALUE))
            })
            .collect();
        text + &format!("{}{values}\n", left(&idle, name_columns))
    }
}
