//! The style sheet of the page and the policy that lets nothing else in.

use super::dark::{DARK_PAPER, dark_rules};
use super::figure::Picture;
use sha2::{Digest, Sha256};

/// Colours, layout, narrow screens and A4.
const SHEET: &str = include_str!("style.css");

/// Width of a picture on a narrow screen, in rem; below [`SHEET`]'s narrow width it scrolls.
const NARROW_PICTURE: f64 = 46.0;

/// The whole style sheet of a page with some pictures: they are drawn for white paper and get their colours on a dark
/// screen here. On a narrow screen their titles are cut off: they stand above the picture as text.
pub(super) fn style_sheet<'a>(pictures: impl Iterator<Item = &'a Picture<'a>> + Clone) -> String {
    debug_assert!(SHEET.contains(&format!("--paper: {DARK_PAPER}")), "charts and page lie on one dark paper");
    debug_assert!(
        SHEET.contains(&format!("width: {NARROW_PICTURE}rem")),
        "pictures are as wide as they are cut for"
    );
    let dark = dark_rules(pictures.clone().map(|picture| picture.svg));
    let heads = pictures.map(|picture| {
        let head = picture.chart.head_share() * NARROW_PICTURE;
        format!("#figure-{} svg {{ margin-top: -{head:.2}rem; }}\n", picture.chart.name)
    });
    let heads: String = heads.collect();
    format!(
        "\n{SHEET}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n\
         @media screen and (max-width: 50rem) {{\n{heads}}}\n"
    )
}

/// Everything is forbidden but this one style sheet, known by its hash (W3C, Content Security Policy level 3).
pub(super) fn policy(sheet: &str) -> String {
    let hash = base64(&Sha256::digest(sheet.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

/// Bytes in base 64 (RFC 4648, section 4): how a policy writes a hash.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for position in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * position) & 63) as usize] as char;
            text.push(if position <= group.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert!(policy("").contains("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"));
    }

    #[test]
    fn the_sheet_asks_for_nothing_and_can_stand_in_a_page() {
        for forbidden in ["url(", "@import", "http", "</", "<!--", "&"] {
            assert!(!SHEET.contains(forbidden), "{forbidden}");
        }
        assert!(style_sheet(std::iter::empty()).contains("prefers-color-scheme: dark"));
    }
}
