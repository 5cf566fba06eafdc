//! `fesr completions`

use clap::Args;
use clap_complete::Shell;

/// What `--help` begins with.
pub const ABOUT: &str = "\
Print the completions of a shell: commands, options and their values then come
with the tab key.";

/// `fesr completions`
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  fesr completions bash > ~/.local/share/bash-completion/completions/fesr
  fesr completions zsh > ~/.zfunc/_fesr
  fesr completions fish > ~/.config/fish/completions/fesr.fish
  fesr completions powershell >> $PROFILE")]
pub struct CompletionsArguments {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}
