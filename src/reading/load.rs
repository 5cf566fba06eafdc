//! From a path to the chain of files that a scenario is made of.
//!
//! `extends` is followed depth first: what a file builds on comes before it, in the order it is named, and every
//! file counts once. So a mix and an economy that both extend the same base give base, mix, economy, scenario.

use super::tree::{self, Node, Value};
use super::{Files, OutsideFile};
use crate::diagnostic::{Place, Problem, SourceId, Sources};
use crate::locale::{pair, told};
use std::path::{Component, Path, PathBuf};

/// Largest list of borrowers that is read: 16 MiB.
pub const LARGEST_FILE: usize = 16 * 1024 * 1024;
/// Largest scenario file that is read: 512 KiB. The largest of the library has 20 KiB.
pub const LARGEST_SCENARIO: usize = 512 * 1024;
/// Most files that one scenario may be made of.
const MOST_FILES: usize = 64;
/// Most bytes that these may have together: 1 MiB.
const LARGEST_CHAIN: usize = 1024 * 1024;

/// One file of the chain.
#[derive(Debug)]
pub struct Document {
    /// Its path, without `.` and `..` where possible.
    pub path: PathBuf,
    /// Its text.
    pub source: SourceId,
    /// What it says.
    pub tree: Node,
}

/// Reads a scenario file and all it builds on, ancestors first; the last one is the file itself.
pub fn load(
    files: &dyn Files,
    path: &Path,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Vec<Document> {
    let mut loader =
        Loader { files, sources, problems, open: Vec::new(), done: Vec::new(), chain: Vec::new(), bytes: 0 };
    loader.visit(&normalised(path), NamedBy::CommandLine);
    loader.chain
}

/// Who names a file.
#[derive(Clone, Copy)]
pub enum NamedBy<'n> {
    /// The command line, as a scenario: it is read wherever it lies.
    CommandLine,
    /// A value, in another file or in a `--set` option: it may not name every file. What stands in an option was often
    /// copied from somewhere, and `borrowers` shall mean the same wherever it stands.
    Value(&'n Place),
}

impl<'n> NamedBy<'n> {
    fn place(self) -> Option<&'n Place> {
        match self {
            NamedBy::CommandLine => None,
            NamedBy::Value(place) => Some(place),
        }
    }

    fn read(self, files: &dyn Files, path: &Path) -> std::io::Result<Vec<u8>> {
        match self {
            NamedBy::CommandLine => files.read(path),
            NamedBy::Value(_) => files.read_named(path),
        }
    }
}

/// The text of a file, checked for size, NUL bytes and encoding; without its byte order mark.
///
/// The problem stands where another file names this one, or at the beginning of the file itself.
pub fn read_text(
    files: &dyn Files,
    path: &Path,
    named_by: NamedBy<'_>,
    largest: usize,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<SourceId> {
    let name = path.display().to_string();
    let named = named_by.place();
    let bytes = match named_by.read(files, path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let own = named.is_none().then(|| Place::start_of(sources.add(name.clone(), "")));
            let place = named.or(own.as_ref())?;
            if error.get_ref().is_some_and(|error| error.is::<OutsideFile>()) {
                problems.push(outside(&name, place));
                return None;
            }
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            let message = match missing {
                true => told!("il file `{name}` non esiste", "there is no file `{name}`"; name),
                false => {
                    told!("`{name}` non si può leggere: {error}", "`{name}` cannot be read: {error}"; name, error)
                }
            };
            let hint = match (missing, named) {
                (true, Some(_)) => pair(
                    "i percorsi sono relativi al file che li nomina",
                    "paths are relative to the file that names them",
                ),
                (true, None) => pair(
                    "controllare il percorso: parte dalla cartella corrente",
                    "check the path: it is taken from the folder you are in",
                ),
                (false, _) => pair(
                    "controllare che sia un file e che sia permesso leggerlo",
                    "check that it is a file and that you may read it",
                ),
            };
            let code = if missing { "E001" } else { "E006" };
            problems.push(Problem::error(code, place, message).hint(hint));
            return None;
        }
    };
    if bytes.len() > largest {
        let source = sources.add(name, "");
        let message = told!(
            "il file ha più di {most} byte, il massimo che si legge",
            "the file has more than {most} bytes, the most that is read";
            most = largest,
        );
        problems.push(
            Problem::error("E002", &Place::start_of(source), message)
                .hint(pair("è il file giusto?", "is this the right file?")),
        );
        return None;
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let source = sources.add(name, String::from_utf8_lossy(error.as_bytes()));
            let message = told!(
                "il file non è un testo UTF-8: il byte {number} non lo è",
                "the file is not UTF-8 text: byte {number} is not";
                number = at + 1,
            );
            problems.push(Problem::error("E003", &Place::new(source, at..at + 1), message).hint(pair(
                "salvarlo come UTF-8 (in un foglio di calcolo: \"CSV UTF-8\")",
                "save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")",
            )));
            return None;
        }
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    };
    let nul = text.find('\0');
    let source = sources.add(name, text);
    if let Some(at) = nul {
        let place = Place::new(source, at..at + 1);
        problems.push(
            Problem::error(
                "E004",
                &place,
                pair("il file ha un byte NUL: non è un testo", "the file has a NUL byte: it is not a text"),
            )
            .hint(pair(
                "salvarlo come testo UTF-8, non come UTF-16 né come foglio di calcolo",
                "save it as UTF-8 text, not as UTF-16 and not as a spreadsheet",
            )),
        );
        return None;
    }
    Some(source)
}

