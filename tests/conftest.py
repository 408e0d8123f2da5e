"""One day for the whole run: which facts have expired does not depend on the day on which the tests run."""

import datetime as dt
import os

TODAY = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)

os.environ["SOURCE_DATE_EPOCH"] = str(int(TODAY.timestamp()))  # processes that a test starts inherit it
