"""What people do, one file a subject."""

from mentors.models.sessions import Attendance, Came, LearningSession

__all__ = ["Attendance", "Came", "LearningSession"]
