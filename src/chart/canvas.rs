//! Paints a scene with plotters: SVG text or PNG bytes. The only file that names the library.
//!
//! What the library does not do by itself is done here:
//! - Its coordinates are whole pixels. SVG is drawn ten times as large and shown at its logical size through the
//!   view box; PNG is drawn at six times the size and averaged down to twice the size, which also smooths edges.
//! - Its measures of text are guesses and its glyphs lose their side bearings. Texts are measured and, in the PNG,
//!   drawn with the embedded font (`font`). The SVG names fonts that readers have, and holds every text to its
//!   measured width, so that no other font can make two labels collide.
//! - Its SVG has no title, description, role, dashes or inherited attributes: these are written into its text.
//! - Its filling of polygons leaves gaps at some corners: the PNG is filled row by row through rectangles.

use super::font;
use super::geometry::{Area, Point, dashes};
use super::palette::Rgb;
use super::scene::{Anchor, Mark, Scene, Stroke, Text, Weight};
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use std::fmt::Write;

/// The family that the library writes, to be taken out again.
const FAMILY: &str = "sans-serif";
/// The fonts that an SVG asks for; the first is the one that the embedded font was made from.
const FONT_STACK: &str = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', Helvetica, Arial, sans-serif";
/// What the library divides font sizes by in its SVG.
const SIZE_FACTOR: f64 = 1.24;
/// SVG units in a logical pixel.
const SVG_SCALE: f64 = 10.0;
/// Pixels of the PNG in a logical pixel.
const PNG_SCALE: usize = 2;
/// Pixels drawn for each pixel of the PNG, in each direction.
const SAMPLES: usize = 3;

/// What a reader of the SVG that cannot see it is told, and under which ids.
pub(super) struct Naming<'a> {
    /// Unique among the charts of a page; made of letters, digits and hyphens.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its description.
    pub description: &'a str,
    /// Language of both: `it`, `en`.
    pub language: &'a str,
}

fn solid(colour: Rgb) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

/// The scene as a complete SVG document.
pub(super) fn svg(scene: &Scene, naming: &Naming) -> String {
    let mut drawn = String::new();
    {
        let size = (scaled(scene.width, SVG_SCALE) as u32, scaled(scene.height, SVG_SCALE) as u32);
        let mut backend = SVGBackend::with_string(&mut drawn, size);
        paint_svg(scene, &mut backend).expect("drawing into a string does not fail");
    }
    finish_svg(scene, naming, &drawn)
}

/// A logical length in whole pixels of a larger canvas.
fn scaled(length: f64, scale: f64) -> i32 {
    (length * scale + 0.5).floor() as i32
}

fn paint_svg(scene: &Scene, backend: &mut SVGBackend) -> Result<(), Box<dyn std::error::Error>> {
    let at = |point: &Point| (scaled(point.x, SVG_SCALE), scaled(point.y, SVG_SCALE));
    for mark in &scene.marks {
        match mark {
            Mark::Rectangle { area, fill } => {
                let from = at(&Point { x: area.left, y: area.top });
                let to = at(&Point { x: area.right, y: area.bottom });
                backend.draw_rect(from, (to.0.max(from.0 + 1), to.1.max(from.1 + 1)), &solid(*fill), true)?;
            }
            Mark::Line { points, width, colour, stroke: _ } => {
                let style: ShapeStyle = solid(*colour).stroke_width(scaled(*width, SVG_SCALE) as u32);
                backend.draw_path(points.iter().map(at), &style)?;
            }
            Mark::Polygon { points, fill, opacity } => {
                backend.fill_polygon(points.iter().map(at), &solid(*fill).mix(*opacity))?;
            }
            Mark::Dot { centre, radius, fill } => {
                backend.draw_circle(at(centre), scaled(*radius, SVG_SCALE) as u32, &solid(*fill), true)?;
            }
            Mark::Text(text) => {
                let position = at(&Point { x: text.x, y: text.baseline });
                backend.draw_text(&text.content, &text_style(text), position)?;
            }
        }
    }
    backend.present()?;
    Ok(())
}

/// The size that makes the library write the size of a text.
fn library_size(text: &Text) -> f64 {
    text.size * SVG_SCALE * SIZE_FACTOR
}

fn text_style(text: &Text) -> TextStyle<'static> {
    let horizontal = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let weight = match text.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let size = library_size(text);
    let mut style = TextStyle::from(FontDesc::new(FontFamily::SansSerif, size, weight));
    style.color = solid(text.colour).to_backend_color();
    style.pos = Pos::new(horizontal, VPos::Top);
    style
}

