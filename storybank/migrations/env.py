"""Alembic's entry: runs the migrations on the connection that `db.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

from storybank import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_object=lambda item, name, kind, reflected, other: (
        not str(name).startswith("procrastinate")
    ),
)
assert tables.Story.metadata is SQLModel.metadata  # noqa: S101 (importing fills the metadata)

with context.begin_transaction():
    context.run_migrations()
