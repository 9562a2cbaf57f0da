SELECT
  "t1"."step",
  SUM("t1"."lead") AS "lead",
  SUM("t1"."active") AS "active"
FROM (
  SELECT
    *
  FROM "visits" AS "t0"
  WHERE
    "t0"."is_delivered" AND NOT (
      "t0"."is_after_value"
    )
) AS "t1"
GROUP BY
  1;

SELECT
  COUNT(*) AS "CountStar()"
FROM (
  SELECT
    *
  FROM "items" AS "t0"
  WHERE
    "t0"."value_at" IS NOT NULL
) AS "t1";
