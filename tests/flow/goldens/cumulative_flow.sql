SELECT
  "t7"."step",
  "t7"."day",
  COUNT(*) AS "n"
FROM (
  SELECT
    "t6"."item",
    "t6"."step",
    "t6"."previous_step",
    "t6"."nth_visit",
    "t6"."team",
    "t6"."began_at",
    "t6"."lead",
    "t6"."active",
    "t6"."wait",
    "t6"."queue",
    "t6"."business_lead",
    "t6"."business_active",
    "t6"."business_wait",
    "t6"."business_queue",
    "t6"."is_automated",
    "t6"."is_handoff",
    "t6"."is_after_value",
    "t6"."is_delivered",
    "t6"."is_last",
    "t6"."item_handed_on",
    "t6"."item_came_back",
    "t6"."value_at",
    "t6"."last_state",
    CAST(FLOOR(
      (
        DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t6"."began_at")
      ) / (
        86400000000
      )
    ) AS BIGINT) - 19723 AS "day"
  FROM (
    SELECT
      "t5"."item",
      "t5"."step",
      "t5"."previous_step",
      "t5"."nth_visit",
      "t5"."team",
      "t5"."began_at",
      "t5"."lead",
      "t5"."active",
      "t5"."wait",
      "t5"."queue",
      "t5"."business_lead",
      "t5"."business_active",
      "t5"."business_wait",
      "t5"."business_queue",
      "t5"."is_automated",
      "t5"."is_handoff",
      "t5"."is_after_value",
      "t5"."is_delivered",
      "t5"."is_last",
      "t5"."item_handed_on",
      "t5"."item_came_back",
      "t4"."value_at",
      "t4"."last_state"
    FROM (
      SELECT
        *
      FROM "visits" AS "t0"
      WHERE
        NOT (
          "t0"."is_after_value"
        )
    ) AS "t5"
    INNER JOIN (
      SELECT
        "t1"."item",
        "t1"."value_at",
        "t1"."last_state"
      FROM "items" AS "t1"
    ) AS "t4"
      ON "t5"."item" = "t4"."item"
  ) AS "t6"
) AS "t7"
GROUP BY
  1,
  2;

SELECT
  "t7"."step",
  "t7"."day",
  COUNT(*) AS "n"
FROM (
  SELECT
    "t6"."item",
    "t6"."step",
    "t6"."previous_step",
    "t6"."nth_visit",
    "t6"."team",
    "t6"."began_at",
    "t6"."lead",
    "t6"."active",
    "t6"."wait",
    "t6"."queue",
    "t6"."business_lead",
    "t6"."business_active",
    "t6"."business_wait",
    "t6"."business_queue",
    "t6"."is_automated",
    "t6"."is_handoff",
    "t6"."is_after_value",
    "t6"."is_delivered",
    "t6"."is_last",
    "t6"."item_handed_on",
    "t6"."item_came_back",
    "t6"."value_at",
    "t6"."last_state",
    CAST(FLOOR(
      (
        DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t6"."began_at") + "t6"."lead"
      ) / (
        86400000000
      )
    ) AS BIGINT) - 19723 AS "day"
  FROM (
    SELECT
      "t5"."item",
      "t5"."step",
      "t5"."previous_step",
      "t5"."nth_visit",
      "t5"."team",
      "t5"."began_at",
      "t5"."lead",
      "t5"."active",
      "t5"."wait",
      "t5"."queue",
      "t5"."business_lead",
      "t5"."business_active",
      "t5"."business_wait",
      "t5"."business_queue",
      "t5"."is_automated",
      "t5"."is_handoff",
      "t5"."is_after_value",
      "t5"."is_delivered",
      "t5"."is_last",
      "t5"."item_handed_on",
      "t5"."item_came_back",
      "t4"."value_at",
      "t4"."last_state"
    FROM (
      SELECT
        *
      FROM "visits" AS "t0"
      WHERE
        NOT (
          "t0"."is_after_value"
        )
    ) AS "t5"
    INNER JOIN (
      SELECT
        "t1"."item",
        "t1"."value_at",
        "t1"."last_state"
      FROM "items" AS "t1"
    ) AS "t4"
      ON "t5"."item" = "t4"."item"
  ) AS "t6"
  WHERE
    NOT (
      "t6"."is_last"
      AND (
        (
          "t6"."value_at" IS NULL
        ) AND NOT (
          "t6"."last_state" IN (4, 3)
        )
      )
    )
) AS "t7"
GROUP BY
  1,
  2;

SELECT
  "t1"."day",
  COUNT(*) AS "n"
FROM (
  SELECT
    "t0"."value_at",
    CAST(FLOOR(
      (
        DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."value_at")
      ) / (
        86400000000
      )
    ) AS BIGINT) - 19723 AS "day"
  FROM "items" AS "t0"
  WHERE
    "t0"."value_at" IS NOT NULL
) AS "t1"
GROUP BY
  1;

SELECT
  "t1"."day",
  COUNT(*) AS "n"
FROM (
  SELECT
    "t0"."ended_at",
    CAST(FLOOR(
      (
        DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."ended_at")
      ) / (
        86400000000
      )
    ) AS BIGINT) - 19723 AS "day"
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
