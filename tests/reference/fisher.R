# Fisher's exact test of tables with more than two rows or columns, by R's fisher.test (FEXACT).
# Run: Rscript fisher.R > fisher.json
suppressMessages(library(jsonlite))
set.seed(1935)
tables <- c(
  lapply(1:12, function(i) matrix(rpois(2 * (3 + i %% 4), c(4, 6)), 2)),
  lapply(1:6, function(i) matrix(rpois(9, 3), 3)),
  lapply(1:4, function(i) matrix(rpois(12, 2), 3)),
  lapply(1:3, function(i) matrix(rpois(16, 2), 4)),
  list(
    rbind(c(2, 4, 40, 180, 134), c(1, 9, 110, 300, 248)),
    rbind(c(0, 3, 11, 60, 286), c(7, 2, 30, 101, 528)),
    rbind(c(5, 5, 5, 5, 5, 5), c(5, 5, 5, 5, 5, 5)),
    rbind(c(9, 0, 0, 0, 1), c(0, 12, 3, 4, 9)),
    rbind(c(200, 1, 3), c(150, 6, 0), c(180, 2, 2)),
    rbind(c(1,2,2,1,1,0,1), c(2,0,0,2,3,0,0), c(0,1,1,1,2,7,3), c(1,1,2,0,0,0,1), c(0,1,1,1,1,0,0))))
cases <- lapply(tables, function(m) {
  m <- m[rowSums(m) > 0, colSums(m) > 0]
  p <- tryCatch(fisher.test(m, workspace = 2e8)$p.value, error = function(e) NULL)
  if (is.null(p)) NULL else list(counts = m, p_value = p)
})
cat(toJSON(list(oracle = R.version.string, command = "Rscript fisher.R > fisher.json",
  cases = Filter(Negate(is.null), cases)), digits = I(17), auto_unbox = TRUE), "\n")
