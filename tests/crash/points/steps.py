"""The words of the table: ends, and the step of a scene."""

from collections.abc import Mapping

MADE, LOST, ANY = "made", "lost", "any"
MADE3, LOST3, ANY3 = (MADE,) * 3, (LOST,) * 3, (ANY,) * 3
MADE2, LOST2, ANY2 = (MADE,) * 2, (LOST,) * 2, (ANY,) * 2

Ends = tuple[str, ...]
Step = tuple[str, Ends] | tuple[str, Ends, int]
"""What, how it ends, and (for what happens more than once) which time."""
Table = Mapping[str, tuple[Step, ...]]
"""By scene, in the order of the steps."""

__all__ = ["ANY", "ANY2", "ANY3", "LOST", "LOST2", "LOST3", "MADE", "MADE2", "MADE3", "Ends", "Step", "Table"]
