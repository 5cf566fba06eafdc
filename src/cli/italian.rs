//! What clap says, in Italian: its errors by their kind, and the frame of its help (headings, defaults, one line a command).
//!
//! The long descriptions of options and the examples stay English; the manual says so at the end of each help.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// One line about each command, by its name.
const ABOUT: &[(&str, &str)] = &[
    ("run", "Simula scenari e ne scrive i risultati"),
    ("trace", "Mostra tutti i movimenti di un futuro simulato: perché è andata male?"),
    ("compare", "Confronta mix di strumenti sugli stessi richiedenti e la stessa sorte"),
    ("frontier", "Esamina tutti i mix di garanzie, prestiti e contributi e trova quelli da scegliere"),
    ("stress", "Mette uno scenario sotto stress e cerca quanto deve andare male perché una promessa cada"),
    ("sensitivity", "Dice quale ipotesi conta di più: una alla volta, e tutte insieme"),
    ("check", "Legge scenari e li confronta con le regole della misura, senza simulare"),
    ("verify", "Rifà un risultato da ciò che ne è scritto e dice se ogni file è identico"),
    ("merge", "Riunisce le quote di una simulazione divisa fra più macchine"),
    ("init", "Scrive uno scenario commentato da cui partire"),
    ("schema", "Stampa lo schema dei file di scenario, per gli editor che li completano"),
    ("completions", "Stampa i completamenti di una shell"),
    ("man", "Stampa la pagina di manuale, o scrive quelle di tutti i comandi"),
    ("help", "Mostra questo aiuto o quello di un comando"),
];

/// What the program is, in Italian.
const PROGRAM: &str = "Quanto di un fondo pubblico di garanzie, prestiti e contributi può andare perso, fin dove arriva e se mantiene le sue promesse.";

/// Fixed words of clap's help; longer ones first.
const FRAME: &[(&str, &str)] = &[
    ("Print help (see more with '--help')", "Mostra l’aiuto (di più con '--help')"),
    ("Print help (see a summary with '-h')", "Mostra l’aiuto (in breve con '-h')"),
    (
        "Print this message or the help of the given subcommand(s)",
        "Mostra questo aiuto o quello di un comando",
    ),
    ("Print help", "Mostra l’aiuto"),
    ("Print version", "Mostra la versione"),
    ("Possible values:", "Valori possibili:"),
    ("[possible values: ", "[valori possibili: "),
    ("[default: ", "[predefinito: "),
    ("Exit codes:", "Codici di uscita:"),
    ("[OPTIONS]", "[OPZIONI]"),
    ("<COMMAND>", "<COMANDO>"),
    ("[COMMAND]", "[COMANDO]"),
    ("Arguments:", "Argomenti:"),
    ("Commands:", "Comandi:"),
    ("Examples:", "Esempi:"),
    ("Options:", "Opzioni:"),
    ("Usage:", "Uso:"),
];

/// The command line with its one-line descriptions in Italian.
pub fn in_italian(program: Command) -> Command {
    let names: Vec<String> =
        program.get_subcommands().map(|command| command.get_name().to_string()).collect();
    let about = |name: &str| ABOUT.iter().find(|(known, _)| *known == name).map(|(_, about)| *about);
    names.iter().fold(program.about(PROGRAM).long_about(PROGRAM), |program, name| match about(name) {
        Some(about) => program.mut_subcommand(name, |command| command.about(about)),
        None => program,
    })
}

/// Clap's help with an Italian frame; `colour`: with the signs of a terminal.
pub fn help(help: &StyledStr, colour: bool) -> String {
    let help = if colour { help.ansi().to_string() } else { help.to_string() };
    let framed = FRAME.iter().fold(help, |text, (english, italian)| text.replace(english, italian));
    format!("{}\n\nLe descrizioni delle opzioni e gli esempi sono in inglese.\n", framed.trim_end())
}

