SELECT
  "t5"."lead",
  "t5"."label"
FROM (
  SELECT
    "t4"."item",
    "t4"."demand_at",
    "t4"."value_at",
    "t4"."ended_at",
    "t4"."n_events",
    "t4"."n_visits",
    "t4"."last_state",
    "t4"."last_step",
    "t4"."last_team",
    "t4"."last_row",
    "t4"."first_owned_at",
    "t4"."active",
    "t4"."wait",
    "t4"."unknown",
    "t4"."done",
    "t4"."idle",
    "t4"."later_visits",
    "t4"."business_lead",
    "t4"."business_close",
    "t4"."business_active",
    "t4"."business_wait",
    "t4"."n_handoffs",
    "t4"."n_ping_pongs",
    "t4"."returned_to_team",
    "t4"."n_reopened",
    "t4"."has_revisit",
    "t4"."returned_to_first_step",
    "t4"."waited_in_first_step",
    "t4"."waited_after_first_step",
    "t4"."variant",
    "t4"."lead",
    COALESCE("t2"."label", 'unknown') AS "label"
  FROM (
    SELECT
      "t0"."item",
      "t0"."demand_at",
      "t0"."value_at",
      "t0"."ended_at",
      "t0"."n_events",
      "t0"."n_visits",
      "t0"."last_state",
      "t0"."last_step",
      "t0"."last_team",
      "t0"."last_row",
      "t0"."first_owned_at",
      "t0"."active",
      "t0"."wait",
      "t0"."unknown",
      "t0"."done",
      "t0"."idle",
      "t0"."later_visits",
      "t0"."business_lead",
      "t0"."business_close",
      "t0"."business_active",
      "t0"."business_wait",
      "t0"."n_handoffs",
      "t0"."n_ping_pongs",
      "t0"."returned_to_team",
      "t0"."n_reopened",
      "t0"."has_revisit",
      "t0"."returned_to_first_step",
      "t0"."waited_in_first_step",
      "t0"."waited_after_first_step",
      "t0"."variant",
      DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."value_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."demand_at") AS "lead",
      CAST("t0"."last_team" AS BIGINT) AS "_code"
    FROM "items" AS "t0"
    WHERE
      "t0"."value_at" IS NOT NULL
  ) AS "t4"
  LEFT OUTER JOIN "listed" AS "t2"
    ON "t4"."_code" = "t2"."code"
) AS "t5";

SELECT
  COUNT(*) AS "n",
  SUM(CAST((
    "t0"."value_at" IS NULL
  ) AND (
    "t0"."last_state" = 4
  ) AS INT)) AS "cancelled",
  SUM(CAST((
    "t0"."value_at" IS NULL
  ) AND (
    "t0"."last_state" = 3
  ) AS INT)) AS "without_value",
  SUM(
    CAST((
      "t0"."value_at" IS NULL
    ) AND NOT (
      "t0"."last_state" IN (4, 3)
    ) AS INT)
  ) AS "open"
FROM "items" AS "t0";
