//! The charts of `fesr frontier`: a triangle for each objective, and what is lost against what is reached.
//!
//! Names: `mixes-MEASURE`, `frontier-leverage`, `frontier-investment`.

use super::Album;
use crate::chart::{
    AxisFormat, Chart, ChartText, Figure, FigureReading, Hue, Scatter, ScatterPoint, Ternary, TernaryCell,
    TernaryMark,
};
use crate::metrics::MetricId;
use crate::paired::measure::Measure;
use crate::report::frontier::{Frontier, MixPoint};
use crate::report::telling::{Telling, axis_format, tell};
use crate::scenario::LimitStatistic;

/// All charts of a frontier.
pub fn frontier_album(frontier: &Frontier) -> Album {
    let teller = Teller { telling: Telling::new(frontier.language), frontier };
    let mut album = Album::default();
    if frontier.has_grants() {
        for objective in 0..frontier.objectives.len() {
            album.add(&teller.triangle_name(objective), teller.triangle(objective));
        }
    }
    for (metric, name) in [
        (MetricId::LeverageEffect, "frontier-leverage"),
        (MetricId::InvestmentSupported, "frontier-investment"),
    ] {
        album.add(name, teller.frontier(metric, name));
    }
    album
}

struct Teller<'f> {
    telling: Telling,
    frontier: &'f Frontier,
}