/// A text of an error's context: one word, or several in a row.
fn context(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        ContextValue::Number(number) => Some(number.to_string()),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(texts) if !texts.is_empty() => {
            Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

/// A refused command line as an Italian reader is told; `None` for what is no error (help, version) or not known.
pub fn usage_error(error: &Error) -> Option<String> {
    let of = |kind| context(error, kind).unwrap_or_default();
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("l’argomento '{argument}' non esiste"),
        ErrorKind::InvalidSubcommand => {
            format!("il comando '{}' non esiste", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "manca il comando".to_string(),
        ErrorKind::MissingRequiredArgument => format!("mancano argomenti necessari: {argument}"),
        ErrorKind::ArgumentConflict => {
            let other = of(ContextKind::PriorArg);
            if other.is_empty() || other == argument {
                format!("l’argomento '{argument}' può essere dato una volta sola")
            } else {
                format!("gli argomenti '{argument}' e '{other}' non vanno insieme")
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("manca il valore di '{argument}'"),
        ErrorKind::InvalidValue => format!("il valore '{value}' di '{argument}' non è ammesso"),
        ErrorKind::ValueValidation => format!("il valore '{value}' di '{argument}' non va bene"),
        ErrorKind::TooManyValues => format!("il valore '{value}' di '{argument}' è di troppo"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("il numero di valori di '{argument}' non va bene")
        }
        ErrorKind::NoEquals => format!("serve un segno = dopo '{argument}'"),
        ErrorKind::InvalidUtf8 => "un argomento non è testo UTF-8".to_string(),
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format => return None,
        // The list of kinds is open.
        _ => return None,
    };
    let mut text = format!("errore: {what}\n");
    if let Some(values) = context(error, ContextKind::ValidValue) {
        text += &format!("  valori possibili: {values}\n");
    }
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    for suggested in near.into_iter().filter_map(|kind| context(error, kind)) {
        text += &format!("\n  aiuto: si intendeva '{suggested}'?\n");
    }
    if let Some(usage) = context(error, ContextKind::Usage) {
        let usage = FRAME.iter().fold(usage, |text, (english, italian)| text.replace(english, italian));
        text += &format!("\n{}\n", usage.trim_end());
    }
    text += "\nPer saperne di più: '--help'.";
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_command_has_its_line() {
        let program = in_italian(Cli::command());
        for command in program.get_subcommands() {
            let known = ABOUT.iter().find(|(name, _)| *name == command.get_name());
            let (_, about) = known.unwrap_or_else(|| panic!("no Italian line for {}", command.get_name()));
            assert_eq!(command.get_about().map(ToString::to_string).as_deref(), Some(*about));
        }
    }

    #[test]
    fn refused_lines_are_told_in_italian() {
        for (line, parts) in [
            ("fesr run --foo x.toml", &["l’argomento '--foo' non esiste", "Uso: fesr run"][..]),
            ("fesr runn x.toml", &["il comando 'runn' non esiste", "si intendeva 'run'?"]),
            ("fesr run", &["mancano argomenti necessari", "<SCENARIO>"]),
            ("fesr run x.toml --paths 5 --precision 1%", &["non vanno insieme", "--precision"]),
            ("fesr run x.toml --progress loud", &["'loud'", "valori possibili: auto, bar"]),
            ("fesr run x.toml --seed", &["manca il valore di '--seed"]),
            ("fesr run x.toml --threads 0", &["il valore '0' di '--threads"]),
            ("fesr run x.toml --json --json", &["una volta sola", "--json"]),
        ] {
            let error = Cli::command().try_get_matches_from(line.split(' ')).expect_err(line);
            let text = usage_error(&error).unwrap_or_else(|| panic!("{line}: {error:?}"));
            for part in parts {
                assert!(text.contains(part), "{line}: no {part:?} in\n{text}");
            }
            for english in ["error:", "Usage", "tip:", "For more"] {
                assert!(!text.contains(english), "{line}:\n{text}");
            }
        }
    }

    #[test]
    fn the_frame_of_help_is_italian() {
        let mut program = in_italian(Cli::command());
        let text = help(&program.render_long_help(), false);
        for part in
            ["Uso: fesr <COMANDO>", "Comandi:", "Opzioni:", "Esempi:", "Simula scenari", "Mostra la versione"]
        {
            assert!(text.contains(part), "no {part:?} in\n{text}");
        }
        for english in ["Usage:", "Commands:", "Options:", "Print help", "Examples:"] {
            assert!(!text.contains(english), "{english} in\n{text}");
        }
    }
}