/// A file that lies where a file may not name one.
fn outside(name: &str, place: &Place) -> Problem {
    let message = told!(
        "`{name}` è fuori dalla cartella corrente e da quella dello scenario: non si legge",
        "`{name}` lies outside the folder you are in and that of the scenario: it is not read";
        name,
    );
    Problem::error("E007", place, message).hint(pair(
        "se ci si fida di questi file: --allow-outside; altrimenti metterli in una stessa cartella",
        "if you trust these files: --allow-outside; else put them into one folder",
    ))
}

/// The path that `named` means in a file at `from`.
pub fn relative_to(from: &Path, named: &str) -> PathBuf {
    normalised(&from.parent().unwrap_or(Path::new("")).join(named))
}

/// The path without `.` and with `..` taken back, so that one file has one name.
fn normalised(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) => {}
            _ => parts.push(part),
        }
    }
    match parts.is_empty() {
        // The folder itself has a name too.
        true => PathBuf::from("."),
        false => parts.iter().collect(),
    }
}

struct Loader<'l> {
    files: &'l dyn Files,
    sources: &'l mut Sources,
    problems: &'l mut Vec<Problem>,
    /// Files being read, from the scenario down: a file that names one of them closes a circle.
    open: Vec<PathBuf>,
    /// Files read, whether whole or not.
    done: Vec<PathBuf>,
    chain: Vec<Document>,
    /// Bytes of the files read.
    bytes: usize,
}

impl Loader<'_> {
    fn visit(&mut self, path: &Path, named_by: NamedBy<'_>) {
        let named = named_by.place();
        if let (Some(at), Some(place)) = (self.open.iter().position(|open| open == path), named) {
            let circle: Vec<String> = self.open[at..]
                .iter()
                .map(|p| p.display().to_string())
                .chain([path.display().to_string()])
                .collect();
            let message = told!(
                "`extends` gira in cerchio: {circle}",
                "`extends` goes round in a circle: {circle}";
                circle = circle.join(" -> "),
            );
            let hint = pair(
                "togliere uno di questi file dall’`extends` dell’altro",
                "take one of these files out of the other's `extends`",
            );
            self.problems.push(Problem::error("E010", place, message).hint(hint));
            return;
        }
        if self.done.iter().any(|done| done == path) {
            return;
        }
        if let (true, Some(place)) = (self.done.len() + self.open.len() >= MOST_FILES, named) {
            let message = told!(
                "uno scenario può essere fatto di al massimo {most} file",
                "a scenario may be made of at most {most} files";
                most = MOST_FILES,
            );
            self.problems.push(
                Problem::error("E011", place, message)
                    .hint(pair("unire alcuni dei file su cui si basa", "merge some of the files it extends")),
            );
            return;
        }
        let Some(source) =
            read_text(self.files, path, named_by, LARGEST_SCENARIO, self.sources, self.problems)
        else {
            self.done.push(path.to_path_buf());
            return;
        };
        self.bytes += self.sources.get(source).text.len();
        if let (true, Some(place)) = (self.bytes > LARGEST_CHAIN, named) {
            let message = told!(
                "i file di questo scenario hanno insieme più di {most} byte",
                "the files of this scenario have more than {most} bytes together";
                most = LARGEST_CHAIN,
            );
            let hint = pair("sono i file giusti?", "are these the right files?");
            self.problems.push(Problem::error("E002", place, message).hint(hint));
            self.done.push(path.to_path_buf());
            return;
        }
        let (mut tree, syntax) = tree::parse(source, &self.sources.get(source).text);
        self.problems.extend(syntax);
        let extends = tree.as_table_mut().and_then(|table| table.remove("extends"));
        self.open.push(path.to_path_buf());
        for entry in self.named_files(extends) {
            if let Value::Text(name) = &entry.value {
                self.visit(&relative_to(path, name), NamedBy::Value(&entry.place));
            }
        }
        self.open.pop();
        self.done.push(path.to_path_buf());
        self.chain.push(Document { path: path.to_path_buf(), source, tree });
    }

    /// The texts that `extends` holds; anything else in it is a problem.
    fn named_files(&mut self, extends: Option<Node>) -> Vec<Node> {
        let entries = match extends {
            None => return Vec::new(),
            Some(Node { value: Value::List(entries), .. }) => entries,
            Some(node) => vec![node],
        };
        let (files, others): (Vec<Node>, Vec<Node>) =
            entries.into_iter().partition(|entry| entry.as_text().is_some_and(|name| !name.is_empty()));
        for other in others {
            let message = told!(
                "`extends` richiede nomi di file, non {kind}",
                "`extends` takes the names of files, not {kind}";
                kind = other.value.kind(),
            );
            let hint = pair(
                "scrivere extends = \"base.toml\" oppure extends = [\"mix.toml\", \"economy.toml\"]",
                "write extends = \"base.toml\" or extends = [\"mix.toml\", \"economy.toml\"]",
            );
            self.problems.push(Problem::error("E103", &other.place, message).hint(hint));
        }
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_name() {
        for (path, name) in [
            ("./a/../b.toml", "b.toml"),
            ("../a.toml", "../a.toml"),
            ("/a/../../b", "/b"),
            ("a/./b//c", "a/b/c"),
            (".", "."),
            ("a/..", "."),
        ] {
            assert_eq!(normalised(Path::new(path)), Path::new(name));
        }
        assert_eq!(relative_to(Path::new("scenarios/x.toml"), "../base.toml"), Path::new("base.toml"));
    }
}