/// Writes into the library's SVG what it cannot draw: root, names, fonts, dashes, widths of texts.
///
/// The library writes one element a line, and a text in three lines; elements come in the order of the marks.
fn finish_svg(scene: &Scene, naming: &Naming, drawn: &str) -> String {
    let mut svg = String::with_capacity(drawn.len());
    let (title, description) = (escape(naming.title), escape(naming.description));
    let (width, height) = (scene.width, scene.height);
    let view = (scaled(width, SVG_SCALE), scaled(height, SVG_SCALE));
    let id = naming.id;
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" lang=\"{}\" font-family=\"{FONT_STACK}\" \
         stroke-linejoin=\"round\">\n<title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>",
        view.0, view.1, naming.language,
    );
    let mut texts = scene.texts();
    let mut strokes = scene.marks.iter().filter_map(|mark| match mark {
        Mark::Line { stroke, .. } => Some(*stroke),
        _ => None,
    });
    let mut lines = drawn.lines().skip(1);
    while let Some(line) = lines.next() {
        let line =
            line.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "").replace(" \"/>", "\"/>");
        if line.starts_with("<text") {
            let text = texts.next().expect("one text mark for each text element");
            let length = scaled(text.width(), SVG_SCALE);
            let attributes = line
                .replace(" dy=\"0.76em\"", "")
                .replace(" text-anchor=\"start\"", "")
                .replace(&format!(" font-family=\"{FAMILY}\""), "")
                .replace("font-weight=\"bold\"", "font-weight=\"600\"")
                // Divided and multiplied by 1.24 the size is no longer round.
                .replace(
                    &format!("font-size=\"{}\"", library_size(text) / SIZE_FACTOR),
                    &format!("font-size=\"{}\"", text.size * SVG_SCALE),
                );
            let attributes = attributes.trim_end_matches('>');
            let content = lines.next().expect("a text element has a text");
            let end = lines.next().expect("a text element ends");
            let _ = writeln!(
                svg,
                "{attributes} textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\">{content}{end}"
            );
        } else if line.starts_with("<polyline") {
            match strokes.next().expect("one line mark for each polyline") {
                Stroke::Solid => svg.push_str(&line),
                Stroke::Dashed(dash, gap) => {
                    let pattern = format!(
                        "<polyline stroke-dasharray=\"{},{}\"",
                        scaled(dash, SVG_SCALE),
                        scaled(gap, SVG_SCALE)
                    );
                    svg.push_str(&line.replacen("<polyline", &pattern, 1));
                }
            }
            svg.push('\n');
        } else {
            svg.push_str(&line);
            svg.push('\n');
        }
    }
    svg
}

/// A text as XML allows it.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            control if control.is_control() => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The scene as a PNG at twice its logical size.
pub(super) fn png(scene: &Scene) -> Vec<u8> {
    let width = scaled(scene.width, PNG_SCALE as f64) as usize;
    let height = scaled(scene.height, PNG_SCALE as f64) as usize;
    let (wide, high) = (width * SAMPLES, height * SAMPLES);
    let mut pixels = vec![255_u8; wide * high * 3];
    {
        let backend = BitMapBackend::with_buffer(&mut pixels, (wide as u32, high as u32));
        let mut painter = Painter { backend, scale: (PNG_SCALE * SAMPLES) as f64, size: (wide, high) };
        painter.paint(scene).expect("drawing into memory does not fail");
    }
    encode(&average(&pixels, wide, width, height), width as u32, height as u32)
}

/// The mean of each block of samples.
fn average(pixels: &[u8], wide: usize, width: usize, height: usize) -> Vec<u8> {
    let mut small = Vec::with_capacity(width * height * 3);
    for row in 0..height {
        for column in 0..width {
            let mut sums = [0_u32; 3];
            for y in row * SAMPLES..(row + 1) * SAMPLES {
                let start = (y * wide + column * SAMPLES) * 3;
                for sample in pixels[start..start + SAMPLES * 3].chunks_exact(3) {
                    for (sum, channel) in sums.iter_mut().zip(sample) {
                        *sum += u32::from(*channel);
                    }
                }
            }
            let count = (SAMPLES * SAMPLES) as u32;
            small.extend(sums.map(|sum| ((sum + count / 2) / count) as u8));
        }
    }
    small
}

/// Pixels as a PNG file without a time stamp.
fn encode(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Default);
    encoder.set_filter(png::FilterType::NoFilter);
    let mut writer = encoder.write_header().expect("writing to memory does not fail");
    writer.write_image_data(pixels).expect("the image has the size it says");
    writer.finish().expect("writing to memory does not fail");
    bytes
}

/// Paints marks on a bitmap.
struct Painter<'a> {
    backend: BitMapBackend<'a>,
    scale: f64,
    size: (usize, usize),
}

type Painted = Result<(), Box<dyn std::error::Error>>;

