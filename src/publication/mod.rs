//! What a publication prints, as data, and microdata that reproduce it.
