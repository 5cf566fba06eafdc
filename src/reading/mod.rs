//! From text to a [`Scenario`]: files, inheritance, what-ifs, checks.
//!
//! 1. `load`: the file and all it `extends`, each parsed into a tree whose values know their places;
//! 2. `merge`: the trees over each other, ancestors first;
//! 3. `set`: the `--set` options over the result;
//! 4. `fund`, `line`, `pipeline`, `credit`, `promises`, `borrowers`: the tree section by section into typed values,
//!    with the defaults of [`keys`].
//!
//! What a problem says is written in both languages where it is found; what keys mean stands in [`keys`] and
//! `meanings`, what the TOML parser says in `syntax`.
//! The same tables make the JSON Schema that editors check a file with ([`schema`]).
//!
//! Every stage goes on after a problem, so that all of them come in one go; only syntax errors end the reading, for
//! what they hide would be reported as missing. Nothing here touches a file: texts come through [`Files`].

mod booked;
mod booked_terms;
mod borrowers;
mod breaking;
mod columns;
mod context;
mod credit;
mod field;
mod fund;
mod ineligible;
pub mod keys;
pub mod kinds;
mod line;
mod load;
mod magnitude;
mod meanings;
mod merge;
mod migration;
mod number;
mod opening;
mod outcome_limit;
mod pipeline;
mod promises;
mod region;
pub mod schema;
mod section;
mod set;
mod suggestion;
mod syntax;
mod translated;
mod tree;
mod uncertainty;
mod unseen;

pub use breaking::{break_text, parse_break};
pub use columns::COLUMNS as BORROWER_COLUMNS;
pub use field::{LARGEST_AMOUNT, grouped};
pub use fund::parse_precision;
pub use load::{LARGEST_FILE, LARGEST_SCENARIO};
pub use magnitude::excess;
pub use meanings::meaning;
pub use set::{Operation, SetOption, split_path};
pub use suggestion::{is_name, slug};
pub use unseen::is_unseen;

use crate::diagnostic::{Place, Problem, Problems, Severity, SourceId, Sources};
use crate::locale::pair;
use crate::rules::RuleReport;
use crate::scenario::{Borrower, Language, LineNumber, Scenario};
use context::Context;
use load::NamedBy;
use pipeline::Applicants;
use section::Section;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tree::{Node, Value};

/// Where the texts come from: the shell reads files, tests keep them in memory.
pub trait Files {
    /// The bytes of a file; an implementation need not read more than [`LARGEST_FILE`] and one.
    ///
    /// # Errors
    /// Whatever kept the file from being read.
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>>;

    /// The bytes of a file that another file names, as [`Files::read`].
    ///
    /// # Errors
    /// Those of [`Files::read`], and [`OutsideFile`] where files may not name this one.
    fn read_named(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.read(path)
    }
}

/// The error of a file that lies where other files may not name one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("it lies outside the working folder and the folder of the scenario")]
pub struct OutsideFile;

impl From<OutsideFile> for std::io::Error {
    fn from(outside: OutsideFile) -> std::io::Error {
        std::io::Error::new(std::io::ErrorKind::PermissionDenied, outside)
    }
}

/// Files in memory, by path: for tests, and for scenarios that come with the program.
impl Files for BTreeMap<PathBuf, Vec<u8>> {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.get(path).cloned().ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

/// A scenario with what was noticed while reading it.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The scenario.
    pub scenario: Scenario,
    /// What was probably not meant.
    pub warnings: Vec<Problem>,
    /// All texts read: the scenario file first, then what it extends and the list of borrowers, then the options.
    pub sources: Sources,
    /// Where each key of the scenario was written, by dotted path (list entries by name); defaults have no place.
    pub places: BTreeMap<String, Place>,
}

impl Reading {
    /// The rules that the scenario breaks without waiver, as errors and warnings at the keys that break them.
    pub fn rule_problems(&self, report: &RuleReport) -> Problems {
        let broken = report.broken_errors.iter().chain(&report.warned);
        let list = broken.map(|broken| broken.problem(&self.place_of(&broken.finding.key))).collect();
        Problems::new(list, self.sources.clone(), self.scenario.identity.language)
    }

    /// The place of a key, or of the nearest table around it that was written, or the beginning of the file.
    pub fn place_of(&self, key: &str) -> Place {
        let mut key = key;
        loop {
            if let Some(place) = self.places.get(key) {
                return place.clone();
            }
            match key.rfind('.') {
                Some(dot) => key = &key[..dot],
                None => return Place::start_of(SourceId(0)),
            }
        }
    }
}

