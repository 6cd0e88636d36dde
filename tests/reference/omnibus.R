# One test over several arms: Welch's analysis of variance and chi-squared from base R, F of the arms with strata as fixed
# effects from estimatr's HC2 covariance, F of clusters (HTZ) from clubSandwich.
# Run: Rscript omnibus.R > omnibus.json
suppressMessages({library(estimatr); library(clubSandwich); library(jsonlite)})
set.seed(1951)
n <- 150
d <- data.frame(arm = sample(rep(c("c", "a", "b"), c(60, 50, 40))), stratum = rep(1:5, each = 30))
d$y <- round(rnorm(n, 5 + d$stratum + c(c = 0, a = 0.8, b = 0.3)[d$arm], c(c = 1, a = 1.5, b = 2)[d$arm]), 3)
d$yes <- as.numeric(runif(n) < c(c = 0.3, a = 0.5, b = 0.35)[d$arm])
d$arm <- factor(d$arm, levels = c("c", "a", "b"))

k <- data.frame(cluster = 1:30, arm = factor(rep(c("c", "a", "b"), 10), levels = c("c", "a", "b")), e = rnorm(30))
g <- k[rep(1:30, sample(2:6, 30, TRUE)), ]
g$y <- round(rnorm(nrow(g), 3 + g$e + c(c = 0, a = 1, b = 0.2)[as.character(g$arm)]), 3)

one <- oneway.test(y ~ arm, d)
chi <- chisq.test(table(d$arm, d$yes), correct = FALSE)
fit <- lm_robust(y ~ arm + factor(stratum), d, se_type = "HC2")
b <- coef(fit)[2:3]; V <- vcov(fit)[2:3, 2:3]
F <- drop(b %*% solve(V) %*% b) / 2
ols <- lm(y ~ arm, g)
htz <- Wald_test(ols, constraints = constrain_zero(2:3), vcov = vcovCR(ols, cluster = g$cluster, type = "CR2"), test = "HTZ")
pooled <- t.test(y ~ I(arm == "c"), d)
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr"), "clubSandwich", packageVersion("clubSandwich")),
  command = "Rscript omnibus.R > omnibus.json",
  persons = as.list(transform(d, arm = as.character(arm))), clusters = as.list(transform(g, arm = as.character(arm))),
  welch = list(statistic = one$statistic[[1]], df = one$parameter[[1]], df2 = one$parameter[[2]], p_value = one$p.value),
  chi_square = list(statistic = chi$statistic[[1]], df = chi$parameter[[1]], p_value = chi$p.value),
  strata = list(statistic = F, df = 2, df2 = fit$df.residual, p_value = pf(F, 2, fit$df.residual, lower.tail = FALSE)),
  htz = list(statistic = htz$Fstat, df = 2, df2 = htz$df_denom, p_value = htz$p_val),
  pooled = list(estimate = pooled$estimate[[1]] - pooled$estimate[[2]], std_error = pooled$stderr, df = pooled$parameter[[1]], p_value = pooled$p.value)
), digits = I(15), auto_unbox = TRUE), "\n")
