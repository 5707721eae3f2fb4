"""The measured processes. Each tells its driver what happened as lines of JSON on stdout.

They run as operators install them: what only developers have, some libraries import as soon as they find it.
"""

import sys
from typing import Any, Final

DEVELOPERS_HAVE: Final = ("rich", "pygments", "click")

_modules: dict[str, Any] = sys.modules
_modules.update(dict.fromkeys(DEVELOPERS_HAVE))  # None: importing it fails as if it were not there
