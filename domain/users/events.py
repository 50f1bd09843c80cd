"""What happens to a user: a person with an account. Nothing here identifies the person."""

from datetime import datetime

from domain.kernel import event


@event("user.created")
class UserCreated:
    time_zone: str
    locale: str
    at: datetime


@event("user.profile_changed")
class ProfileChanged:
    time_zone: str
    locale: str


UserEvent = UserCreated | ProfileChanged
