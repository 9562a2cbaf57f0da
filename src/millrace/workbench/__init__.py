"""Every operation a user can ask for, once: the in-process API."""

from millrace.workbench.workbench import Inspection, Measured, Workbench

__all__ = ["Inspection", "Measured", "Workbench"]
