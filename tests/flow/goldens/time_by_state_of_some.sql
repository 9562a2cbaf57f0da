SELECT
  *
FROM (
  SELECT
    "t21"."state",
    "t21"."wait_reason",
    "t21"."side",
    "t21"."is_before_value",
    SUM("t21"."elapsed") AS "total"
  FROM (
    SELECT
      "t4"."item",
      "t4"."began_at",
      "t4"."person",
      "t4"."step",
      "t4"."state",
      "t4"."wait_reason",
      "t4"."side",
      "t4"."fidelity",
      "t4"."activity",
      "t4"."team",
      "t4"."system",
      "t4"."from_team",
      "t4"."is_automated",
      "t4"."elapsed",
      "t4"."business",
      "t4"."is_before_value"
    FROM "spans" AS "t4"
    SEMI JOIN (
      SELECT
        *
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
          "t5"."variant"
        FROM "items" AS "t5"
        SEMI JOIN (
          SELECT
            *
          FROM (
            SELECT
              "t11"."item",
              "t11"."value_at",
              "t11"."last_team",
              "t11"."last_step",
              "t11"."last_row",
              COALESCE("t6"."label", 'unknown') AS "label"
            FROM (
              SELECT
                "t1"."item",
                "t1"."value_at",
                "t1"."last_team",
                "t1"."last_step",
                "t1"."last_row",
                CAST("t1"."last_team" AS BIGINT) AS "_code"
              FROM "items" AS "t1"
            ) AS "t11"
            LEFT OUTER JOIN "listed" AS "t6"
              ON "t11"."_code" = "t6"."code"
          ) AS "t13"
          WHERE
            "t13"."label" IN ('A')
        ) AS "t16"
          ON "t5"."item" = "t16"."item"
        SEMI JOIN (
          SELECT
            "t12"."item",
            "t12"."value_at",
            "t12"."last_team",
            "t12"."last_step",
            "t12"."last_row",
            COALESCE("t12"."label", 'unknown') AS "label"
          FROM (
            SELECT
              "t10"."item",
              "t10"."value_at",
              "t10"."last_team",
              "t10"."last_step",
              "t10"."last_row",
              "t7"."label"
            FROM (
              SELECT
                "t1"."item",
                "t1"."value_at",
                "t1"."last_team",
                "t1"."last_step",
                "t1"."last_row"
              FROM "items" AS "t1"
            ) AS "t10"
            INNER JOIN "attribute_csat" AS "t7"
              ON "t10"."last_row" = "t7"."last_row"
          ) AS "t12"
          WHERE
            COALESCE("t12"."label", 'unknown') IN ('5', '4')
        ) AS "t17"
          ON "t5"."item" = "t17"."item"
      ) AS "t18"
      WHERE
        "t18"."value_at" >= MAKE_TIMESTAMP(2024, 1, 1, 0, 0, 0.0)
    ) AS "t20"
      ON "t4"."item" = "t20"."item"
  ) AS "t21"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t22"
ORDER BY
  "t22"."state" ASC,
  "t22"."wait_reason" ASC,
  "t22"."side" ASC,
  "t22"."is_before_value" ASC;
