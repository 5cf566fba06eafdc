//! The words that give a study again, whatever order and short forms its options were typed in. Where it is written, how
//! it is shown and how many threads it takes is not of the study.

use super::{
    Cli, Command, CommonArguments, CompareArguments, FrontierArguments, LineChoice, ProductsChoice,
    SensitivityArguments, StressArguments, StudyArguments,
};
use crate::reading::break_text;
use crate::sensitivity::measure_text;
use clap::{Parser, ValueEnum};
use std::path::Path;

/// The command line of a study.
#[derive(Clone, Debug)]
pub enum StudyCommand {
    /// `fesr compare`
    Compare(CompareArguments),
    /// `fesr frontier`
    Frontier(FrontierArguments),
    /// `fesr stress`
    Stress(StressArguments),
    /// `fesr sensitivity`
    Sensitivity(SensitivityArguments),
}

impl StudyCommand {
    /// Reads what [`StudyCommand::words`] gave; `None` if it is no study.
    pub fn parse(words: &[String]) -> Option<StudyCommand> {
        let typed = std::iter::once("fesr").chain(words.iter().map(String::as_str));
        match Cli::try_parse_from(typed).ok()?.command {
            Command::Compare(arguments) => Some(StudyCommand::Compare(arguments)),
            Command::Frontier(arguments) => Some(StudyCommand::Frontier(arguments)),
            Command::Stress(arguments) => Some(StudyCommand::Stress(arguments)),
            Command::Sensitivity(arguments) => Some(StudyCommand::Sensitivity(arguments)),
            Command::Run(_)
            | Command::Trace(_)
            | Command::Merge(_)
            | Command::Check(_)
            | Command::Verify(_)
            | Command::Init(_)
            | Command::Schema(_)
            | Command::Completions(_)
            | Command::Man(_) => None,
        }
    }

    /// What all studies have.
    pub fn study(&self) -> &StudyArguments {
        match self {
            StudyCommand::Compare(arguments) => &arguments.study,
            StudyCommand::Frontier(arguments) => &arguments.study,
            StudyCommand::Stress(arguments) => &arguments.study,
            StudyCommand::Sensitivity(arguments) => &arguments.study,
        }
    }

    /// What all studies have, to be changed.
    pub fn study_mut(&mut self) -> &mut StudyArguments {
        match self {
            StudyCommand::Compare(arguments) => &mut arguments.study,
            StudyCommand::Frontier(arguments) => &mut arguments.study,
            StudyCommand::Stress(arguments) => &mut arguments.study,
            StudyCommand::Sensitivity(arguments) => &mut arguments.study,
        }
    }

    /// The words after `fesr` that give the same study.
    pub fn words(&self) -> Vec<String> {
        let mut words = Words::default();
        match self {
            StudyCommand::Compare(arguments) => {
                words.add("compare");
                words.of_study(&arguments.study);
                words.option("--paths", arguments.paths);
                words.files("--economies", &arguments.economies);
                words.add("--");
                arguments.scenarios.iter().for_each(|path| words.file(path));
            }
            StudyCommand::Frontier(arguments) => {
                words.add("frontier");
                words.option("--step", Some(format!("{}%", 100 / arguments.step)));
                words.option("--line", Some(word_of::<LineChoice>(arguments.line)));
                words.option("--products", Some(word_of::<ProductsChoice>(arguments.products)));
                words.option("--paths", Some(arguments.paths));
                words.of_study(&arguments.study);
                words.add("--");
                words.file(&arguments.scenario);
            }
            StudyCommand::Stress(arguments) => {
                words.add("stress");
                words.of_study(&arguments.study);
                words.option("--paths", arguments.paths);
                arguments.breaks.iter().for_each(|limit| words.option("--break", Some(break_text(limit))));
                arguments.by.iter().for_each(|&lever| words.option("--by", Some(word_of(lever))));
                words.files("--economies", &arguments.economies);
                words.add("--");
                words.file(&arguments.scenario);
            }
            StudyCommand::Sensitivity(arguments) => {
                words.add("sensitivity");
                words.option("--paths", arguments.paths);
                arguments
                    .metric
                    .iter()
                    .for_each(|metric| words.option("--metric", Some(measure_text(metric))));
                if arguments.global {
                    words.add("--global");
                    words.option("--design", Some(arguments.design));
                    words.option("--global-paths", arguments.global_paths);
                }
                words.of_study(&arguments.study);
                words.add("--");
                words.file(&arguments.scenario);
            }
        }
        words.0
    }
}

/// The word of a choice.
fn word_of<C: ValueEnum>(choice: C) -> String {
    choice.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}

#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn add(&mut self, word: &str) {
        self.0.push(word.to_string());
    }

    /// `--name=value`: a value that begins with a hyphen stays a value.
    fn option(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.0.push(format!("{name}={}", value.to_string()));
        }
    }

    fn file(&mut self, path: &Path) {
        self.0.push(path.display().to_string());
    }

    fn files(&mut self, name: &str, paths: &[std::path::PathBuf]) {
        paths.iter().for_each(|path| self.option(name, Some(path.display())));
    }

    fn of_study(&mut self, study: &StudyArguments) {
        let CommonArguments { set, lang, allow_outside, json: _, quiet: _, diagnostics: _ } = &study.common;
        self.option("--name", study.name.as_ref());
        self.option("--seed", study.seed);
        self.option("--lang", lang.map(|language| language.word()));
        set.iter().for_each(|set| self.option("--set", Some(set)));
        if *allow_outside {
            self.add("--allow-outside");
        }
        if study.png {
            self.add("--png");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_give_the_same_study() {
        for line in [
            "compare a.toml b.toml",
            "compare a.toml b.toml --economies x.toml y.toml --paths 7 --png --set a=1 --set=b*=2 --lang it --seed 3",
            "frontier --step 10% a.toml --line all --products follow --paths 70 --name x-y",
            "frontier a.toml --allow-outside",
            "stress a.toml",
            "stress a.toml --economies x.toml --break fund_loss.99%>900000 --break cap_hit@2.mean<50% --by lgd --by pd",
            "stress a.toml --break fund_loss.es99%>1.5 --break fund_loss.sd>-2 --paths 12",
            "sensitivity a.toml --global --global-paths 500 --design 16",
            "sensitivity a.toml --global --design 16 --metric fund_loss.es99% --metric leverage_effect.line1.mean",
            "sensitivity -- -odd.toml",
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_string).collect();
            let typed = StudyCommand::parse(&words).unwrap_or_else(|| panic!("{line}"));
            let again = StudyCommand::parse(&typed.words()).unwrap_or_else(|| panic!("{:?}", typed.words()));
            assert_eq!(format!("{typed:?}"), format!("{again:?}"), "{line}");
            assert_eq!(typed.words(), again.words(), "{line}");
        }
    }

    #[test]
    fn only_studies_are_read() {
        for line in ["run a.toml", "merge parts", "verify x", "frontier", "--help"] {
            assert!(StudyCommand::parse(&[line.to_string()]).is_none(), "{line}");
        }
        assert!(StudyCommand::parse(&["run".to_string(), "a.toml".to_string()]).is_none());
    }
}
