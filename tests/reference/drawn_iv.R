# Effects on compliers, complier means and the effect per contact for draws within strata and by
# cluster: strata as fixed effects in both stages, HC2 or CR2.
# Estimates come from R's estimatr; the Anderson-Rubin sets from root finding on the p-value of
# assignment in a regression of y - beta * d.
# Run: Rscript drawn_iv.R > drawn_iv.json
suppressMessages({library(estimatr); library(jsonlite)})

fields <- c("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")
row <- function(m, i) as.list(setNames(summary(m)$coefficients[i, ], fields))

ar <- function(p, alpha = 0.05) {
  g <- function(b) p(b) - alpha
  u <- tan(seq(-pi / 2 + 1e-4, pi / 2 - 1e-4, length.out = 601))
  v <- sapply(u, g)
  i <- which(diff(sign(v)) != 0)
  roots <- sapply(i, function(k) uniroot(g, u[k + 0:1], tol = 1e-15)$root)
  list(bounds = as.list(roots), outside_accepted = v[1] > 0, no_effect_p = p(0))
}

analyse <- function(t, strata, cluster) {
  t$s <- factor(t$stratum)
  t$count_treated <- t$y * t$got
  t$without <- 1 - t$got
  t$count_untreated <- t$y * t$without
  rest <- if (strata) "+ s" else ""
  ols <- function(y, d = t) {
    f <- as.formula(paste(y, "~ z", rest))
    if (cluster) lm_robust(f, d, clusters = cluster, se_type = "CR2") else lm_robust(f, d, se_type = "HC2")
  }
  iv <- function(y, d) {
    f <- as.formula(paste(y, "~", d, rest, "| z", rest))
    m <- if (cluster) iv_robust(f, t, clusters = cluster, se_type = "CR2") else iv_robust(f, t, se_type = "HC2")
    row(m, d)
  }
  set <- function(d) ar(function(b) {
    e <- t
    e$e <- t$y - b * t[[d]]
    summary(ols("e", e))$coefficients["z", 4]
  })
  top <- max(t$contacts)
  weight <- sapply(seq_len(top), function(j) coef(lm(as.formula(paste("contacts >= j ~ z", rest)), t))[["z"]])
  found <- list(data = as.list(t[c("y", "z", "got", "contacts", "stratum", "cluster")]),
    effect = iv("y", "got"), share = row(ols("got"), "z"), reduced_form = row(ols("y"), "z"),
    anderson_rubin = set("got"),
    means = list(treated = iv("count_treated", "got"), untreated = iv("count_untreated", "without")),
    dose = list(effect = iv("y", "contacts"), contacts = row(ols("contacts"), "z"),
      anderson_rubin = set("contacts"), differences = weight, weights = weight / sum(weight)))
  # The same model with the strata absorbed, as estimatr offers it, where every stratum has both arms.
  both <- all(tapply(t$z, t$stratum, function(z) length(unique(z))) == 2)
  if (strata && both && cluster)
    found$absorbed <- row(iv_robust(y ~ got | z, t, fixed_effects = ~ s, clusters = cluster, se_type = "CR2"), "got")
  if (strata && both && !cluster)
    found$absorbed <- row(iv_robust(y ~ got | z, t, fixed_effects = ~ s, se_type = "HC2"), "got")
  found
}

outcomes <- function(t, seed) {
  set.seed(seed)
  n <- nrow(t)
  t$contacts <- ifelse(t$z == 1, rpois(n, 2.2), rpois(n, 0.4))
  t$got <- as.numeric(t$contacts >= 2)
  common <- rnorm(max(t$cluster))[t$cluster]
  t$y <- round(40 + 0.6 * t$contacts + 2 * t$stratum + common + rnorm(n) * (1 + t$z), 3)
  t
}
set.seed(5)
# Seven strata of unequal size, in different order; the sixth has one person, the seventh none in control.
persons <- data.frame(stratum = rep(1:7, c(30, 21, 17, 12, 8, 1, 3)))
persons$z <- unlist(lapply(split(persons$stratum, persons$stratum), function(s) {
  n <- length(s)
  if (n <= 3) rep(1, n) else sample(rep(0:1, c(n - n %/% 3, n %/% 3)))
}))
persons <- persons[sample(nrow(persons)), ]
persons$cluster <- seq_len(nrow(persons))
households <- function(sizes) {
  t <- data.frame(cluster = rep(seq_along(sizes), sizes))
  t$stratum <- (t$cluster - 1) %% 4 + 1
  t$z <- as.numeric((t$cluster - 1) %/% 4 %% 3 == 0)
  t[sample(nrow(t)), ]
}
couples <- households(sample(1:4, 48, TRUE))
plain <- couples
plain$stratum <- 1
weak <- outcomes(couples, 31)
weak$got <- as.numeric(runif(nrow(weak)) < 0.4 + 0.05 * weak$z)
weak$contacts <- weak$got + rpois(nrow(weak), 0.6)
weak$y <- round(weak$got + rnorm(nrow(weak)), 3)

cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript drawn_iv.R > drawn_iv.json",
  complete = analyse(outcomes(persons[persons$stratum < 6, ], 3), FALSE, FALSE),
  thin_strata = analyse(outcomes(persons, 4), TRUE, FALSE),
  strata = analyse(outcomes(persons[persons$stratum < 6, ], 6), TRUE, FALSE),
  clusters = analyse(outcomes(plain, 7), FALSE, TRUE),
  clusters_in_strata = analyse(outcomes(couples, 8), TRUE, TRUE),
  weak_clusters_in_strata = analyse(weak, TRUE, TRUE)
), digits = I(15), auto_unbox = TRUE), "\n")
