# Golden values for tests/statistics/test_clustered.py and tests/metrics/test_attendance_of_persons.py.
# Run: Rscript tests/golden/clustered_proportion.R > tests/golden/clustered_proportion.csv
# (R 4.2.2, survey 4.1.1: svyciprop with method "xlogit", clusters = persons, df = persons - 1)
suppressPackageStartupMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail")
sets <- list(
  nine = list(y = c(12, 11, 12, 9, 12, 10, 12, 5, 12), m = rep(12, 9)),
  late_starters = list(y = c(12, 9, 11, 6, 12), m = c(12, 12, 12, 10, 12)),
  one_dropped_out = list(y = c(12, 12, 12, 12, 12, 12, 12, 12, 3), m = rep(12, 9)),
  seldom = list(y = c(0, 1, 0, 2, 0, 0, 1), m = c(10, 10, 9, 10, 10, 4, 10)),
  two = list(y = c(7, 9), m = c(10, 10)),
  expected_once = list(y = c(1, 1, 0, 1, 1, 1, 0, 1, 1), m = rep(1, 9)),
  register = list(y = c(2, 1, 3, 2), m = c(3, 3, 3, 2)),
  many = list(y = c(rep(c(14, 13, 12, 10, 11, 6, 14, 9, 13), 5)), m = rep(c(14, 14, 12, 14, 11, 14, 14, 10, 14), 5))
)
interval <- function(set, level) {
  person <- rep(seq_along(set$y), set$m)
  came <- unlist(mapply(function(y, m) c(rep(1, y), rep(0, m - y)), set$y, set$m, SIMPLIFY = FALSE))
  design <- svydesign(ids = ~person, weights = ~1, data = data.frame(person, came))
  p <- svyciprop(~came, design, method = "xlogit", level = level, df = length(set$y) - 1)
  # The same written out, so that the formula stands here too.
  n <- length(set$y); share <- sum(set$y) / sum(set$m)
  v <- n / (n - 1) * sum((set$y - share * set$m)^2) / sum(set$m)^2
  ends <- plogis(qlogis(share) + c(-1, 1) * qt((1 + level) / 2, n - 1) * sqrt(v) / (share * (1 - share)))
  stopifnot(max(abs(ends - attr(p, "ci"))) < 1e-14)
  c(p[[1]], attr(p, "ci"))
}
cat("set,level,present,expected,estimate,lower,upper\n")
for (name in names(sets)) {
  for (level in c(0.9, 0.95, 0.99)) {
    set <- sets[[name]]
    counts <- c(paste(set$y, collapse = " "), paste(set$m, collapse = " "))
    numbers <- format(interval(set, level), digits = 17, trim = TRUE)
    cat(paste(c(name, level, counts, numbers), collapse = ","), "\n", sep = "")
  }
}
