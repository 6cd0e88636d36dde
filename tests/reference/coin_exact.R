# Exact two-sample distributions from coin, and Fisher's test of a larger table.
# Run: Rscript coin_exact.R > coin_exact.json
suppressMessages({library(coin); library(jsonlite)})
exact <- function(y, g) as.numeric(pvalue(oneway_test(y ~ factor(g), distribution = "exact")))
binary <- lapply(list(c(32, 328, 45, 623), c(8, 2, 1, 5), c(3, 1, 3, 4), c(0, 12, 4, 9)), function(n) {
  y <- rep(c(1, 0, 1, 0), n)
  list(counts = n, p_value = exact(y, rep(c("t", "c"), c(n[1] + n[2], n[3] + n[4]))))
})
table <- rbind(c(8, 12, 20, 9, 3), c(15, 22, 17, 8, 2))
cat(toJSON(list(
  oracle = paste(R.version.string, "coin", packageVersion("coin")),
  command = "Rscript coin_exact.R > coin_exact.json",
  sleep = exact(sleep$extra, sleep$group),
  binary = binary,
  table = list(counts = table, p_value = fisher.test(table, workspace = 2e7)$p.value)
), digits = I(17), auto_unbox = TRUE), "\n")