/// Reads a scenario file, what it extends, the list of borrowers it names, and applies the `--set` options.
///
/// # Errors
/// All problems of all files, in the order of the files, together with the warnings, in the language that the scenario
/// names, as far as that can be read.
pub fn read_scenario(files: &dyn Files, path: &Path, options: &[SetOption]) -> Result<Reading, Problems> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let documents = load::load(files, path, &mut sources, &mut problems);
    if !problems.is_empty() {
        let language = documents.iter().find_map(|document| match document.source {
            SourceId(0) => language_of(&document.tree),
            SourceId(_) => None,
        });
        return Err(Problems::new(problems, sources, language.unwrap_or(Language::English)));
    }
    let folders: BTreeMap<SourceId, PathBuf> =
        documents.iter().map(|document| (document.source, document.path.clone())).collect();
    let mut tree = Node::empty_table(Place::start_of(SourceId(0)));
    for document in documents {
        let mut later = document.tree;
        promises::flatten_by_key(&mut later);
        tree = merge::over(tree, later);
    }
    set::apply(&mut tree, options, &mut sources, &mut problems);
    promises::flatten_by_key(&mut tree);
    let list = list_of_borrowers(files, &tree, &folders, &mut sources, &mut problems);
    let context = Context::new(&sources);
    let scenario = extract(&context, &tree, path, list);
    problems.extend(context.into_problems());
    let language = language_of(&tree).unwrap_or(Language::English);
    let Problems { list, .. } = Problems::new(problems, Sources::default(), language);
    let failed = list.iter().any(|problem| problem.severity == Severity::Error);
    match scenario {
        Some(scenario) if !failed => {
            let mut places = BTreeMap::new();
            note_places(&tree, "", &mut places);
            let mut list = list;
            if let Some(place) = places.get("pipeline.borrowers") {
                list.extend(ineligible::ineligible_borrowers(&scenario, place));
            }
            Ok(Reading { scenario, warnings: list, sources, places })
        }
        _ => Err(Problems { list, sources, language }),
    }
}

/// The language that a scenario file names itself, whatever else is wrong with it; `None` if it names none.
pub fn stated_language(files: &dyn Files, path: &Path) -> Option<Language> {
    let bytes = files.read(path).ok().filter(|bytes| bytes.len() <= LARGEST_SCENARIO)?;
    let text = String::from_utf8(bytes).ok()?;
    let (tree, _) = tree::parse(SourceId(0), text.trim_start_matches('\u{feff}'));
    language_of(&tree)
}

fn language_of(tree: &Node) -> Option<Language> {
    tree.at(&["scenario", "lang"]).and_then(Node::as_text).and_then(Language::from_word)
}

/// Whether the scenario names a list of borrowers, and its text.
enum BorrowerList {
    None,
    Broken,
    Text(SourceId),
}

