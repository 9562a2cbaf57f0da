SELECT
  "t0"."queue",
  CAST((
    CAST("t0"."previous_step" AS INT) * 4
  ) + "t0"."step" AS INT) AS "pair"
FROM "visits" AS "t0"
WHERE
  "t0"."previous_step" <> -1 AND NOT (
    "t0"."is_after_value"
  );
