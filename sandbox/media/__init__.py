"""Small real files for the simulators: a moving MP4, a tagged MP3, a PNG or JPEG, a GLB, and pictures made of pictures,
marked "simulated". Every function is pure, CPU-bound (call it in a thread) and keeps its last few answers."""

from sandbox.media.edit import NotAnImage, cutout, decode, edit, upscale
from sandbox.media.solid import solid
from sandbox.media.song import song
from sandbox.media.still import image
from sandbox.media.video import video

__all__ = ["NotAnImage", "cutout", "decode", "edit", "image", "solid", "song", "upscale", "video"]
