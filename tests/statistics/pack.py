"""Every file of the reference pack, and which test compares us with it, or why none does.

`make compare` runs the tests and prints this as a table.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Compared:
    """Files (shell patterns below stats/), what of us they check, and how closely."""

    files: tuple[str, ...]
    what: str
    tolerance: str
    tests: tuple[str, ...]


FARRINGTON = "test_farrington.py::test_limits_and_alarms"
SCAN = "test_scan.py::"
AREAS = "test_areas.py::"
ATTACKER = "test_attacker.py::"
KEYS = "test_cell_key.py::"

COMPARED = (
    Compared(
        ("temporal/farrington.csv", "temporal/farrington_configs.csv", "temporal/series.csv",
         "temporal/series_meta.csv", "performance/timing_r.csv"),
        "Farrington and Noufaily, seven settings, 45 series", "alarms exact, bounds 1e-6",
        (FARRINGTON,),
    ),
    Compared(("temporal/ears.csv",), "EARS C1–C3", "alarms exact, bounds 1e-9",
             ("test_weekly_limits.py::test_ears_limits_and_alarms",)),
    Compared(("temporal/nb_bayes.csv",), "negative binomial limits", "exact",
             ("test_weekly_limits.py::test_negative_binomial_limits_and_alarms",)),
    Compared(("temporal/nb_exposure_predictive.csv",), "predictive limits with effort",
             "limits exact, p 1e-9",
             ("test_weekly_limits.py::test_predictive_limits_with_effort",)),
    Compared(("temporal/cusum.csv",), "Rossi CUSUM", "alarms exact, sums 1e-8",
             ("test_weekly_limits.py::test_cusum",)),
    Compared(("temporal/cc0_*.csv",), "the synthetic series of the tables above", "the same rows",
             ("test_pack.py::test_the_free_tables_are_part_of_the_others",)),
    Compared(("spatial/localG_*.csv", "spatial/neighbours_*.csv"), "Gi*", "1e-9",
             (AREAS + "test_gi_star",)),
    Compared(("spatial/synst_?_scores_*.csv", "spatial/synst_?_counts.csv",
              "spatial/synst_?_zones.csv", "spatial/synst_?_areas.csv"),
             "space–time scan scores, four kinds", "1e-9",
             (SCAN + "test_scores_against_an_expectation", SCAN + "test_scores_by_population",
              SCAN + "test_scores_by_permutation", SCAN + "test_scores_with_a_negative_binomial")),
    Compared(("spatial/scan_mlc_scanstatistics.csv",), "the best zone and its p",
             "zone exact, score 1e-9, p within 999 replicates",
             (SCAN + "test_the_injected_cluster_is_found_with_the_reference_p",)),
    Compared(("spatial/scan_satscan.csv", "spatial/satscan/synst_*"), "SaTScan, prospective",
             "LLR 2e-6", (SCAN + "test_population_scores_are_those_of_satscan",)),
    Compared(("spatial/nm_*.csv",), "scan of New Mexico's counties and years", "1e-9",
             ("test_new_mexico.py::test_scores_",)),
    Compared(("spatial/satscan/nm*",), "SaTScan's published New Mexico example",
             "LLR, as far as its expectations are printed (two decimals)",
             ("test_new_mexico.py::test_published_clusters",)),
    Compared(("spatial/kulldorff_pennLC*.csv",), "purely spatial scan", "1e-6",
             (SCAN + "test_purely_spatial_scores_are_kulldorffs",)),
    Compared(("spatial/knox_A_table.csv", "spatial/knox_A_points.csv",
              "spatial/knox_A_surveillance.csv"), "near repeat (Knox)", "exact; p in replicates",
             (AREAS,)),
    Compared(("ranking/eb_*.csv", "ranking/neighbours_*.csv"), "Marshall's empirical Bayes", "1e-9",
             (AREAS + "test_marshalls_rates", "test_pack.py::test_parameters_of_marshall")),
    Compared(("ranking/claytonkaldor_scotland.csv",), "Clayton and Kaldor", "1e-4",
             (AREAS + "test_lip_cancer_in_scotland", AREAS + "test_clayton_and_kaldors_risks")),
    Compared(("ranking/gamma_poisson_?.csv",), "gamma–Poisson ranking, BH", "prior 1e-4, rest 1e-6",
             ("test_gamma_poisson.py::",)),
    Compared(("evaluation/exact_rate_ratio.csv",), "rate ratios, exact and mid-p", "1e-6",
             ("test_rate_ratio.py::test_exact_and_mid_p_bounds",)),
    Compared(("evaluation/poisson_intervals.csv",), "intervals of one count", "1e-9",
             ("test_rate_ratio.py::test_bounds_of_one_count",)),
    Compared(("disclosure/ckm_*.csv",), "cell key method", "exact", (KEYS,)),
    Compared(("disclosure/tables.csv", "disclosure/audit_intervals.csv",
              "disclosure/secondary_optimum.csv"), "the attacker's ranges in tables", "exact",
             (ATTACKER + "test_the_range_of_every_suppressed_cell_is_the_reference",
              ATTACKER + "test_the_reference_suppression_is_clean_and_none_of_it_is_too_much")),
    Compared(("disclosure/differencing_*.csv",), "the attacker's ranges over editions", "exact",
             (ATTACKER + "test_overlapping_editions_give_away_what_the_reference_says",)),
)  # fmt: skip

NOT_COMPARED = {
    "check.py": "the pack's own tool",
    "performance/anchors.csv": "speeds of another machine; `make bench` measures its own floor",
    "spatial/getisord_points.csv": "the points of localG_getisord_*, whose neighbours are given",
    "spatial/synst_?_truth.csv": "what was injected; the best zone is compared above",
    "temporal/synthetic_truth.csv": "what was injected; `make simulate` injects its own",
    "temporal/glr_unverified.csv": "unverified by its own word, and no method of ours",
    "evaluation/comparison_area.csv": "displacement (WDQ, WDD) is not a method of the product yet",
    "evaluation/its_*": "interrupted time series are not a method of the product yet",
    "evaluation/did_*": "many areas before and after is not a method of the product yet",
}
