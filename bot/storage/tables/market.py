"""Tables of what is sold beside the catalogue of the file, what is switched off, what providers list, and what shows
templates."""

import sqlalchemy as sa

from bot.storage.tables.base import Time, metadata

shelf = sa.Table(  # models that an admin put on sale beside the catalogue's
    "shelf",
    metadata,
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("entry", sa.JSON, nullable=False),  # engine/catalog/schema.py: ModelEntry
    sa.Column("actor", sa.BigInteger, nullable=False),
    sa.Column("created_at", Time, nullable=False),
)

switches = sa.Table(  # models and providers that an admin switched off
    "switches",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),  # model | provider
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("actor", sa.BigInteger, nullable=False),
    sa.Column("created_at", Time, nullable=False),
)

listings = sa.Table(  # what providers said last of their models
    "listings",
    metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("upstream_id", sa.Text, primary_key=True),
    sa.Column("facts", sa.JSON, nullable=False, server_default="{}"),  # allowed, required, parameters, limits
    sa.Column("listed_at", Time),  # NULL: never listed
    sa.Column("prices", sa.JSON, nullable=False, server_default="{}"),  # units of a whole order by number of results
    sa.Column("priced_at", Time),  # NULL: no price was ever told
)

market = sa.Table(  # one row: counts the changes of shelf, switches and listings, so that processes notice them
    "market",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.BigInteger, nullable=False),
)

template_examples = sa.Table(  # results of operators that show what comes of a template
    "template_examples",
    metadata,
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),  # which of the job's results
    sa.Column("actor", sa.BigInteger, nullable=False),
    sa.Column("created_at", Time, nullable=False),
)
