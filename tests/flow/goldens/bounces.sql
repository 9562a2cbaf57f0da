SELECT
  SUM("t0"."n_ping_pongs") AS "n",
  SUM(CAST("t0"."n_ping_pongs" > 0 AS INT)) AS "n_items",
  SUM(CAST("t0"."returned_to_team" AS INT)) AS "n_items_returned"
FROM "items" AS "t0";
