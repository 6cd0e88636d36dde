# CR2 variance and Satterthwaite degrees of freedom, from R's estimatr and clubSandwich.
# Run: Rscript cluster.R > cluster.json
suppressMessages({library(estimatr); library(clubSandwich); library(jsonlite)})

set.seed(8)
size <- c(1, 1, 1, 2, 2, 2, 3, 1, 1, 2, 4, 1, 9, 2, 1, 1, 2, 3, 12, 5, 1, 2, 2, 1, 6, 7)
G <- length(size)
d <- data.frame(cluster = rep(seq_len(G) * 10, size))
g <- d$cluster / 10
d$treated <- (g * 7) %% 3 == 0
d$treated <- as.numeric(d$treated)
d$stratum <- 1 + (g > 9) + (g > 18)
n <- nrow(d)
d$age <- sample(20:60, n, TRUE)
d$score <- round(rnorm(n), 3)
d$y <- round(0.4 * d$treated + 0.03 * d$age + d$score + rnorm(G)[g] + rnorm(n), 4)
d <- d[sample(n), ]

rows <- function(m) {
  s <- summary(m)$coefficients
  lapply(seq_len(nrow(s)), function(i) as.list(setNames(s[i, ], c(
    "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df"))))
}
club <- function(formula) {
  m <- lm(formula, d)
  v <- vcovCR(m, cluster = d$cluster, type = "CR2")
  t <- coef_test(m, vcov = v, test = "Satterthwaite")
  list(std_error = t$SE, df = t$df, vcov = unname(as.matrix(v)))
}
plain <- y ~ treated
covariates <- y ~ treated + age + score
strata <- y ~ treated + I(stratum == 2) + I(stratum == 3)
dose <- y ~ age
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr"), "clubSandwich", packageVersion("clubSandwich")),
  command = "Rscript cluster.R > cluster.json",
  data = as.list(d),
  plain = rows(lm_robust(plain, d, clusters = cluster, se_type = "CR2")),
  plain_club = club(plain),
  covariates = rows(lm_robust(covariates, d, clusters = cluster, se_type = "CR2")),
  covariates_club = club(covariates),
  strata = rows(lm_robust(strata, d, clusters = cluster, se_type = "CR2")),
  strata_club = club(strata),
  within = rows(lm_robust(update(covariates, . ~ . + factor(stratum)), d, clusters = stratum * 100 + cluster, se_type = "CR2")),
  fixed_effects_club = club(y ~ score + factor(cluster))
), digits = I(17), auto_unbox = TRUE), "\n")
