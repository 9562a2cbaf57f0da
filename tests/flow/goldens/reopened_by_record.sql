SELECT
  COUNT(*) AS "CountStar()"
FROM (
  SELECT
    *
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
      "t2"."variant",
      "t3"."label"
    FROM "items" AS "t2"
    INNER JOIN "attribute_reopen_count" AS "t3"
      ON "t2"."last_row" = "t3"."last_row"
  ) AS "t4"
  WHERE
    TRY_CAST("t4"."label" AS DOUBLE) > 0
) AS "t5";
