"""Numbers under which the workspace shows people of its logs. Their names are not in here."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from millrace.store.tables import Table


class Pseudonym(Table):
    """The number of a person of the logs. `mark` is made of the name with the workspace's secret: it leads from the
    name to the number, and from the number to nobody."""

    __tablename__ = "pseudonyms"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
