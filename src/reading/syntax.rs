//! What the TOML parser says of a broken text, for readers of both languages.

use super::tree::line_of;
use crate::diagnostic::{Place, Problem, SourceId};
use crate::locale::{Told, pair, told};

/// A syntax error as a problem, with what to write instead where that can be guessed.
pub fn syntax_problem(source: SourceId, text: &str, error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();
    let place = Place::new(source, span.start..span.end.max(span.start));
    let why = Told::new(in_italian(message), message);
    let told = told!("questo non è TOML: {why}", "this is not TOML: {why}"; why);
    let problem = Problem::error("E005", &place, told);
    let line = text.get(line_of(text, span.start)).unwrap_or_default();
    let value =
        line.split_once('=').map_or("", |(_, value)| value.split('#').next().unwrap_or_default().trim());
    if let Some(grouped) = grouped_number(value) {
        return problem.hint(told!(
            "scrivere i numeri senza punti né unità, con _ tra le migliaia: {grouped}",
            "write numbers without separators or unit, with _ between thousands: {grouped}";
            grouped,
        ));
    }
    let is_bare = |c: char| c.is_alphanumeric() || "%.,-_+ €".contains(c);
    if message.contains("must be quoted") && value.is_empty() {
        problem.hint(pair(
            "scrivere un valore dopo `=`: un numero, true, false o un testo tra virgolette",
            "write a value after the `=`: a number, true, false, or a text in quotes",
        ))
    } else if !value.is_empty() && value.chars().all(is_bare) && value.chars().count() <= 60 {
        problem.hint(told!(
            "scrivere testi, trimestri e percentuali tra virgolette: \"{value}\"",
            "put texts, quarters and percentages in quotes: \"{value}\"";
            value,
        ))
    } else {
        problem
    }
}

/// A number with its thousands apart, as people write it (`5.000.000`, `5,000,000.50 €`), as TOML has it: `5_000_000`.
fn grouped_number(value: &str) -> Option<String> {
    let number = value.trim_end_matches(|sign: char| sign.is_alphabetic() || "€ ".contains(sign));
    let unit = value[number.len()..].trim();
    if !["", "€", "EUR", "eur", "euro"].contains(&unit) {
        return None;
    }
    let number = number.trim_start_matches('€').trim();
    ['.', ',', ' ', '\''].into_iter().find_map(|separator| {
        let decimal = if separator == '.' { ',' } else { '.' };
        let (whole, cents) = number.split_once(decimal).unwrap_or((number, ""));
        let groups: Vec<&str> = whole.split(separator).collect();
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (first, rest) = groups.split_first()?;
        let is_grouped = (1..=3).contains(&first.len())
            && (!rest.is_empty() || !unit.is_empty() || decimal == ',' && !cents.is_empty())
            && rest.iter().all(|group| group.len() == 3)
            && groups.iter().all(|group| digits(group))
            && digits(cents)
            && cents.len() <= 2;
        let cents = if cents.is_empty() { String::new() } else { format!(".{cents}") };
        is_grouped.then(|| format!("{}{cents}", groups.join("_")))
    })
}

/// A text that is no scenario at all: its first line that says anything is neither a `[heading]` nor a `key = value`.
pub fn is_no_scenario(text: &str) -> bool {
    let said = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let Some(first) = said.into_iter().find(|line| !line.is_empty() && !line.starts_with('#')) else {
        return false;
    };
    let is_key = |key: &str| {
        let key = key.trim();
        !key.is_empty() && key.chars().all(|sign| sign.is_alphanumeric() || "_-.\"' ".contains(sign))
    };
    !first.starts_with('[') && !first.split_once('=').is_some_and(|(key, _)| is_key(key))
}

/// What is said, once, of a text that is no scenario.
pub fn no_scenario_problem(source: SourceId) -> Problem {
    let place = Place::start_of(source);
    let told = pair("questo file non è uno scenario", "this file is not a scenario");
    Problem::error("E005", &place, told).hint(pair(
        "uno scenario è un file TOML: intestazioni [fund], righe chiave = valore; fesr init NOME ne scrive uno da cui partire",
        "a scenario is a TOML file: headings such as [fund], lines of key = value; fesr init NAME writes one to start from",
    ))
}

/// The parser's message in Italian: what is wrong, and the signs that were expected. A message that is not in the table
/// is quoted as it is.
fn in_italian(message: &str) -> String {
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let Some((_, italian)) = ITALIAN.iter().find(|(english, _)| what.starts_with(english)) else {
        return format!("`{}`", message.replace('`', "'"));
    };
    let signs: Vec<&str> = expected.split(", ").filter(|sign| sign.starts_with('`')).collect();
    match signs.is_empty() {
        true => (*italian).to_string(),
        false => format!("{italian}; serve {}", signs.join(" o ")),
    }
}

