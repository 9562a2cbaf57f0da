SELECT
  DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t12"."value_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t12"."demand_at") AS "lead"
FROM (
  SELECT
    "t2"."item",
    "t2"."demand_at",
    "t2"."value_at",
    "t2"."ended_at",
    "t2"."n_events",
    "t2"."n_visits",
    "t2"."last_state",
    "t2"."last_step",
    "t2"."last_team",
    "t2"."last_row",
    "t2"."first_owned_at",
    "t2"."active",
    "t2"."wait",
    "t2"."unknown",
    "t2"."done",
    "t2"."idle",
    "t2"."later_visits",
    "t2"."business_lead",
    "t2"."business_close",
    "t2"."business_active",
    "t2"."business_wait",
    "t2"."n_handoffs",
    "t2"."n_ping_pongs",
    "t2"."returned_to_team",
    "t2"."n_reopened",
    "t2"."has_revisit",
    "t2"."returned_to_first_step",
    "t2"."waited_in_first_step",
    "t2"."waited_after_first_step",
    "t2"."variant"
  FROM "items" AS "t2"
  SEMI JOIN (
    SELECT
      *
    FROM (
      SELECT
        "t0"."item",
        "t0"."value_at",
        "t0"."last_team",
        "t0"."last_step",
        "t0"."last_row",
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
    ) AS "t6"
    WHERE
      "t6"."label" IN ('A')
  ) AS "t9"
    ON "t2"."item" = "t9"."item"
  SEMI JOIN (
    SELECT
      "t7"."item",
      "t7"."value_at",
      "t7"."last_team",
      "t7"."last_step",
      "t7"."last_row",
      COALESCE("t7"."label", 'unknown') AS "label"
    FROM (
      SELECT
        "t5"."item",
        "t5"."value_at",
        "t5"."last_team",
        "t5"."last_step",
        "t5"."last_row",
        "t3"."label"
      FROM (
        SELECT
          "t0"."item",
          "t0"."value_at",
          "t0"."last_team",
          "t0"."last_step",
          "t0"."last_row"
        FROM "items" AS "t0"
      ) AS "t5"
      INNER JOIN "attribute_csat" AS "t3"
        ON "t5"."last_row" = "t3"."last_row"
    ) AS "t7"
    WHERE
      COALESCE("t7"."label", 'unknown') IN ('5', '4')
  ) AS "t11"
    ON "t2"."item" = "t11"."item"
) AS "t12"
WHERE
  "t12"."value_at" >= MAKE_TIMESTAMP(2024, 1, 1, 0, 0, 0.0)
  AND "t12"."value_at" IS NOT NULL;

SELECT
  COUNT(*) AS "n",
  SUM(CAST((
    "t12"."value_at" IS NULL
  ) AND (
    "t12"."last_state" = 4
  ) AS INT)) AS "cancelled",
  SUM(CAST((
    "t12"."value_at" IS NULL
  ) AND (
    "t12"."last_state" = 3
  ) AS INT)) AS "without_value",
  SUM(
    CAST((
      "t12"."value_at" IS NULL
    ) AND NOT (
      "t12"."last_state" IN (4, 3)
    ) AS INT)
  ) AS "open"
FROM (
  SELECT
    "t2"."item",
    "t2"."demand_at",
    "t2"."value_at",
    "t2"."ended_at",
    "t2"."n_events",
    "t2"."n_visits",
    "t2"."last_state",
    "t2"."last_step",
    "t2"."last_team",
    "t2"."last_row",
    "t2"."first_owned_at",
    "t2"."active",
    "t2"."wait",
    "t2"."unknown",
    "t2"."done",
    "t2"."idle",
    "t2"."later_visits",
    "t2"."business_lead",
    "t2"."business_close",
    "t2"."business_active",
    "t2"."business_wait",
    "t2"."n_handoffs",
    "t2"."n_ping_pongs",
    "t2"."returned_to_team",
    "t2"."n_reopened",
    "t2"."has_revisit",
    "t2"."returned_to_first_step",
    "t2"."waited_in_first_step",
    "t2"."waited_after_first_step",
    "t2"."variant"
  FROM "items" AS "t2"
  SEMI JOIN (
    SELECT
      *
    FROM (
      SELECT
        "t0"."item",
        "t0"."value_at",
        "t0"."last_team",
        "t0"."last_step",
        "t0"."last_row",
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
    ) AS "t6"
    WHERE
      "t6"."label" IN ('A')
  ) AS "t9"
    ON "t2"."item" = "t9"."item"
  SEMI JOIN (
    SELECT
      "t7"."item",
      "t7"."value_at",
      "t7"."last_team",
      "t7"."last_step",
      "t7"."last_row",
      COALESCE("t7"."label", 'unknown') AS "label"
    FROM (
      SELECT
        "t5"."item",
        "t5"."value_at",
        "t5"."last_team",
        "t5"."last_step",
        "t5"."last_row",
        "t3"."label"
      FROM (
        SELECT
          "t0"."item",
          "t0"."value_at",
          "t0"."last_team",
          "t0"."last_step",
          "t0"."last_row"
        FROM "items" AS "t0"
      ) AS "t5"
      INNER JOIN "attribute_csat" AS "t3"
        ON "t5"."last_row" = "t3"."last_row"
    ) AS "t7"
    WHERE
      COALESCE("t7"."label", 'unknown') IN ('5', '4')
  ) AS "t11"
    ON "t2"."item" = "t11"."item"
) AS "t12";
