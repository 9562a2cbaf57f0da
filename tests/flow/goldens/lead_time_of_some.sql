SELECT
  DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t16"."value_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t16"."demand_at") AS "lead"
FROM (
  SELECT
    "t3"."item",
    "t3"."demand_at",
    "t3"."value_at",
    "t3"."ended_at",
    "t3"."n_events",
    "t3"."n_visits",
    "t3"."last_state",
    "t3"."last_step",
    "t3"."last_team",
    "t3"."last_row",
    "t3"."first_owned_at",
    "t3"."active",
    "t3"."wait",
    "t3"."unknown",
    "t3"."done",
    "t3"."idle",
    "t3"."later_visits",
    "t3"."business_lead",
    "t3"."business_close",
    "t3"."business_active",
    "t3"."business_wait",
    "t3"."n_handoffs",
    "t3"."n_ping_pongs",
    "t3"."returned_to_team",
    "t3"."n_reopened",
    "t3"."has_revisit",
    "t3"."returned_to_first_step",
    "t3"."waited_in_first_step",
    "t3"."waited_after_first_step",
    "t3"."variant"
  FROM "items" AS "t3"
  SEMI JOIN (
    SELECT
      *
    FROM (
      SELECT
        "t9"."item",
        "t9"."value_at",
        "t9"."last_team",
        "t9"."last_step",
        "t9"."last_row",
        COALESCE("t4"."label", 'unknown') AS "label"
      FROM (
        SELECT
          "t0"."item",
          "t0"."value_at",
          "t0"."last_team",
          "t0"."last_step",
          "t0"."last_row",
          CAST("t0"."last_team" AS BIGINT) AS "_code"
        FROM "items" AS "t0"
      ) AS "t9"
      LEFT OUTER JOIN "listed" AS "t4"
        ON "t9"."_code" = "t4"."code"
    ) AS "t11"
    WHERE
      "t11"."label" IN ('A')
  ) AS "t14"
    ON "t3"."item" = "t14"."item"
  SEMI JOIN (
    SELECT
      "t10"."item",
      "t10"."value_at",
      "t10"."last_team",
      "t10"."last_step",
      "t10"."last_row",
      COALESCE("t10"."label", 'unknown') AS "label"
    FROM (
      SELECT
        "t8"."item",
        "t8"."value_at",
        "t8"."last_team",
        "t8"."last_step",
        "t8"."last_row",
        "t5"."label"
      FROM (
        SELECT
          "t0"."item",
          "t0"."value_at",
          "t0"."last_team",
          "t0"."last_step",
          "t0"."last_row"
        FROM "items" AS "t0"
      ) AS "t8"
      INNER JOIN "attribute_csat" AS "t5"
        ON "t8"."last_row" = "t5"."last_row"
    ) AS "t10"
    WHERE
      COALESCE("t10"."label", 'unknown') IN ('5', '4')
  ) AS "t15"
    ON "t3"."item" = "t15"."item"
) AS "t16"
WHERE
  "t16"."value_at" >= MAKE_TIMESTAMP(2024, 1, 1, 0, 0, 0.0)
  AND "t16"."value_at" IS NOT NULL;

SELECT
  COUNT(*) AS "n",
  SUM(CAST((
    "t16"."value_at" IS NULL
  ) AND (
    "t16"."last_state" = 4
  ) AS INT)) AS "cancelled",
  SUM(CAST((
    "t16"."value_at" IS NULL
  ) AND (
    "t16"."last_state" = 3
  ) AS INT)) AS "without_value",
  SUM(
    CAST((
      "t16"."value_at" IS NULL
    ) AND NOT (
      "t16"."last_state" IN (4, 3)
    ) AS INT)
  ) AS "open"
FROM (
  SELECT
    "t3"."item",
    "t3"."demand_at",
    "t3"."value_at",
    "t3"."ended_at",
    "t3"."n_events",
    "t3"."n_visits",
    "t3"."last_state",
    "t3"."last_step",
    "t3"."last_team",
    "t3"."last_row",
    "t3"."first_owned_at",
    "t3"."active",
    "t3"."wait",
    "t3"."unknown",
    "t3"."done",
    "t3"."idle",
    "t3"."later_visits",
    "t3"."business_lead",
    "t3"."business_close",
    "t3"."business_active",
    "t3"."business_wait",
    "t3"."n_handoffs",
    "t3"."n_ping_pongs",
    "t3"."returned_to_team",
    "t3"."n_reopened",
    "t3"."has_revisit",
    "t3"."returned_to_first_step",
    "t3"."waited_in_first_step",
    "t3"."waited_after_first_step",
    "t3"."variant"
  FROM "items" AS "t3"
  SEMI JOIN (
    SELECT
      *
    FROM (
      SELECT
        "t9"."item",
        "t9"."value_at",
        "t9"."last_team",
        "t9"."last_step",
        "t9"."last_row",
        COALESCE("t4"."label", 'unknown') AS "label"
      FROM (
        SELECT
          "t0"."item",
          "t0"."value_at",
          "t0"."last_team",
          "t0"."last_step",
          "t0"."last_row",
          CAST("t0"."last_team" AS BIGINT) AS "_code"
        FROM "items" AS "t0"
      ) AS "t9"
      LEFT OUTER JOIN "listed" AS "t4"
        ON "t9"."_code" = "t4"."code"
    ) AS "t11"
    WHERE
      "t11"."label" IN ('A')
  ) AS "t14"
    ON "t3"."item" = "t14"."item"
  SEMI JOIN (
    SELECT
      "t10"."item",
      "t10"."value_at",
      "t10"."last_team",
      "t10"."last_step",
      "t10"."last_row",
      COALESCE("t10"."label", 'unknown') AS "label"
    FROM (
      SELECT
        "t8"."item",
        "t8"."value_at",
        "t8"."last_team",
        "t8"."last_step",
        "t8"."last_row",
        "t5"."label"
      FROM (
        SELECT
          "t0"."item",
          "t0"."value_at",
          "t0"."last_team",
          "t0"."last_step",
          "t0"."last_row"
        FROM "items" AS "t0"
      ) AS "t8"
      INNER JOIN "attribute_csat" AS "t5"
        ON "t8"."last_row" = "t5"."last_row"
    ) AS "t10"
    WHERE
      COALESCE("t10"."label", 'unknown') IN ('5', '4')
  ) AS "t15"
    ON "t3"."item" = "t15"."item"
) AS "t16";
