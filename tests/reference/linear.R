# Regression references from R's estimatr and sandwich.
# Run: Rscript linear.R > linear.json
suppressMessages({library(estimatr); library(sandwich); library(jsonlite)})

set.seed(20170301)
n <- 80
d <- data.frame(
  treated = rep(c(1, 0, 0, 1), length.out = n),
  year = 1950 + sample(0:45, n, TRUE),
  duration = round(rexp(n, 1 / 7), 3),
  woman = rbinom(n, 1, 0.45))
d$y <- round(3 + 0.8 * d$treated + 0.02 * (d$year - 1970) - 0.1 * d$duration + rnorm(n) * (0.5 + d$treated), 4)
# One person has a category of their own: leverage one.
d$alone <- as.numeric(seq_len(n) == 17)

model <- y ~ treated + year + duration + woman
rows <- function(m) {
  s <- summary(m)$coefficients
  lapply(seq_len(nrow(s)), function(i) as.list(setNames(s[i, ], c(
    "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df"))))
}
types <- c(Classical = "classical", Hc0 = "HC0", Hc1 = "HC1", Hc2 = "HC2", Hc3 = "HC3")
robust <- lapply(types, function(t) rows(lm_robust(model, d, se_type = t)))
f <- lapply(types, function(t) {
  v <- lm_robust(model, d, se_type = t)$fstatistic
  list(statistic = v[[1]], df1 = v[[2]], df2 = v[[3]], p_value = pf(v[[1]], v[[2]], v[[3]], lower.tail = FALSE))
})
fit <- lm(model, d)
vcov_hc2 <- vcovHC(fit, type = "HC2")
without <- rows(lm_robust(y ~ treated + year, d[-17, ], se_type = "HC2"))

cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr"), "sandwich", packageVersion("sandwich")),
  command = "Rscript linear.R > linear.json",
  data = as.list(d),
  models = robust,
  f_tests = f,
  sigma = summary(fit)$sigma,
  vcov_hc2 = unname(vcov_hc2),
  leverage = unname(hatvalues(fit)),
  without_17 = without
), digits = I(17), auto_unbox = TRUE), "\n")
