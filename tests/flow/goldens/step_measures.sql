SELECT
  "t0"."lead",
  "t0"."active",
  "t0"."wait",
  "t0"."queue",
  "t0"."step"
FROM "visits" AS "t0"
WHERE
  NOT (
    "t0"."is_after_value"
  );

SELECT
  "t1"."step",
  "t1"."team",
  COUNT(*) AS "n",
  SUM(CAST("t1"."nth_visit" = 1 AS INT)) AS "n_items",
  SUM("t1"."wait") FILTER(WHERE
    "t1"."is_delivered") AS "wait",
  SUM("t1"."lead") AS "lead",
  SUM(CAST("t1"."item_handed_on" AS INT)) AS "n_handed_on",
  SUM(CAST("t1"."item_came_back" AS INT)) AS "n_came_back",
  SUM(CAST("t1"."is_automated" = 1 AS INT)) AS "n_automated",
  SUM(CAST("t1"."is_automated" <> -1 AS INT)) AS "n_known_automated",
  SUM(CAST("t1"."is_handoff" AS INT)) AS "n_handoffs",
  SUM(CAST("t1"."previous_step" <> -1 AS INT)) AS "n_after_another"
FROM (
  SELECT
    *
  FROM "visits" AS "t0"
  WHERE
    NOT (
      "t0"."is_after_value"
    )
) AS "t1"
GROUP BY
  1,
  2;

SELECT
  MAX("t0"."active") AS "most"
FROM "items" AS "t0";

SELECT
  "t1"."last_step",
  COUNT(*) AS "n"
FROM (
  SELECT
    *
  FROM "items" AS "t0"
  WHERE
    "t0"."value_at" IS NULL AND NOT (
      "t0"."last_state" IN (4, 3)
    )
) AS "t1"
GROUP BY
  1;

SELECT
  "t1"."step",
  COUNT(*) AS "n"
FROM (
  SELECT
    *
  FROM "visits" AS "t0"
  WHERE
    "t0"."is_after_value"
) AS "t1"
GROUP BY
  1;
