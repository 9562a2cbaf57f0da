"""The register of improvements."""

import sqlalchemy as sa
from alembic import op

from millrace.store.tables import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""
    op.create_table(
        "improvements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("stream_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("waste", sa.String(length=80), nullable=True),
        sa.Column("practice", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("concerns", sa.String(length=20), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("coordinator", sa.String(length=200), nullable=True),
        sa.Column("priority", sa.String(length=20), nullable=True),
        sa.Column("effort", sa.String(length=20), nullable=True),
        sa.Column("benefit", sa.String(length=1000), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("model_step", sa.Integer(), nullable=False),
        sa.Column("hypothesis", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("expected_from", sa.String(length=200), nullable=True),
        sa.Column("target", sa.String(length=40), nullable=True),
        sa.Column("baseline", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("baseline_at", Instant(), nullable=True),
        sa.Column("review_on", sa.String(length=10), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("origin_ref", sa.String(length=200), nullable=True),
        sa.Column("based_on_revision", sa.Integer(), nullable=True),
        sa.Column("made_revision", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["streams.id"], name=op.f("fk_improvements_stream_id_streams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvements")),
        sa.UniqueConstraint("key", name=op.f("uq_improvements_key")),
    )
    with op.batch_alter_table("improvements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_improvements_stream_id"), ["stream_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_improvements_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_improvements_state"), ["state"], unique=False)
    op.create_table(
        "improvement_actions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("improvement_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.String(length=10), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvements.id"], name=op.f("fk_improvement_actions_improvement_id_improvements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_actions")),
        sa.UniqueConstraint("improvement_id", "number", name=op.f("uq_improvement_actions_improvement_id_number")),
    )
    with op.batch_alter_table("improvement_actions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_improvement_actions_improvement_id"), ["improvement_id"], unique=False)
    op.create_table(
        "improvement_verdicts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("improvement_id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("headline", sa.String(length=400), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("svg", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvements.id"], name=op.f("fk_improvement_verdicts_improvement_id_improvements")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_improvement_verdicts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_verdicts")),
    )
    with op.batch_alter_table("improvement_verdicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_improvement_verdicts_improvement_id"), ["improvement_id"], unique=False)
