//! What `fesr verify` says, in both languages.

use super::{Numbers, Phrases};
use crate::scenario::Language;

/// Builds the sentences of a verification in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VerificationWords {
    language: Language,
}

impl VerificationWords {
    /// The words of a language.
    pub fn new(language: Language) -> VerificationWords {
        VerificationWords { language }
    }

    fn choose(self, italian: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Italian => italian,
            Language::English => english,
        }
    }

    /// Every byte is the same.
    pub fn identical(self) -> &'static str {
        self.choose("identico", "identical")
    }

    /// Every file is the recorded one; nothing was computed again.
    pub fn as_recorded(self) -> &'static str {
        self.choose("come registrato", "as recorded")
    }

    /// Why a study was not run again: stress, and compare with economies.
    pub fn not_from_the_folder(self) -> &'static str {
        self.choose(
            "non rifatto: gli studi con economie (stress, compare --economies) usano file che la loro cartella non contiene; i file sono confrontati solo con le impronte registrate",
            "not run again: studies with economies (stress, compare --economies) use files that their folder does not hold; files were only held against the recorded hashes",
        )
    }

    /// Why a study that was stopped was not run again.
    pub fn study_interrupted(self) -> &'static str {
        self.choose(
            "non rifatto: lo studio fu interrotto, e un altro si fermerebbe altrove; i file sono confrontati solo con le impronte registrate",
            "not run again: the study was interrupted, and another would stop elsewhere; files were only held against the recorded hashes",
        )
    }

    /// Something differs.
    pub fn different(self) -> &'static str {
        self.choose("diverso", "different")
    }

    /// What was compared: "26 files, 100,000 paths, seed 7".
    pub fn compared(self, files: usize, paths: u64, seed: u64) -> String {
        let numbers = Numbers::new(self.language);
        let (files, paths) = (numbers.count(files as u64), Phrases::new(self.language).paths(paths));
        match self.language {
            Language::Italian => format!("{files} file, {paths}, seme {seed}"),
            Language::English => format!("{files} files, {paths}, seed {seed}"),
        }
    }

    /// A run that was interrupted, with its planned paths.
    pub fn interrupted(self, planned: u64) -> String {
        let planned = Numbers::new(self.language).count(planned);
        match self.language {
            Language::Italian => format!("interrotto, ne erano previsti {planned}"),
            Language::English => format!("interrupted, {planned} were planned"),
        }
    }

    /// Who made the result and who checks it, if they are not of one version.
    pub fn versions(self, recorded: &str, here: &str) -> String {
        match self.language {
            Language::Italian => format!("prodotto da fesr {recorded}; questo è fesr {here}"),
            Language::English => format!("made by fesr {recorded}; this is fesr {here}"),
        }
    }

    /// A recorded file is not there.
    pub fn missing(self) -> &'static str {
        self.choose("mancano nella cartella (o non sono file)", "missing from the folder, or not plain files")
    }

    /// A file is not the one that the run left.
    pub fn altered(self) -> &'static str {
        self.choose("modificati dopo l’esecuzione", "altered after the run")
    }

    /// A file is as the run left it, and computed otherwise now.
    pub fn computed_otherwise(self) -> &'static str {
        self.choose(
            "come li ha lasciati l’esecuzione, ma questo programma li calcola diversi",
            "as the run left them, but this program computes something else",
        )
    }

    /// A recorded file that this program does not write.
    pub fn no_longer_written(self) -> &'static str {
        self.choose(
            "registrati, ma questo programma non li scrive",
            "recorded, but not written by this program",
        )
    }

    /// A file that this program writes and the record does not list.
    pub fn not_recorded(self) -> &'static str {
        self.choose(
            "scritti da questo programma, ma non registrati",
            "written by this program, but not in the record",
        )
    }

    /// The record itself differs.
    pub fn record(self) -> &'static str {
        self.choose(
            "la registrazione dell’esecuzione (modificata, o per effetto di quanto sopra)",
            "the record of the run (edited, or because of the above)",
        )
    }

    /// What stands in the folder.
    pub fn in_folder(self) -> &'static str {
        self.choose("nella cartella", "in the folder")
    }

    /// What was computed.
    pub fn computed_now(self) -> &'static str {
        self.choose("calcolato ora", "computed now")
    }

    /// Where texts differ.
    pub fn line(self, number: u64) -> String {
        format!("{} {number}", self.choose("riga", "line"))
    }

    /// One of the two texts ends before the other.
    pub fn ends_here(self) -> &'static str {
        self.choose("(il file finisce qui)", "(the file ends here)")
    }

    /// Why nothing was simulated: the scenario is not there.
    pub fn scenario_missing(self) -> &'static str {
        self.choose(
            "non rieseguito: lo scenario registrato manca; gli altri file sono confrontati solo con la registrazione",
            "not run again: the recorded scenario is missing; the other files were held against the record only",
        )
    }

    /// Why nothing was simulated: the scenario is another one.
    pub fn scenario_altered(self) -> &'static str {
        self.choose(
            "non rieseguito: lo scenario è stato modificato; gli altri file sono confrontati solo con la registrazione",
            "not run again: the scenario was altered; the other files were held against the record only",
        )
    }

    /// Files that no run wrote.
    pub fn other_files(self) -> &'static str {
        self.choose("non dell’esecuzione, non confrontati", "not from the run, not compared")
    }

    /// So many more than are listed.
    pub fn and_more(self, count: usize) -> String {
        let count = Numbers::new(self.language).count(count as u64);
        match self.language {
            Language::Italian => format!("e altri {count}"),
            Language::English => format!("and {count} more"),
        }
    }
}
