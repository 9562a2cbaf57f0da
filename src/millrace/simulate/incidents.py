"""What the sample `incidents` holds: incidents that climb through three tiers, as a ticket tool would export them.

Each row sets a status. What there is to be found in it:

- about 620 incidents a month, most of them on working days;
- the first line resolves nearly half of them, within the hour; the rest waits for the second line;
- where symptoms are missing, the second line gives the incident back, and gets it again: ping-pong;
- the third line gives back what is none of its business, and waits for suppliers;
- many wait for their user, with a question or for a last confirmation;
- urgent ones (1 - Critical) are taken at once, low ones wait behind all others;
- once resolved, an incident stays open for five days until the tool closes it: the closing tail;
- 4 % come back.
"""

SERVICE_DESK = "Service Desk"
SECOND_LINE = "Second line support"
SPECIALISTS = "Specialists and vendors"

INCIDENTS_PER_MONTH = 620
WEEKDAY_WEIGHTS = (1.35, 1.15, 1.05, 1.00, 0.85, 0.20, 0.15)
HOUR_WEIGHTS = (2, 1, 1, 1, 2, 5, 20, 70, 120, 125, 110, 95, 60, 85, 95, 85, 60, 35, 20, 12, 8, 6, 4, 3)
HOLIDAYS = ((1, 1), (12, 25), (12, 26))
EXPORTED_AT_HOUR = 10.0
OFFICE_OPENS, OFFICE_CLOSES = 7, 19

STAFF = {
    SERVICE_DESK: ("Amara Diaz", "Bram Visser", "Chloe Marsh", "Dario Conti", "Elif Aydin", "Finn Larsen",
                   "Greta Lind", "Hugo Serra", "Ida Novak", "Jonas Weiss"),
    SECOND_LINE: ("Katja Brandt", "Liam Doyle", "Marta Reis", "Nils Holm", "Oona Virta", "Pavel Hruby",
                  "Quinn Foster", "Rosa Blanco", "Stijn Maes"),
    SPECIALISTS: ("Tariq Aziz", "Ulla Berg", "Vito Greco", "Wanda Kos", "Xenia Roth", "Yves Colin"),
}  # fmt: skip

CHANNELS = {"portal": 0.45, "phone": 0.35, "e-mail": 0.20}
MISSING_BY_CHANNEL = {"portal": 0.12, "phone": 0.08, "e-mail": 0.38}
"""Share of incidents whose symptoms are missing when they are handed up."""
SITES = {"Aarhus": 0.15, "Leeds": 0.20, "Porto": 0.25, "Utrecht": 0.40}
CATEGORIES = {"Workplace": 0.34, "Access": 0.22, "Network": 0.16, "Business application": 0.28}
FIRST_LINE_RESOLVES = {"Workplace": 0.62, "Access": 0.78, "Network": 0.26, "Business application": 0.18}
THIRD_LINE_NEEDED = {"Workplace": 0.06, "Access": 0.05, "Network": 0.20, "Business application": 0.34}
"""Of what reaches the second line."""
CRITICAL, HIGH, MODERATE, LOW = "1 - Critical", "2 - High", "3 - Moderate", "4 - Low"
PRIORITIES = {CRITICAL: 0.03, HIGH: 0.15, MODERATE: 0.57, LOW: 0.25}

WITHDRAWN_SHARE = 0.02
REOPENED_SHARE = 0.04
ASKED_SHARE = 0.16
"""Of the visits of a line in which the user is asked something."""
SUPPLIER_SHARE = 0.35
"""Of the visits of the third line in which a supplier is waited for."""
NOT_OURS_SHARE = 0.15
"""Of the visits of the third line that end in giving the incident back."""
CONFIRMED_BY_USER_SHARE = 0.30

# Minutes of working time where nothing else is said; means.
RECORDING, FIRST_WORK, SECOND_WORK, THIRD_WORK, CONFIRMING, COMPLAINT = 6.0, 14.0, 38.0, 110.0, 4.0, 3.0
DESK_QUEUE, FIRST_QUEUE, CONFIRM_QUEUE = 7.0, 11.0, 22.0
SECOND_QUEUE = {CRITICAL: 12.0, HIGH: 130.0, MODERATE: 330.0, LOW: 700.0}
THIRD_QUEUE = {CRITICAL: 40.0, HIGH: 420.0, MODERATE: 1_050.0, LOW: 1_900.0}
ANSWER, CONFIRMATION, SUPPLIER = 420.0, 150.0, 2_200.0
STAYS_RESOLVED_DAYS = 5
"""So long the tool leaves an incident open after it was resolved."""
COMES_BACK_HOURS = 30.0
