# Reference values for rank tests.
# Run: Rscript rank.R | python rank.py > rank.json
suppressMessages({library(jsonlite); library(coin)})
set.seed(18121812)
num <- function(x) sprintf("%.17g", x)
case <- function(name, x, y, exact_ties = FALSE) {
  w <- function(...) { r <- suppressWarnings(wilcox.test(x, y, ...)); num(c(r$statistic[[1]], r$p.value)) }
  out <- list(name = name, treated = num(x), control = num(y), automatic = w(),
    normal_continuity = w(exact = FALSE), normal_plain = w(exact = FALSE, correct = FALSE))
  if (exact_ties || (!any(duplicated(c(x, y))) && length(x) < 50 && length(y) < 50)) {
    g <- factor(rep(c("t", "c"), c(length(x), length(y))), levels = c("t", "c"))
    out$exact <- num(pvalue(wilcox_test(c(x, y) ~ g, distribution = "exact")))
  }
  out
}
cases <- list(
  case("small_no_ties", c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46), c(1.15, 0.88, 0.90, 0.74, 1.21)),
  case("nearly_50", rnorm(49), rnorm(48, 0.4)),
  case("fifty", rnorm(50), rnorm(20)),
  case("ordinal", sample(1:6, 15, TRUE), sample(1:6, 18, TRUE), TRUE),
  case("ordinal_large", sample(1:6, 360, TRUE, prob = c(5, 4, 3, 2, 1, 1)), sample(1:6, 668, TRUE)),
  case("binary", rbinom(30, 1, 0.3), rbinom(25, 1, 0.5), TRUE),
  case("separated", c(10, 11, 12, 13), c(1, 2, 3)),
  case("two", c(1, 4), c(2, 3)),
  case("sleep", sleep$extra[sleep$group == 1], sleep$extra[sleep$group == 2], TRUE)
)
p <- c(0.01, 0.04, 0.03, 0.5, 0.005, 0.04, 0.9, 1e-20)
cat(toJSON(list(oracle = jsonlite::unbox(paste0(R.version.string, ", coin ", packageVersion("coin"))), cases = cases,
  adjust = list(p = num(p), holm = num(p.adjust(p, "holm")), hochberg = num(p.adjust(p, "hochberg")), bh = num(p.adjust(p, "BH")))), auto_unbox = FALSE), "\n")