/// Reads the file that `pipeline.borrowers` names, relative to the file that says so (to the working folder if an
/// option does).
fn list_of_borrowers(
    files: &dyn Files,
    tree: &Node,
    folders: &BTreeMap<SourceId, PathBuf>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> BorrowerList {
    let Some(node) = tree.at(&["pipeline", "borrowers"]) else { return BorrowerList::None };
    let Value::Text(name) = &node.value else { return BorrowerList::Broken };
    let from = folders.get(&node.place.source).cloned().unwrap_or_default();
    let path = load::relative_to(&from, name);
    match load::read_text(files, &path, NamedBy::Value(&node.place), LARGEST_FILE, sources, problems) {
        Some(source) => BorrowerList::Text(source),
        None => BorrowerList::Broken,
    }
}

/// The whole scenario; `None` if a problem was reported.
fn extract(context: &Context<'_>, tree: &Node, path: &Path, list: BorrowerList) -> Option<Scenario> {
    let root = Section::root(context, tree)?;
    let identity = fund::identity(&root, path);
    let simulation = fund::simulation(&root);
    let fund = fund::fund(&root);
    let credit = credit::credit(&root);
    let economy = credit::economy(&root, credit.as_ref().map(|credit| credit.dependence));
    let ratings = credit::rating_names(tree);
    if root.has("pipeline")
        && let Some(section) = root.section("pipeline")
    {
        section.read("borrowers", |field| field.text().map(|_| ()));
    }
    let listed = match list {
        BorrowerList::None => Some(borrowers::List::default()),
        BorrowerList::Broken => None,
        BorrowerList::Text(source) => {
            let surroundings = borrowers::Surroundings {
                ratings: ratings.clone(),
                products: ["line1", "line2"].map(|line| product_names(tree, line)),
                availability_quarters: fund.as_ref().map(|fund| fund.availability_quarters),
                horizon_quarters: fund.as_ref().map(|fund| fund.horizon_quarters),
                today_quarter: fund.as_ref().map(|fund| fund.today_quarter),
            };
            borrowers::read(source, &surroundings, context)
        }
    };
    if !root.has("line1") && !root.has("line2") {
        let message = pair(
            "lo scenario non ha linee: servono [line1] o [line2]",
            "the scenario has no line: it needs [line1] or [line2]",
        );
        context.report(Problem::error("E102", &root.place, message).hint(pair(
            "scrivere [line1] o [line2], vedere scenarios/base.toml",
            "write [line1] or [line2], see scenarios/base.toml",
        )));
    }
    let read_line = |number: LineNumber| {
        let name = format!("line{}", number.word());
        let today = fund.as_ref().map_or(0, |fund| fund.today_quarter);
        root.has(&name)
            .then(|| line::line(&root, number, applicants(&ratings, listed.as_ref(), number, today)))
    };
    let line1 = read_line(LineNumber::One);
    let line2 = read_line(LineNumber::Two);
    opening::refuse_without_today(&root, fund.as_ref().map(|fund| fund.today_quarter));
    let programme = promises::programme(&root);
    let limits = promises::limits(&root);
    let milestones = region::milestones(&root, fund.as_ref());
    let both = [&line1, &line2].map(|line| line.as_ref().and_then(Option::as_ref));
    let units_agree = region::same_units(&root, both);
    let waived_rules = promises::waived_rules(&root);
    let figures = promises::sources(&root, tree);
    let uncertainties = uncertainty::uncertainties(&root, tree);
    let state_aid = fund::state_aid(&root);
    let translations = fund::translations(&root);
    let (limits, outcome_limits) = limits?;
    let scenario = Scenario {
        identity: identity?,
        simulation: simulation?,
        fund: fund?,
        line1: whole(line1)?,
        line2: whole(line2)?,
        credit: credit?,
        economy: economy?,
        programme: programme?,
        limits,
        outcome_limits,
        milestones: units_agree.and(milestones)?,
        waived_rules: waived_rules?,
        sources: figures?,
        uncertainties: uncertainties?,
        state_aid: state_aid?,
        translations: translations?,
    };
    translated::check(&root, &scenario);
    magnitude::check(context, &scenario, root.place_of("fund"));
    Some(scenario)
}

/// An absent line is fine, a broken one is not.
fn whole<T>(line: Option<Option<T>>) -> Option<Option<T>> {
    match line {
        None => Some(None),
        Some(Some(line)) => Some(Some(line)),
        Some(None) => None,
    }
}

fn applicants<'r>(
    ratings: &'r [String],
    list: Option<&borrowers::List>,
    number: LineNumber,
    today: u32,
) -> Applicants<'r> {
    let own = |borrower: &&Borrower| borrower.line == number;
    let of_line = |row: &&booked::BookedRow| row.borrower.line == number;
    Applicants {
        ratings,
        listed: list.iter().flat_map(|list| &list.applicants).filter(own).cloned().collect(),
        booked: list.iter().flat_map(|list| &list.booked).filter(of_line).cloned().collect(),
        today,
        list_is_broken: list.is_none_or(|list| list.is_broken),
    }
}

/// The names of a line's products as written; `None` if there is no such line.
fn product_names(tree: &Node, line: &str) -> Option<Vec<String>> {
    let line = tree.at(&[line])?;
    let names = match line.at(&["product"]).map(|node| &node.value) {
        Some(Value::List(entries)) => {
            entries.iter().map(|entry| entry.entry_name().unwrap_or_default().to_string()).collect()
        }
        _ => Vec::new(),
    };
    Some(names)
}

/// The place of every key below a node, by dotted path.
fn note_places(node: &Node, path: &str, places: &mut BTreeMap<String, Place>) {
    let below = |name: &str| if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
    if !path.is_empty() {
        places.insert(path.to_string(), node.place.clone());
    }
    match &node.value {
        Value::Table(table) => {
            table.iter().for_each(|(name, child)| note_places(child, &below(name), places))
        }
        Value::List(entries) => {
            for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.as_table().is_some()) {
                let name = entry.entry_name().map_or_else(|| (index + 1).to_string(), str::to_string);
                note_places(entry, &below(&name), places);
            }
        }
        Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Moment(_) => {}
    }
}
