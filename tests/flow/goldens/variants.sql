SELECT
  "t0"."variant"
FROM "items" AS "t0";

SELECT
  DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."ended_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."demand_at") AS "life",
  "t0"."variant"
FROM "items" AS "t0"
WHERE
  "t0"."variant" IN (-7541218347953203506, -4271893439369136422);

SELECT
  "t1"."variant",
  MIN("t1"."item") AS "item"
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
    DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."ended_at") - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t0"."demand_at") AS "life"
  FROM "items" AS "t0"
  WHERE
    "t0"."variant" IN (-7541218347953203506, -4271893439369136422)
) AS "t1"
GROUP BY
  1;
