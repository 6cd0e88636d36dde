//! The page: real headers, nothing from the network, nothing in a label becomes markup.

use fip::document::figure::{Bar, Bars, Plot};
use fip::document::{Cell, Column, Document, Figure, NoteKind, Row, Table};
use fip::release::no_results;
use fip::report::{html, latex};
use fip::words::Lang::{self, En, Nl};

use super::samples;

const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)> ' & </td></table> javascript:x \u{202e}";

/// A document with the text in every place that takes one.
fn everywhere(text: &str, lang: Lang) -> Document {
    let mut document = Document::new(lang, text, &no_results());
    document
        .subtitle(text)
        .heading(1, text)
        .heading(2, text)
        .paragraph(text)
        .note(NoteKind::Warning, text)
        .list([text]);
    let mut table = Table::new(
        "t",
        text,
        [Column::words(text), Column::numbers(text).under(text)],
    );
    table
        .row(Row::new(text).with(Cell::text(text)))
        .row(Row::section(text))
        .row(Row::indented(text).with(Cell::code(text)))
        .note(text);
    document.table(table);
    document.figure(Figure {
        id: "f".to_owned(),
        caption: text.to_owned(),
        alt: text.to_owned(),
        notes: vec![text.to_owned()],
        plot: Plot::Bars(Bars {
            levels: vec![text.to_owned()],
            bars: vec![Bar {
                label: text.to_owned(),
                shares: vec![(1.0, text.to_owned())],
            }],
        }),
    });
    document
}

/// The names of all tags, and all names of attributes.
fn tags(page: &str) -> (Vec<String>, Vec<String>) {
    let body = page.split_once("</style>").map_or(page, |(_, body)| body);
    let (mut names, mut attributes) = (Vec::new(), Vec::new());
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        let mut outside = String::new();
        for (index, part) in tag.split('"').enumerate() {
            if index % 2 == 0 {
                outside.push_str(part);
            }
        }
        let mut words = outside.split_whitespace();
        names.push(words.next().unwrap().trim_start_matches('/').to_owned());
        attributes.extend(
            words
                .map(|word| word.trim_end_matches(['=', '/']).to_owned())
                .filter(|word| !word.is_empty()),
        );
    }
    (names, attributes)
}

#[test]
fn a_label_cannot_become_markup() {
    let page = html::render(&everywhere(EVIL, Nl)).unwrap();
    let (names, attributes) = tags(&page);
    let known = [
        "head",
        "body",
        "main",
        "header",
        "nav",
        "h1",
        "h2",
        "h3",
        "p",
        "ol",
        "ul",
        "li",
        "a",
        "strong",
        "div",
        "table",
        "caption",
        "span",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "details",
        "summary",
        "svg",
        "rect",
        "text",
        "line",
        "polyline",
        "circle",
        "polygon",
        "code",
        "wbr",
        "html",
    ];
    for name in &names {
        assert!(known.contains(&name.as_str()), "<{name}>");
    }
    for attribute in &attributes {
        assert!(
            !attribute.starts_with("on") && attribute != "src",
            "{attribute}"
        );
    }
    assert!(!page.contains('\u{202e}'));
}

#[test]
fn the_page_needs_nothing_else() {
    let page = html::render(&samples::report(Nl)).unwrap();
    for outside in [
        "http://", "https://", "url(", "@import", "<link", "<script", "src=",
    ] {
        let found = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(outside), "{outside}");
    }
    assert!(page.contains("<html lang=\"nl\">"));
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
}

#[test]
fn tables_have_real_headers() {
    let page = html::render(&samples::report(En)).unwrap();
    assert_eq!(
        page.matches("<table>").count(),
        page.matches("<caption").count()
    );
    assert!(page.contains("scope=\"colgroup\" colspan=\"2\""));
    assert!(page.contains("scope=\"col\"") && page.contains("scope=\"row\""));
    // Every row has as many cells as the table has columns.
    for table in page.split("<table>").skip(1) {
        let body = table
            .split("<tbody>")
            .nth(1)
            .unwrap()
            .split("</tbody>")
            .next()
            .unwrap();
        let counts: Vec<usize> = body
            .split("<tr")
            .skip(1)
            .map(|row| row.matches("<td").count() + row.matches("<th").count())
            .collect();
        assert!(
            counts.windows(2).all(|pair| pair[0] == pair[1]),
            "{counts:?}"
        );
    }
}

#[test]
fn latex_has_no_sign_left_that_it_would_obey() {
    let text = latex::escape("\\input{/etc/passwd} $x^2_i$ 50% #1 & ~ {a} \u{1F600} 漢 −0,5 ≤ €");
    for sign in ["\u{1F600}", "漢", "−", "≤", "€"] {
        assert!(!text.contains(sign), "{sign} in {text}");
    }
    let signs: Vec<char> = text.chars().collect();
    for pair in signs.windows(2) {
        assert!(
            !matches!(pair[1], '$' | '%' | '#' | '&') || pair[0] == '\\',
            "{pair:?} in {text}"
        );
    }
    assert!(text.starts_with("\\textbackslash{}input\\{"));
    let whole = latex::render(&everywhere("\\end{document} % { $", Nl));
    assert_eq!(whole.matches("\\end{document}").count(), 1);
    let plain = whole.replace("\\{", "").replace("\\}", "");
    let (open, close) = (plain.matches('{').count(), plain.matches('}').count());
    assert_eq!(open, close);
}
