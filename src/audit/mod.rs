//! Printed tables in, findings out. Knows rounding, knows no particular publication.
