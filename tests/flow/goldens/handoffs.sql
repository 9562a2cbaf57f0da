SELECT
  SUM("t0"."n_handoffs") AS "n",
  SUM(CAST("t0"."n_handoffs" > 0 AS INT)) AS "n_items"
FROM "items" AS "t0";

SELECT
  "t1"."from_team",
  "t1"."team",
  COUNT(*) AS "n"
FROM (
  SELECT
    *
  FROM "spans" AS "t0"
  WHERE
    "t0"."from_team" <> -1
) AS "t1"
GROUP BY
  1,
  2;
