SELECT
  DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."ended_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."value_at") AS "tail"
FROM "items" AS "t0"
WHERE
  "t0"."value_at" IS NOT NULL;

SELECT
  SUM(
    CAST(DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."ended_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."demand_at") AS DOUBLE)
  ) AS "life"
FROM "items" AS "t0";
