SELECT
  "t8"."step",
  QUANTILE_CONT("t8"."age", [0.5, 0.7, 0.85, 0.95]) AS "at"
FROM (
  SELECT
    "t7"."item",
    "t7"."step",
    MAX("t7"."age") AS "age"
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
      "t6"."demand_at",
      (
        DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t6"."began_at") + "t6"."lead"
      ) - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t6"."demand_at") AS "age"
    FROM (
      SELECT
        "t4"."item",
        "t4"."step",
        "t4"."previous_step",
        "t4"."nth_visit",
        "t4"."team",
        "t4"."began_at",
        "t4"."lead",
        "t4"."active",
        "t4"."wait",
        "t4"."queue",
        "t4"."business_lead",
        "t4"."business_active",
        "t4"."business_wait",
        "t4"."business_queue",
        "t4"."is_automated",
        "t4"."is_handoff",
        "t4"."is_after_value",
        "t4"."is_delivered",
        "t4"."is_last",
        "t4"."item_handed_on",
        "t4"."item_came_back",
        "t5"."demand_at"
      FROM (
        SELECT
          *
        FROM "visits" AS "t0"
        WHERE
          NOT (
            "t0"."is_after_value"
          )
      ) AS "t4"
      INNER JOIN (
        SELECT
          "t1"."item",
          "t1"."demand_at"
        FROM "items" AS "t1"
        WHERE
          "t1"."value_at" IS NOT NULL
      ) AS "t5"
        ON "t4"."item" = "t5"."item"
    ) AS "t6"
  ) AS "t7"
  GROUP BY
    1,
    2
) AS "t8"
GROUP BY
  1;

SELECT
  "t5"."label",
  "t5"."last_step",
  "t5"."last_state",
  1704085200000000 - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t5"."demand_at") AS "age",
  "t5"."demand_at"
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
      "t0"."value_at" IS NULL AND NOT (
        "t0"."last_state" IN (4, 3)
      )
  ) AS "t4"
  INNER JOIN "attribute_item_id" AS "t2"
    ON "t4"."last_row" = "t2"."last_row"
) AS "t5"
ORDER BY
  1704085200000000 - DATE_DIFF('MICROSECOND', MAKE_TIMESTAMP(1970, 1, 1, 0, 0, 0.0), "t5"."demand_at") DESC,
  "t5"."label" ASC;
