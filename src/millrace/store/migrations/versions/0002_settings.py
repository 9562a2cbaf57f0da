"""What the workspace settles: the numbers under which it shows people of its logs; passwords that end."""

import sqlalchemy as sa
from alembic import op

from millrace.store.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""
    op.create_table(
        "pseudonyms",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("mark", name=op.f("uq_pseudonyms_mark")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("password_ends_at", Instant(), nullable=True))
