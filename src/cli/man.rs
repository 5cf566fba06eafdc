//! `fesr man`, and the manual that it prints: made of the same definitions as `--help`.

use super::Cli;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use std::path::PathBuf;

/// What `--help` begins with.
pub const ABOUT: &str = "\
Print the manual page of fesr, or write the pages of fesr and of all its
commands into a folder.";

/// `fesr man`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr man > fesr.1
  fesr man --output ~/.local/share/man/man1

Read a page without installing it: man ./fesr.1")]
pub struct ManArguments {
    /// Folder to write fesr.1, fesr-run.1 and their fellows into, in place of
    /// standard output.
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
}

/// A page of the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManualPage {
    /// Its file: `fesr-run.1`.
    pub file: String,
    /// Its text in roff.
    pub text: String,
}

/// The manual: the page of the program, then one a command.
pub fn manual() -> Vec<ManualPage> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let commands = program.get_subcommands().cloned();
    std::iter::once(program.clone()).chain(commands).map(page).collect()
}

fn page(command: Command) -> ManualPage {
    let has_commands = command.has_subcommands();
    let after = command.get_after_help().map(|help| help.to_string());
    let man = Man::new(command)
        .manual("fesr: mixed financial instruments")
        .source(concat!("fesr ", env!("CARGO_PKG_VERSION")));
    let mut roff = Vec::new();
    let rendered = man
        .render_title(&mut roff)
        .and_then(|()| man.render_name_section(&mut roff))
        .and_then(|()| man.render_synopsis_section(&mut roff))
        .and_then(|()| man.render_description_section(&mut roff))
        .and_then(|()| man.render_options_section(&mut roff))
        .and_then(|()| if has_commands { man.render_subcommands_section(&mut roff) } else { Ok(()) });
    rendered.expect("writing to memory cannot fail");
    let mut text = String::from_utf8_lossy(&roff).into_owned();
    text.push_str(&after.map_or(String::new(), |after| as_typed(&after)));
    ManualPage { file: man.get_filename(), text }
}

/// The end of a help text as it was laid out: what begins with `Examples:` has its lines for a reason.
fn as_typed(after: &str) -> String {
    let body = after.strip_prefix("Examples:\n").unwrap_or(after);
    let mut roff = String::from(".SH EXAMPLES\n.nf\n");
    for line in body.lines() {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        // A point or an apostrophe at the beginning of a line is a command of roff.
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        roff.push_str(&format!("{guard}{line}\n"));
    }
    roff.push_str(".fi\n");
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_its_examples_and_all_its_options() {
        let pages = manual();
        let files: Vec<&str> = pages.iter().map(|page| page.file.as_str()).collect();
        assert!(files.starts_with(&["fesr.1", "fesr-run.1"]) && files.contains(&"fesr-init.1"), "{files:?}");
        let program = Cli::command();
        assert_eq!(pages.len(), 1 + program.get_subcommands().count());
        for (page, command) in pages.iter().zip([&program].into_iter().chain(program.get_subcommands())) {
            assert!(page.text.contains(".SH EXAMPLES\n.nf\n  fesr "), "{}", page.file);
            for option in command.get_arguments().filter_map(|argument| argument.get_long()) {
                let option = option.replace('-', "\\-");
                assert!(page.text.contains(&format!("\\-\\-{option}")), "{}: {option}", page.file);
            }
        }
        assert!(pages[0].text.contains("fesr\\-run(1)"), "{}", pages[0].text);
    }

    #[test]
    fn roff_shows_what_was_written() {
        assert_eq!(as_typed("Examples:\n.x \\ --y"), ".SH EXAMPLES\n.nf\n\\&.x \\e \\-\\-y\n.fi\n");
    }
}
