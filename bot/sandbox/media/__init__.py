"""Small real files for the simulators: a moving MP4, a tagged MP3, a PNG or JPEG, each drawn from its prompt and marked
"simulated". Every function is pure, CPU-bound (call it in a thread) and keeps its last few answers."""

from bot.sandbox.media.song import song
from bot.sandbox.media.still import image
from bot.sandbox.media.video import video

__all__ = ["image", "song", "video"]
