"""Every operation on a workspace that several people use, once. Pages and the REST API call these."""

from millrace.workbench.shared.backup import BackupOperations
from millrace.workbench.shared.bound_streams import BoundStreamOperations
from millrace.workbench.shared.erasure import ErasureOperations
from millrace.workbench.shared.future_trials import FutureTrialOperations
from millrace.workbench.shared.health import HealthOperations
from millrace.workbench.shared.improvement_proofs import ImprovementProofOperations
from millrace.workbench.shared.known_logs import KnownLogOperations
from millrace.workbench.shared.organisation import OrganisationOperations
from millrace.workbench.shared.process_maps import ProcessMapOperations
from millrace.workbench.shared.reminders import ReminderOperations
from millrace.workbench.shared.revision_maps import RevisionMapOperations
from millrace.workbench.shared.schedule import ScheduleOperations
from millrace.workbench.shared.shown_streams import ShownStreamOperations
from millrace.workbench.shared.told_streams import ToldStreamOperations


class SharedWorkbench(
    ReminderOperations,
    ScheduleOperations,
    ImprovementProofOperations,
    FutureTrialOperations,
    ProcessMapOperations,
    BoundStreamOperations,
    RevisionMapOperations,
    ToldStreamOperations,
    ShownStreamOperations,
    ErasureOperations,
    BackupOperations,
    HealthOperations,
    OrganisationOperations,
    KnownLogOperations,
):
    """The operations, each for an `Actor`. They raise `NotAllowed`, and `MillraceError` for what a user can mend."""
