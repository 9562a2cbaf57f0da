"""Every operation a user can ask for, once. Commands, pages and scripts call these and nothing below them."""

from millrace.workbench.changes import ChangeOperations
from millrace.workbench.choices import ChoiceOperations
from millrace.workbench.explanations import ExplanationOperations
from millrace.workbench.exports import ExportOperations
from millrace.workbench.findings import FindingOperations
from millrace.workbench.forecasts import ForecastOperations
from millrace.workbench.futures import FutureOperations
from millrace.workbench.governing import GoverningOperations
from millrace.workbench.journey_pictures import JourneyPictureOperations
from millrace.workbench.proofs import ProofOperations
from millrace.workbench.review_packs import ReviewPackOperations
from millrace.workbench.slides import SlideOperations
from millrace.workbench.streams import StreamOperations
from millrace.workbench.waits import WaitOperations


class Workbench(
    StreamOperations,
    ChoiceOperations,
    FindingOperations,
    JourneyPictureOperations,
    ExportOperations,
    WaitOperations,
    FutureOperations,
    ForecastOperations,
    GoverningOperations,
    ChangeOperations,
    ExplanationOperations,
    ProofOperations,
    SlideOperations,
    ReviewPackOperations,
):
    """The operations, over one workspace folder. Each raises `MillraceError` for what a user can mend."""
