# Comparisons that the draw does not protect, where clusters were drawn: estimatr's CR2 on clusters
# whose members may be on both sides.
# Run: Rscript unprotected.R > unprotected.json
suppressMessages({library(estimatr); library(jsonlite)})

row <- function(m, k) as.list(setNames(summary(m)$coefficients[k, ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))

set.seed(2017)
d <- {
  size <- rep(1:4, 15); arm <- rep(c(0, 1, 1, 0, 1, 0), 10); c <- rep(seq_along(size), size)
  r <- as.numeric(runif(length(c)) < ifelse(arm[c] == 1, .8, .1))
  data.frame(cluster = c, z = arm[c], got = r, y = round(rnorm(length(c), 2 + r) + rnorm(60)[c], 4))
}
plain <- function(d, g) { d$g <- g; row(lm_robust(y ~ g, d, clusters = cluster, se_type = "CR2"), 2) }
keep <- d$got == d$z
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript unprotected.R > unprotected.json",
  data = as.list(d), per_protocol = plain(d[keep, ], d$z[keep]), as_treated = plain(d, d$got)
), digits = I(17), auto_unbox = TRUE), "\n")
