SELECT
  DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."first_owned_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."demand_at") AS "own"
FROM "items" AS "t0"
WHERE
  "t0"."first_owned_at" IS NOT NULL;

SELECT
  SUM(CAST("t0"."idle" AS DOUBLE)) AS "idle",
  SUM(CAST("t0"."active" + "t0"."wait" + "t0"."unknown" AS DOUBLE)) AS "time"
FROM "items" AS "t0";
