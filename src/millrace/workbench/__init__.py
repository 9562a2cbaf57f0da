"""Every operation a user can ask for, once: the in-process API."""

from millrace.workbench.findings import Diagnosed
from millrace.workbench.inspection import Inspection
from millrace.workbench.logs import Measured
from millrace.workbench.maps import MapView
from millrace.workbench.workbench import Workbench

__all__ = ["Diagnosed", "Inspection", "MapView", "Measured", "Workbench"]
