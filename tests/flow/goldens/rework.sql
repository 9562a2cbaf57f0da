SELECT
  COUNT(*) AS "n",
  SUM(CAST("t0"."has_revisit" OR (
    "t0"."n_reopened" > 0
  ) AS INT)) AS "n_rework",
  SUM(CAST("t0"."n_reopened" > 0 AS INT)) AS "n_items_reopened",
  SUM("t0"."n_reopened") AS "n_reopened",
  SUM(CAST("t0"."later_visits" AS DOUBLE)) AS "later",
  SUM(CAST("t0"."active" + "t0"."wait" + "t0"."unknown" AS DOUBLE)) AS "time",
  SUM(CAST("t0"."value_at" IS NOT NULL AS INT)) AS "n_delivered",
  SUM(
    CAST((
      "t0"."value_at" IS NOT NULL
    )
    AND NOT (
      "t0"."has_revisit" OR (
        "t0"."n_reopened" > 0
      )
    )
    AND NOT (
      "t0"."waited_after_first_step"
    ) AS INT)
  ) AS "n_first_time",
  SUM(
    CAST((
      "t0"."value_at" IS NOT NULL
    )
    AND NOT (
      "t0"."waited_in_first_step"
    )
    AND NOT (
      "t0"."returned_to_first_step"
    ) AS INT)
  ) AS "n_good_entry"
FROM "items" AS "t0";
