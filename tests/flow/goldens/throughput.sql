SELECT
  "t1"."period",
  COUNT(*) AS "n"
FROM (
  SELECT
    "t0"."demand_at",
    DATE_TRUNC('WEEK', "t0"."demand_at") AS "period"
  FROM "items" AS "t0"
) AS "t1"
GROUP BY
  1;

SELECT
  "t1"."period",
  COUNT(*) AS "n"
FROM (
  SELECT
    "t0"."value_at",
    DATE_TRUNC('WEEK', "t0"."value_at") AS "period"
  FROM "items" AS "t0"
  WHERE
    "t0"."value_at" IS NOT NULL
) AS "t1"
GROUP BY
  1;

SELECT
  "t1"."period",
  COUNT(*) AS "n"
FROM (
  SELECT
    "t0"."ended_at",
    DATE_TRUNC('WEEK', "t0"."ended_at") AS "period"
  FROM "items" AS "t0"
  WHERE
    "t0"."value_at" IS NULL
    AND NOT (
      (
        "t0"."value_at" IS NULL
      ) AND NOT (
        "t0"."last_state" IN (4, 3)
      )
    )
) AS "t1"
GROUP BY
  1;