/// Beginnings of the messages of toml 1.2, and what they mean.
const ITALIAN: &[(&str, &str)] = &[
    ("string values must be quoted", "i testi vanno tra virgolette"),
    ("key with no value", "una chiave senza valore"),
    ("missing value", "manca un valore"),
    ("duplicate key", "una chiave scritta due volte"),
    ("cannot extend value of type", "una chiave con punti entra in un valore che non è una tabella"),
    ("extra `=`", "un segno `=` di troppo"),
    ("extra assignment between key-value pairs", "un segno `=` di troppo"),
    ("unexpected `=` in array", "un segno `=` dentro un elenco"),
    ("missing assignment between key-value pairs", "manca `=` tra chiave e valore"),
    ("missing comma between array elements", "manca una virgola tra i valori di un elenco"),
    ("missing comma between key-value pairs", "manca una virgola tra le chiavi di una tabella"),
    ("extra comma", "una virgola di troppo"),
    ("unclosed array table", "l’intestazione [[...]] non è chiusa"),
    ("unclosed array", "un elenco non è chiuso"),
    ("unclosed inline table", "una tabella { ... } non è chiusa"),
    ("unclosed table", "l’intestazione [...] non è chiusa"),
    ("missing table open", "manca la parentesi quadra che apre una tabella"),
    ("missing array opening", "manca la parentesi quadra che apre un elenco"),
    ("missing inline table opening", "manca la parentesi graffa che apre una tabella"),
    ("missing opening quote", "mancano le virgolette di apertura"),
    ("missing key", "manca una chiave"),
    ("invalid basic string", "un testo non è scritto bene"),
    ("invalid literal string", "un testo non è scritto bene"),
    ("invalid multi-line", "un testo su più righe non è scritto bene"),
    ("missing escaped value", "dopo `\\` manca un carattere"),
    ("too few unicode value digits", "a un carattere `\\u` mancano cifre"),
    ("invalid unquoted key", "una chiave senza virgolette ha caratteri non ammessi"),
    ("unquoted keys cannot be empty", "una chiave è vuota"),
    ("keys cannot be multi-line", "una chiave sta su più righe"),
    ("invalid key-value pair", "una riga non è della forma chiave = valore"),
    ("invalid inline table element", "una voce della tabella non è della forma chiave = valore"),
    ("invalid value", "un valore non è scritto bene"),
    ("unexpected key or value", "c’è qualcosa dopo il valore"),
    ("unexpected content", "c’è qualcosa che non può stare qui"),
    ("unexpected leading zero", "un numero comincia con zero"),
    ("unexpected sign", "un segno che non può stare qui"),
    ("redundant numeric sign", "un segno di troppo davanti a un numero"),
    ("redundant integer number prefix", "un prefisso di troppo davanti a un numero"),
    ("integers with a radix cannot be signed", "un numero con prefisso non può avere un segno"),
    ("radix must be lowercase", "il prefisso di un numero va in minuscolo"),
    ("`_` may only go between digits", "`_` può stare solo tra cifre"),
    ("invalid comment character", "un commento ha un carattere non ammesso"),
    ("carriage return must be followed by newline", "un ritorno a capo non è completo"),
    ("invalid date", "una data non è scritta bene"),
    ("invalid time", "un’ora non è scritta bene"),
    ("invalid", "un valore non è scritto bene"),
    ("cannot recurse further", "troppi livelli uno dentro l’altro"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::InLanguage;
    use crate::reading::tree::parse;
    use crate::scenario::Language;

    #[test]
    fn grouped_numbers_get_the_advice_that_works() {
        for (written, advised) in [
            ("5.000.000", Some("5_000_000")),
            ("5,000,000", Some("5_000_000")),
            ("5.000.000,50", Some("5_000_000.50")),
            ("5 000 000", Some("5_000_000")),
            ("5.000.000 €", Some("5_000_000")),
            ("500000 EUR", None),
            ("350 EUR", Some("350")),
            ("1250,50", None),
            ("2018-Q4", None),
            ("2.5%", None),
            ("5.00.000", None),
        ] {
            assert_eq!(grouped_number(written).as_deref(), advised, "{written}");
        }
        let (_, problems) = parse(SourceId(0), "endowment = 5.000.000");
        assert_eq!(problems.len(), 1);
        let hints = format!("{:?}", problems[0].hints);
        assert!(hints.contains("5_000_000") && !hints.contains("in quotes"), "{hints}");
        let advised = parse(SourceId(0), "endowment = 5_000_000");
        assert!(advised.1.is_empty());
    }

    #[test]
    fn a_text_that_is_no_scenario_gets_one_error() {
        for text in [
            "# Title\n\nWhat can go wrong with a fund?\nA lot.",
            "<!DOCTYPE html>\n<p>",
            "{\n \"a\": 1\n}",
            "name,line,theme\na,1,b",
            "<svg width=\"1\">\n<a>",
        ] {
            let (_, problems) = parse(SourceId(0), text);
            assert_eq!(problems.len(), 1, "{text}");
            assert!(problems[0].message.to_string().contains("not a scenario"), "{text}");
        }
        for text in ["[fund\nendowment = 5.0.0\nx", "\"a b\".c = \nb = [1", "# only a comment", ""] {
            let (_, problems) = parse(SourceId(0), text);
            assert!(problems.iter().all(|problem| !problem.message.to_string().contains("not a scenario")));
        }
    }

    #[test]
    fn the_commonest_slips_are_told_in_italian() {
        for (text, italian) in [
            ("a = 4%", "i testi vanno tra virgolette"),
            ("b = 1\na", "una chiave senza valore"),
            ("start = 2018-Q4", "una data non è scritta bene"),
            ("a = 1\na = 2", "una chiave scritta due volte"),
            ("a = [1, 2", "un elenco non è chiuso"),
            ("[a\nb = 1", "l’intestazione [...] non è chiusa"),
            ("a = \"x", "un testo non è scritto bene"),
            ("a = 1 b = 2", ""),
            ("a = { b = 1", "una tabella { ... } non è chiusa"),
            ("a = = 2", "un segno `=` di troppo"),
            ("a = [1, , 2]", "una virgola di troppo"),
            ("a = 1\n[a.b]", "una chiave con punti"),
        ] {
            let (_, problems) = parse(SourceId(0), text);
            let told = problems[0].message.in_language(Language::Italian);
            assert!(told.contains(italian), "{text}: {told}");
            assert!(!told.contains("expected") && !told.contains("TOML: `"), "{text}: {told}");
        }
        assert_eq!(in_italian("a new `message`"), "`a new 'message'`");
    }
}
