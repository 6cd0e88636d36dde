# Covariates and strata together: estimatr's lm_lin and lm_robust with the strata as covariates.
# Run: Rscript blocked_adjust.R > blocked_adjust.json
suppressMessages({library(estimatr); library(jsonlite)})
row <- function(m, k = 2) as.list(setNames(summary(m)$coefficients[k, ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
set.seed(424)
# Shares of intervention that differ much by stratum: leaving the strata out would mislead.
strata <- {
  s <- rep(c(4, 1, 7), c(60, 50, 40)); n <- length(s)
  z <- unlist(mapply(function(n, k) sample(rep(1:0, c(k, n - k))), c(60, 50, 40), c(12, 25, 30)))
  x <- round(rnorm(n, s, 2), 2); w <- sample(0:1, n, TRUE)
  data.frame(stratum = s, treated = z, x = x, w = w, y = round(rnorm(n, 10 - s + z + .8 * x - w, 1 + z), 4))
}
pairs <- {
  z <- unlist(lapply(1:30, function(i) sample(0:1))); x <- round(rnorm(60, rep(1:30, each = 2)), 2)
  data.frame(stratum = rep(1:30, each = 2), treated = z, x = x, y = round(rnorm(60, rep(1:30, each = 2) / 4 + z + x / 2), 4))
}
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript blocked_adjust.R > blocked_adjust.json",
  strata = list(data = as.list(strata),
    lin = row(lm_lin(y ~ treated, ~ factor(stratum) + x + w, strata, se_type = "HC2")),
    lin_without = row(lm_lin(y ~ treated, ~ factor(stratum), strata, se_type = "HC2")),
    ancova = row(lm_robust(y ~ treated + factor(stratum) + x, strata, se_type = "HC2"))),
  pairs = list(data = as.list(pairs),
    ancova = row(lm_robust(y ~ treated + factor(stratum) + x, pairs, se_type = "HC2")))
), digits = I(17), auto_unbox = TRUE), "\n")