impl Painter<'_> {
    fn paint(&mut self, scene: &Scene) -> Painted {
        for mark in &scene.marks {
            match mark {
                Mark::Rectangle { area, fill } => self.rectangle(*area, *fill)?,
                Mark::Line { points, width, colour, stroke: Stroke::Solid } => {
                    self.line(points, *width, *colour, true)?;
                }
                Mark::Line { points, width, colour, stroke: Stroke::Dashed(dash, gap) } => {
                    for piece in dashes(points, *dash, *gap) {
                        self.line(&piece, *width, *colour, false)?;
                    }
                }
                Mark::Polygon { points, fill, opacity } => self.polygon(points, *fill, *opacity)?,
                Mark::Dot { centre, radius, fill } => self.dot(*centre, *radius, *fill)?,
                Mark::Text(text) => self.text(text)?,
            }
        }
        self.backend.present()?;
        Ok(())
    }

    fn rectangle(&mut self, area: Area, fill: Rgb) -> Painted {
        let from = (scaled(area.left, self.scale), scaled(area.top, self.scale));
        let to = (scaled(area.right, self.scale), scaled(area.bottom, self.scale));
        self.backend.draw_rect(from, (to.0.max(from.0 + 1), to.1.max(from.1 + 1)), &solid(fill), true)?;
        Ok(())
    }

    /// A line as one quadrilateral per segment; round joints unless it is a dash.
    fn line(&mut self, points: &[Point], width: f64, colour: Rgb, joined: bool) -> Painted {
        let half = width / 2.0;
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let length = (dx * dx + dy * dy).sqrt();
            if length > 0.0 {
                let (across_x, across_y) = (-dy / length * half, dx / length * half);
                let corner = |point: Point, side: f64| Point {
                    x: point.x + side * across_x,
                    y: point.y + side * across_y,
                };
                let corners = [corner(from, 1.0), corner(to, 1.0), corner(to, -1.0), corner(from, -1.0)];
                self.polygon(&corners, colour, 1.0)?;
            }
        }
        if joined && points.len() > 2 {
            for point in &points[1..points.len() - 1] {
                self.dot(*point, half, colour)?;
            }
        }
        Ok(())
    }

    fn dot(&mut self, centre: Point, radius: f64, fill: Rgb) -> Painted {
        let (x, y, r) = (centre.x * self.scale, centre.y * self.scale, radius * self.scale);
        for row in (y - r).floor() as i32..=(y + r).ceil() as i32 {
            let above = f64::from(row) + 0.5 - y;
            if above.abs() < r {
                let half = (r * r - above * above).sqrt();
                self.row(row, x - half, x + half, fill, 1.0)?;
            }
        }
        Ok(())
    }

    /// Fills a polygon by the even-odd rule, row by row.
    fn polygon(&mut self, points: &[Point], fill: Rgb, opacity: f64) -> Painted {
        let corners: Vec<(f64, f64)> = points.iter().map(|p| (p.x * self.scale, p.y * self.scale)).collect();
        let top = corners.iter().map(|corner| corner.1).fold(f64::INFINITY, f64::min).max(0.0);
        let bottom = corners.iter().map(|corner| corner.1).fold(0.0, f64::max).min(self.size.1 as f64);
        let mut crossings: Vec<f64> = Vec::new();
        for row in top.floor() as i32..bottom.ceil() as i32 {
            let y = f64::from(row) + 0.5;
            crossings.clear();
            for (index, to) in corners.iter().enumerate() {
                let from = corners[(index + corners.len() - 1) % corners.len()];
                if (from.1 <= y) != (to.1 <= y) {
                    crossings.push(from.0 + (y - from.1) * (to.0 - from.0) / (to.1 - from.1));
                }
            }
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                self.row(row, pair[0], pair[1], fill, opacity)?;
            }
        }
        Ok(())
    }

    /// Fills the pixels of a row whose centres lie between two positions.
    fn row(&mut self, row: i32, from: f64, to: f64, fill: Rgb, opacity: f64) -> Painted {
        let (from, to) = ((from - 0.5).ceil() as i32, (to - 0.5).ceil() as i32);
        if from < to && row >= 0 {
            self.backend.draw_rect((from, row), (to, row + 1), &solid(fill).mix(opacity), true)?;
        }
        Ok(())
    }

    fn text(&mut self, text: &Text) -> Painted {
        let start = (text.bounds().left * self.scale, text.baseline * self.scale);
        let colour = solid(text.colour);
        let (wide, high) = (self.size.0 as i32, self.size.1 as i32);
        let backend = &mut self.backend;
        let mut painted = Ok(());
        font::cover(&text.content, text.size * self.scale, text.weight, start, |x, y, coverage| {
            if (0..wide).contains(&x) && (0..high).contains(&y) && painted.is_ok() {
                painted = backend.draw_pixel((x, y), colour.mix(coverage).to_backend_color());
            }
        });
        Ok(painted?)
    }
}
