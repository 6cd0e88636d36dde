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
cat(toJSON(list(
  oracle = paste(R.version.string, "estimatr", packageVersion("estimatr")),
  command = "Rscript blocked.R > blocked.json",
  strata = list(data = as.list(strata), result = row(difference_in_means(y ~ treated, strata, blocks = stratum))),
  pairs = list(data = as.list(pairs), result = row(difference_in_means(y ~ treated, pairs, blocks = stratum))),
  clusters = list(data = as.list(clusters),
    unstratified = row(difference_in_means(y ~ treated, clusters, clusters = cluster)),
    result = row(difference_in_means(y ~ treated, clusters, blocks = stratum, clusters = cluster))),
  cluster_pairs = list(data = as.list(cluster_pairs),
    result = row(difference_in_means(y ~ treated, cluster_pairs, blocks = stratum, clusters = cluster)))
), digits = I(17), auto_unbox = TRUE), "\n")
