SELECT
  CASE
    WHEN (
      "t0"."value_at" IS NULL
    ) AND NOT (
      "t0"."last_state" IN (4, 3)
    )
    THEN 1704085200000000
    ELSE DATE_DIFF(
      'MICROSECOND',
      MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0),
      COALESCE("t0"."value_at", "t0"."ended_at")
    )
  END - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."demand_at") AS "age",
  "t0"."value_at" IS NOT NULL AS "is_delivered"
FROM "items" AS "t0";
