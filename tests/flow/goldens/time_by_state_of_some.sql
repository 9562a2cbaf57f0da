SELECT
  *
FROM (
  SELECT
    "t17"."state",
    "t17"."wait_reason",
    "t17"."side",
    "t17"."is_before_value",
    SUM("t17"."elapsed") AS "total"
  FROM (
    SELECT
      "t3"."item",
      "t3"."began_at",
      "t3"."person",
      "t3"."step",
      "t3"."state",
      "t3"."wait_reason",
      "t3"."side",
      "t3"."fidelity",
      "t3"."activity",
      "t3"."team",
      "t3"."system",
      "t3"."is_automated",
      "t3"."elapsed",
      "t3"."business",
      "t3"."from_team",
      "t3"."is_before_value"
    FROM "spans" AS "t3"
    SEMI JOIN (
      SELECT
        *
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
          "t4"."variant"
        FROM "items" AS "t4"
        SEMI JOIN (
          SELECT
            *
          FROM (
            SELECT
              "t1"."item",
              "t1"."value_at",
              "t1"."last_team",
              "t1"."last_step",
              "t1"."last_row",
              CASE
                WHEN "t1"."last_team" < 0
                THEN 'unknown'
                ELSE COALESCE(
                  LIST_EXTRACT(
                    CAST(['A'] AS TEXT[]),
                    CAST("t1"."last_team" AS BIGINT) + CAST(CAST("t1"."last_team" AS BIGINT) >= 0 AS BIGINT)
                  ),
                  'unknown'
                )
              END AS "label"
            FROM "items" AS "t1"
          ) AS "t8"
          WHERE
            "t8"."label" IN ('A')
        ) AS "t11"
          ON "t4"."item" = "t11"."item"
        SEMI JOIN (
          SELECT
            "t9"."item",
            "t9"."value_at",
            "t9"."last_team",
            "t9"."last_step",
            "t9"."last_row",
            COALESCE("t9"."label", 'unknown') AS "label"
          FROM (
            SELECT
              "t7"."item",
              "t7"."value_at",
              "t7"."last_team",
              "t7"."last_step",
              "t7"."last_row",
              "t5"."label"
            FROM (
              SELECT
                "t1"."item",
                "t1"."value_at",
                "t1"."last_team",
                "t1"."last_step",
                "t1"."last_row"
              FROM "items" AS "t1"
            ) AS "t7"
            INNER JOIN "attribute_csat" AS "t5"
              ON "t7"."last_row" = "t5"."last_row"
          ) AS "t9"
          WHERE
            COALESCE("t9"."label", 'unknown') IN ('5', '4')
        ) AS "t13"
          ON "t4"."item" = "t13"."item"
      ) AS "t14"
      WHERE
        "t14"."value_at" >= MAKE_TIMESTAMP(2024, 1, 1, 0, 0, 0.0)
    ) AS "t16"
      ON "t3"."item" = "t16"."item"
  ) AS "t17"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t18"
ORDER BY
  "t18"."state" ASC,
  "t18"."wait_reason" ASC,
  "t18"."side" ASC,
  "t18"."is_before_value" ASC;
