SELECT
  MAX("t0"."active") AS "most"
FROM "items" AS "t0";

SELECT
  "t6"."team",
  SUM("t6"."elapsed") AS "total"
FROM (
  SELECT
    "t4"."item",
    "t4"."began_at",
    "t4"."person",
    "t4"."step",
    "t4"."state",
    "t4"."wait_reason",
    "t4"."side",
    "t4"."fidelity",
    "t4"."activity",
    "t4"."team",
    "t4"."system",
    "t4"."is_automated",
    "t4"."elapsed",
    "t4"."business",
    "t4"."from_team",
    "t4"."is_before_value"
  FROM (
    SELECT
      *
    FROM "spans" AS "t0"
    WHERE
      "t0"."is_before_value" AND "t0"."state" = 1
  ) AS "t4"
  SEMI JOIN (
    SELECT
      *
    FROM "items" AS "t1"
    WHERE
      "t1"."value_at" IS NOT NULL
  ) AS "t5"
    ON "t4"."item" = "t5"."item"
) AS "t6"
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
