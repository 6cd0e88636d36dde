//! Results to a Document, a Document to text, Markdown, CSV and JSON.
