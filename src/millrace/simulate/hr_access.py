"""What the sample `hr-access` holds: requests for access to an HR application, as a ticket tool would export them.

Each row sets a status. The figures follow the worked example that the template `hr-access` describes; means, elapsed
time, over the requests that were fulfilled:

- about 350 requests a month, with a weekly rhythm;
- process time 25 min, lead time 4 h from submission to fulfilment (the median is far shorter: most of the mean comes
  from approvals that wait overnight, and from privileged roles that wait for a weekly meeting);
- 70 % of all waiting is waiting for approval;
- 5 % are sent back to the requester for missing information, or reopened: rework;
- 98 % need no correction once fulfilled;
- 40 % are configured by a script;
- 3 handoffs; satisfaction 4.7 of 5, answered by 4 in 10.
"""

from typing import NamedTuple

from millrace.model.state import Side, State, WaitReason

SERVICE_DESK = "Service Desk"
DATA_OWNER = "HR Data Owner"
ACCESS_MANAGEMENT = "Access Management"
AUTOMATION = "Identity Automation"


class SampleStatus(NamedTuple):
    """A status of the sample: who has the request then, the step it belongs to, and what it means."""

    status: str
    teams: tuple[str, ...]
    step: str
    state: State
    wait_reason: WaitReason = WaitReason.NONE
    side: Side = Side.PROVIDER


STATUSES = (
    SampleStatus("Submitted", (), "Submit request", State.NEW, WaitReason.QUEUE),
    SampleStatus(
        "Awaiting user info",
        (SERVICE_DESK,),
        "Submit request",
        State.WAITING,
        WaitReason.REQUESTER,
        Side.REQUESTER,
    ),
    SampleStatus("Assigned", (SERVICE_DESK,), "Log and triage", State.WAITING, WaitReason.QUEUE),
    SampleStatus("Triage in progress", (SERVICE_DESK,), "Log and triage", State.ACTIVE),
    SampleStatus("Reopened", (SERVICE_DESK,), "Log and triage", State.ACTIVE),
    SampleStatus("Awaiting approval", (DATA_OWNER,), "Review and approve", State.WAITING, WaitReason.APPROVAL),
    SampleStatus("Review in progress", (DATA_OWNER,), "Review and approve", State.ACTIVE),
    SampleStatus("Rejected", (DATA_OWNER,), "Review and approve", State.CANCELLED),
    SampleStatus(
        "Queued for configuration",
        (ACCESS_MANAGEMENT, AUTOMATION),
        "Configure access",
        State.WAITING,
        WaitReason.QUEUE,
    ),
    SampleStatus("Configuration in progress", (ACCESS_MANAGEMENT, AUTOMATION), "Configure access", State.ACTIVE),
    SampleStatus("Queued for handover", (SERVICE_DESK,), "Deliver to the user", State.WAITING, WaitReason.QUEUE),
    SampleStatus("Handover in progress", (SERVICE_DESK,), "Deliver to the user", State.ACTIVE),
    SampleStatus("Fulfilled", (SERVICE_DESK,), "Feedback and improve", State.DONE),
    SampleStatus("Closed", (SERVICE_DESK,), "Feedback and improve", State.DONE),
    SampleStatus("Cancelled", (SERVICE_DESK,), "Feedback and improve", State.CANCELLED),
)

REQUESTS_PER_MONTH = 350
WEEKDAY_WEIGHTS = (1.30, 1.15, 1.00, 0.95, 0.70, 0.03, 0.02)
HOUR_WEIGHTS = (1, 1, 1, 1, 1, 2, 6, 30, 80, 120, 120, 100, 60, 90, 90, 70, 40, 20, 6, 5, 4, 3, 2, 1)
HOLIDAYS = ((1, 1), (12, 25), (12, 26))
EXPORTED_AT_HOUR = 11.5
OFFICE_OPENS, OFFICE_CLOSES = 8, 18

CHANNELS = ("portal", "e-mail", "phone")
CHANNEL_WEIGHTS = (0.70, 0.20, 0.10)
INCOMPLETE_BY_CHANNEL = (0.025, 0.12, 0.066)
STANDARD_ROLES = ("Self-service", "Team viewer", "Payroll viewer", "Records editor")
STANDARD_ROLE_WEIGHTS = (0.45, 0.30, 0.15, 0.10)
PRIVILEGED_ROLE = "Administrator (privileged)"
SITES = ("Aarhus", "Leeds", "Porto", "Utrecht")
SITE_WEIGHTS = (0.15, 0.20, 0.25, 0.40)
PRIORITIES = ("2 - High", "3 - Moderate", "4 - Low")
PRIORITY_WEIGHTS = (0.08, 0.62, 0.30)
STAFF = {
    SERVICE_DESK: ("Ines Prata", "Joost Vermaas", "Karen Holt", "Lars Brink", "Mina Osei", "Nuno Sales"),
    DATA_OWNER: ("Olga Reuter", "Peter Voss", "Rita Lund"),
    ACCESS_MANAGEMENT: ("Sami Kallio", "Tess Morley", "Umar Aziz", "Vera Pinho"),
    AUTOMATION: ("svc-identity",),
}

PRIVILEGED_SHARE = 0.012
AUTOMATED_SHARE = 0.40
REJECTED_SHARE = 0.015
WITHDRAWN_SHARE = 0.010
NEVER_ANSWERED_SHARE = 0.04
REOPENED_SHARE = 0.005
REOPENED_SHARE_OF_INCOMPLETE = 0.30
ANSWERED_SURVEY_SHARE = 0.40
SCORES = (5, 4, 3, 2, 1)
SCORE_WEIGHTS = (0.780, 0.160, 0.045, 0.010, 0.005)

# Minutes, means of gamma distributions. The first line is elapsed time, since the desk and the script work around the
# clock, and so are the second and fourth; the third is office time, which nights and weekends stretch.
ROUTING, DESK_QUEUE, SCRIPT_QUEUE, HANDOVER_QUEUE = 0.5, 11.0, 0.3, 17.0
NOTICING, SURVEY = 40.0, 40.0
APPROVAL_QUEUE, ACCESS_QUEUE, ANSWER = 29.7, 10.0, 150.0
TRIAGE, REVIEW, CONFIGURATION, SCRIPT_RUN, HANDOVER, COMPLAINT = 2.0, 4.8, 23.5, 1.5, 3.0, 1.0
APPROVAL_MEETING = (4, 14)
"""Privileged roles are decided once a week: weekday (0 is Monday) and hour."""
GIVE_UP_DAYS = 3
"""A request whose requester does not answer is cancelled after so many days."""
CLOSED_AFTER_HOURS = 2
"""What is fulfilled closes when its requester answers the survey, at the latest after so many hours."""
