SELECT
  *
FROM (
  SELECT
    "t0"."state",
    "t0"."wait_reason",
    "t0"."side",
    "t0"."is_before_value",
    SUM("t0"."elapsed") AS "total"
  FROM "spans" AS "t0"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t1"
ORDER BY
  "t1"."state" ASC,
  "t1"."wait_reason" ASC,
  "t1"."side" ASC,
  "t1"."is_before_value" ASC;