impl Teller<'_> {
    fn chart(
        &self,
        name: &str,
        title: String,
        subtitle: String,
        reading: FigureReading,
        figure: Figure,
    ) -> Chart {
        let frontier = self.frontier;
        let footer = self.telling.phrases.source_line(
            &frontier.title,
            frontier.paths,
            frontier.seed,
            &frontier.version,
        );
        let description = format!("{title}. {}", reading.read);
        Chart {
            name: name.to_string(),
            language: frontier.language,
            text: ChartText { title, subtitle, footer, description, reading },
            figure,
        }
    }

    fn triangle_name(&self, objective: usize) -> String {
        let Measure { metric, statistic, .. } = self.frontier.objectives[objective];
        let suffix = if statistic == LimitStatistic::Mean { "" } else { "-es99" };
        format!("mixes-{}{suffix}", metric.id().replace('_', "-"))
    }

    /// Too few paths make the tail.
    fn too_few(&self) -> String {
        tell!(
            self.telling,
            "I percorsi sono troppo pochi per stimare questa grandezza",
            "Too few paths to estimate this figure"
        )
    }

    fn triangle(&self, objective: usize) -> Result<Chart, String> {
        let (telling, frontier) = (self.telling, self.frontier);
        let measure = frontier.objectives[objective];
        let metric = measure.metric;
        let name = telling.measure(&measure);
        let value = |point: &MixPoint| point.values[objective].map(|value| value.estimate.value);
        let grid = || frontier.points.iter().enumerate().skip(1);
        let known = || grid().filter_map(|(position, point)| Some((position, value(point)?)));
        let highest = known().max_by(|one, other| one.1.total_cmp(&other.1)).ok_or_else(|| self.too_few())?;
        let lowest = known().min_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or(highest);
        let figure = self.ternary(objective, name.clone());
        let (low, high) = (telling.short(metric, lowest.1), telling.short(metric, highest.1));
        let (low_mix, high_mix) = (frontier.mix_name(lowest.0), frontier.mix_name(highest.0));
        let title = tell!(
            telling,
            "{name}: da {low} a {high}, il massimo con {high_mix}",
            "{name}: from {low} to {high}, the most with {high_mix}"
        );
        let lines = frontier.lines_name();
        let subtitle = tell!(
            telling,
            "{name} per ogni modo di dividere il denaro ({lines}), sugli stessi richiedenti e con la stessa sorte",
            "{name} for every way of dividing the money ({lines}), on the same applicants and the same luck"
        );
        let (own, own_mix) = (
            value(&frontier.points[0]).map_or(String::new(), |own| telling.short(metric, own)),
            frontier.mix_name(0),
        );
        let reading = FigureReading {
            see: tell!(
                telling,
                "Ogni esagono è un mix: più vicino a un angolo, più denaro a quello strumento; più scuro, valore più alto.",
                "Each hexagon is a mix: nearer to a corner, more money for that instrument; darker, a higher value."
            ),
            read: tell!(
                telling,
                "Il cerchio S è lo scenario, {own_mix}: {own}.",
                "The ring S is the scenario, {own_mix}: {own}."
            ),
            means: tell!(
                telling,
                "Il valore più basso, {low}, si ha con {low_mix}. Dove mancano i prodotti per usarlo, il denaro resta fermo: mixes.csv dice quanto.",
                "The lowest value, {low}, is that of {low_mix}. Where products to use it are missing, money stays idle: mixes.csv says how much."
            ),
        };
        Ok(self.chart(&self.triangle_name(objective), title, subtitle, reading, Figure::Ternary(figure)))
    }

    /// The triangle itself: a cell for each mix, rings for the scenario's and the recommended ones.
    fn ternary(&self, objective: usize, measure: String) -> Ternary {
        let (telling, frontier) = (self.telling, self.frontier);
        let grid = || frontier.points.iter().skip(1);
        let cells = grid().map(|point| TernaryCell {
            shares: point.shares,
            value: point.values[objective].map(|value| value.estimate.value),
            dotted: point.is_simulated() && point.dominated_by.is_none() && point.set_apart().is_none(),
            crossed: point.breaks_limit(),
        });
        let has = |what: &dyn Fn(&MixPoint) -> bool| grid().any(what);
        let say_if = |there: bool, text: String| if there { text } else { String::new() };
        Ternary {
            corners: [
                tell!(telling, "garanzie", "guarantees"),
                tell!(telling, "prestiti", "loans"),
                tell!(telling, "contributi", "grants"),
            ],
            parts: frontier.parts,
            format: axis_format(frontier.objectives[objective].metric),
            measure,
            cells: cells.collect(),
            marks: self.marks(),
            dot_means: say_if(
                has(&|point| {
                    point.is_simulated() && point.dominated_by.is_none() && point.set_apart().is_none()
                }),
                tell!(
                    telling,
                    "nessun altro mix lo batte, e usa almeno metà del denaro",
                    "no other mix beats it, and it uses at least half of its money"
                ),
            ),
            hatch_means: say_if(
                has(&|point| !point.is_simulated()),
                tell!(telling, "vietato dalle regole", "forbidden by the rules"),
            ),
            cross_means: say_if(
                has(&MixPoint::breaks_limit),
                tell!(telling, "rompe un limite dello scenario", "breaks a limit of the scenario"),
            ),
        }
    }

    /// The rings: S for the scenario's own mix, a letter for each recommended one.
    fn marks(&self) -> Vec<TernaryMark> {
        let (telling, frontier) = (self.telling, self.frontier);
        let own_mix = frontier.mix_name(0);
        let mut marks = vec![TernaryMark {
            shares: frontier.points[0].shares,
            letter: 'S',
            label: tell!(telling, "lo scenario: {own_mix}", "the scenario: {own_mix}"),
        }];
        for recommendation in &frontier.recommendations {
            let Some((best, _)) = recommendation.best.filter(|(best, _)| *best > 0) else { continue };
            let (reason, mix) = (recommendation.preference.name(frontier.language), frontier.mix_name(best));
            let label = format!("{reason}: {mix}");
            match marks.iter_mut().find(|mark| mark.shares == frontier.points[best].shares) {
                // One mix may be the best in several ways.
                Some(mark) => mark.label += &format!("; {reason}"),
                None => marks.push(TernaryMark {
                    shares: frontier.points[best].shares,
                    letter: recommendation.preference.letter(),
                    label,
                }),
            }
        }
        marks
    }

    /// What is reached against the worst losses.
    fn frontier(&self, metric: MetricId, name: &str) -> Result<Chart, String> {
        let (telling, frontier) = (self.telling, self.frontier);
        let missing = || self.too_few();
        let x = frontier.objective(MetricId::FundLoss, false).ok_or_else(missing)?;
        let y = frontier.objective(metric, true).ok_or_else(missing)?;
        let labels = self.labels();
        let points: Vec<ScatterPoint> = frontier
            .points
            .iter()
            .enumerate()
            .filter_map(|(position, point)| {
                let (x, y) = (point.values[x]?, point.values[y]?);
                let label =
                    labels.iter().find(|(named, _)| *named == position).map(|(_, label)| label.clone());
                Some(ScatterPoint {
                    at: (x.estimate.value, y.estimate.value),
                    intervals: (x.interval, y.interval),
                    hue: if position == 0 { Hue::Vermilion } else { Hue::Blue },
                    beaten: position > 0 && point.dominated_by.is_some(),
                    label,
                })
            })
            .collect();
        let Some(own) = points.first() else { return Err(missing()) };
        let (x_name, y_name) =
            (telling.measure(&frontier.objectives[x]), telling.measure(&frontier.objectives[y]));
        // What can be had for no more risk than the scenario's.
        let safer = points.iter().filter(|point| point.at.0 <= own.at.0);
        let best = safer.max_by(|one, other| one.at.1.total_cmp(&other.at.1)).unwrap_or(own);
        let (own_y, own_x, best_y) = (
            telling.short(metric, own.at.1),
            telling.short(MetricId::FundLoss, own.at.0),
            telling.short(metric, best.at.1),
        );
        let title = if best.at.1 > own.at.1 {
            tell!(
                telling,
                "Con lo stesso rischio dello scenario si può salire da {own_y} a {best_y}",
                "At no more risk than the scenario’s, {own_y} can become {best_y}"
            )
        } else {
            tell!(
                telling,
                "Nessun mix della griglia dà più di {own_y} senza più rischio dello scenario",
                "No mix on the grid gives more than {own_y} without more risk than the scenario"
            )
        };
        let unbeaten = telling.numbers.count(points.iter().filter(|point| !point.beaten).count() as u64);
        let subtitle = tell!(
            telling,
            "{y_name} contro {x_name}, un punto per mix; grigi quelli che un altro batte. Linee sottili: intervalli al 95\u{a0}%",
            "{y_name} against {x_name}, one dot a mix; grey: beaten by another. Thin lines: 95% intervals"
        );
        let reading = FigureReading {
            see: tell!(
                telling,
                "Un punto per mix: più a destra si perde di più nei futuri peggiori, più in alto si ottiene di più.",
                "One dot a mix: further right more is lost in the worst futures, further up more is reached."
            ),
            read: tell!(
                telling,
                "Lo scenario sta a {own_x} e {own_y}.",
                "The scenario stands at {own_x} and {own_y}."
            ),
            means: tell!(
                telling,
                "{unbeaten} mix non sono battuti da nessun altro; tra questi si sceglie.",
                "{unbeaten} mixes are beaten by no other; the choice is among these."
            ),
        };
        let figure = Scatter { x: (x_name, AxisFormat::Euro), y: (y_name, axis_format(metric)), points };
        Ok(self.chart(name, title, subtitle, reading, Figure::Scatter(figure)))
    }

    /// The mixes with a name, each once.
    fn labels(&self) -> Vec<(usize, String)> {
        let (telling, frontier) = (self.telling, self.frontier);
        let mut labels = vec![(0, tell!(telling, "lo scenario", "the scenario"))];
        for recommendation in &frontier.recommendations {
            let Some((best, _)) = recommendation.best else { continue };
            let name = recommendation.preference.name(frontier.language);
            match labels.iter_mut().find(|(position, _)| *position == best) {
                Some((_, label)) => *label += &format!("; {name}"),
                None => labels.push((best, format!("{name}: {}", frontier.mix_name(best)))),
            }
        }
        labels
    }
}
