SELECT
  DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."value_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."demand_at") AS "lead",
  CASE
    WHEN "t0"."last_team" < 0
    THEN 'unknown'
    ELSE COALESCE(
      LIST_EXTRACT(
        CAST(['A'] AS TEXT[]),
        CAST("t0"."last_team" AS BIGINT) + CAST(CAST("t0"."last_team" AS BIGINT) >= 0 AS BIGINT)
      ),
      'unknown'
    )
  END AS "label"
FROM "items" AS "t0"
WHERE
  "t0"."value_at" IS NOT NULL;

SELECT
  COUNT(*) AS "n",
  SUM(CAST((
    "t0"."value_at" IS NULL
  ) AND (
    "t0"."last_state" = 4
  ) AS INT)) AS "cancelled",
  SUM(CAST((
    "t0"."value_at" IS NULL
  ) AND (
    "t0"."last_state" = 3
  ) AS INT)) AS "without_value",
  SUM(
    CAST((
      "t0"."value_at" IS NULL
    ) AND NOT (
      "t0"."last_state" IN (4, 3)
    ) AS INT)
  ) AS "open"
FROM "items" AS "t0";
