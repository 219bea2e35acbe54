"""The table of sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("case_text", sa.Text, nullable=False),
        sa.Column("memory", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_sessions_used_at", "sessions", ["used_at"])


def downgrade() -> None:
    """Drops the table with all that is in it."""
    op.drop_table("sessions")
