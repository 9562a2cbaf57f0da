SELECT
  "t1"."team",
  "t1"."state",
  "t1"."wait_reason",
  SUM("t1"."elapsed") AS "total"
FROM (
  SELECT
    *
  FROM "spans" AS "t0"
  WHERE
    "t0"."is_before_value"
) AS "t1"
GROUP BY
  1,
  2,
  3;
