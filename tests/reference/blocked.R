# Differences in means for draws within strata and of clusters, from R's estimatr.
# Run: Rscript blocked.R > blocked.json
suppressMessages({library(estimatr); library(jsonlite)})

row <- function(m) as.list(setNames(summary(m)$coefficients[1, ], c(
  "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df")))
set.seed(99)
strata <- {
  b <- rep(c(4, 1, 7), c(9, 20, 31))
  t <- unlist(lapply(c(4, 11, 9), function(k) k))
  z <- unlist(mapply(function(n, k) sample(rep(c(1, 0), c(k, n - k))), c(9, 20, 31), t))
  data.frame(stratum = b, treated = z, y = round(rnorm(60, 2 + b / 3 + z, 1 + z), 4))
}
pairs <- {
  z <- unlist(lapply(1:11, function(i) sample(0:1)))
  data.frame(stratum = rep(1:11, each = 2), treated = z, y = round(rnorm(22, rep(1:11, each = 2) + z), 4))
}
clusters <- {
  size <- c(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 2, 2)
  arm <- c(0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0)
  c <- rep(seq_along(size), size)
  s <- c(rep(1, 8), rep(2, 6), rep(3, 4))[c]
  data.frame(stratum = s, cluster = c, treated = arm[c], y = round(rnorm(sum(size), s + arm[c]) + rnorm(18)[c], 4))
}
cluster_pairs <- {
  size <- c(1, 2, 3, 4, 2, 5, 1, 3, 2, 2, 4, 1)
  c <- rep(seq_along(size), size)
  data.frame(stratum = (c + 1) %/% 2, cluster = c, treated = c %% 2, y = round(rnorm(sum(size), c %% 2), 4))
}
# Estimate and standard error are estimatr's; its degrees of freedom (N - 2J, G - 2J) give way to Welch's (1947) over the
# pieces of the variance, V^2 / sum(v^2 / (f + 2)) - 2: the arms of the strata, or CR2 per stratum with Satterthwaite's.
welch <- function(m, pieces) {
  r <- row(m)
  df <- sum(pieces$v)^2 / sum(pieces$v^2 / (pieces$f + 2)) - 2
  stopifnot(abs(sqrt(sum(pieces$v)) / r$std_error - 1) < 1e-12)
  q <- qt(.975, df) * r$std_error
  modifyList(r, list(df = df, p_value = 2 * pt(-abs(r$statistic), df), conf_low = r$estimate - q, conf_high = r$estimate + q))
}
cells <- function(d) {
  n <- ave(d$y, d$stratum, FUN = length)
  s <- split(seq_len(nrow(d)), list(d$stratum, d$treated))
  data.frame(v = sapply(s, function(i) (n[i][1] / nrow(d))^2 * var(d$y[i]) / length(i)), f = lengths(s) - 1)
}
per_stratum <- function(d) do.call(rbind, lapply(split(d, d$stratum), function(own) {
  m <- summary(lm_robust(y ~ treated, own, clusters = cluster, se_type = "CR2"))$coefficients["treated", ]
  data.frame(v = (nrow(own) / nrow(d) * m[["Std. Error"]])^2, f = m[["DF"]])
}))
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript blocked.R > blocked.json",
  strata = list(data = as.list(strata), result = welch(difference_in_means(y ~ treated, strata, blocks = stratum), cells(strata))),
  pairs = list(data = as.list(pairs), result = row(difference_in_means(y ~ treated, pairs, blocks = stratum))),
  clusters = list(data = as.list(clusters),
    unstratified = row(difference_in_means(y ~ treated, clusters, clusters = cluster)),
    result = welch(difference_in_means(y ~ treated, clusters, blocks = stratum, clusters = cluster), per_stratum(clusters))),
  cluster_pairs = list(data = as.list(cluster_pairs),
    result = row(difference_in_means(y ~ treated, cluster_pairs, blocks = stratum, clusters = cluster)))
), digits = I(17), auto_unbox = TRUE), "\n")
