SELECT
  COUNT(*) AS "n",
  COUNT("t6"."score") AS "answers",
  AVG("t6"."score") AS "mean",
  MAX("t6"."score") AS "best"
FROM (
  SELECT
    "t5"."item",
    "t5"."demand_at",
    "t5"."value_at",
    "t5"."ended_at",
    "t5"."n_events",
    "t5"."n_visits",
    "t5"."last_state",
    "t5"."last_step",
    "t5"."last_team",
    "t5"."last_row",
    "t5"."first_owned_at",
    "t5"."active",
    "t5"."wait",
    "t5"."unknown",
    "t5"."done",
    "t5"."idle",
    "t5"."later_visits",
    "t5"."business_lead",
    "t5"."business_close",
    "t5"."business_active",
    "t5"."business_wait",
    "t5"."n_handoffs",
    "t5"."n_ping_pongs",
    "t5"."returned_to_team",
    "t5"."n_reopened",
    "t5"."has_revisit",
    "t5"."returned_to_first_step",
    "t5"."waited_in_first_step",
    "t5"."waited_after_first_step",
    "t5"."variant",
    "t5"."label",
    TRY_CAST("t5"."label" AS DOUBLE) AS "score"
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
      "t2"."label"
    FROM (
      SELECT
        *
      FROM "items" AS "t0"
      WHERE
        "t0"."value_at" IS NOT NULL
    ) AS "t4"
    INNER JOIN "attribute_csat" AS "t2"
      ON "t4"."last_row" = "t2"."last_row"
  ) AS "t5"
) AS "t6";

SELECT
  COUNT(*) AS "CountStar()"
FROM (
  SELECT
    "t5"."item",
    "t5"."demand_at",
    "t5"."value_at",
    "t5"."ended_at",
    "t5"."n_events",
    "t5"."n_visits",
    "t5"."last_state",
    "t5"."last_step",
    "t5"."last_team",
    "t5"."last_row",
    "t5"."first_owned_at",
    "t5"."active",
    "t5"."wait",
    "t5"."unknown",
    "t5"."done",
    "t5"."idle",
    "t5"."later_visits",
    "t5"."business_lead",
    "t5"."business_close",
    "t5"."business_active",
    "t5"."business_wait",
    "t5"."n_handoffs",
    "t5"."n_ping_pongs",
    "t5"."returned_to_team",
    "t5"."n_reopened",
    "t5"."has_revisit",
    "t5"."returned_to_first_step",
    "t5"."waited_in_first_step",
    "t5"."waited_after_first_step",
    "t5"."variant",
    "t5"."label",
    TRY_CAST("t5"."label" AS DOUBLE) AS "score"
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
      "t2"."label"
    FROM (
      SELECT
        *
      FROM "items" AS "t0"
      WHERE
        "t0"."value_at" IS NOT NULL
    ) AS "t4"
    INNER JOIN "attribute_csat" AS "t2"
      ON "t4"."last_row" = "t2"."last_row"
  ) AS "t5"
  WHERE
    TRY_CAST("t5"."label" AS DOUBLE) >= 4.0
) AS "t6";
