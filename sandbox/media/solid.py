"""A small 3D model: a twisted column whose turns and colours come from its prompt."""

import json
import struct
from colorsys import hsv_to_rgb
from functools import lru_cache
from math import cos, pi, sin
from random import Random

RINGS, SIDES = 12, 6


@lru_cache(maxsize=32)
def solid(prompt: str) -> bytes:
    """A binary glTF 2.0 (GLB): one mesh with vertex colours, indices, and the prompt as its name."""
    rng = Random(prompt)
    points, colours = _column(rng)
    faces = b"".join(struct.pack("<3H", *face) for face in _faces())
    positions = b"".join(struct.pack("<3f", *point) for point in points)
    paint = b"".join(struct.pack("<3f", *colour) for colour in colours)
    views, start = [], 0
    for data, target in ((positions, 34962), (paint, 34962), (faces, 34963)):
        views.append({"buffer": 0, "byteOffset": start, "byteLength": len(data), "target": target})
        start += len(data)
    least, most = ([edge(axis) for axis in zip(*points, strict=True)] for edge in (min, max))
    vectors = {"componentType": 5126, "count": len(points), "type": "VEC3"}
    document = {
        "asset": {"version": "2.0", "generator": "sandbox", "copyright": "simulated"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": prompt[:100]}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "COLOR_0": 1}, "indices": 2}]}],
        "accessors": [
            {"bufferView": 0, **vectors, "min": least, "max": most},
            {"bufferView": 1, **vectors},
            {"bufferView": 2, "componentType": 5123, "count": len(faces) // 2, "type": "SCALAR"},
        ],
        "bufferViews": views,
        "buffers": [{"byteLength": start}],
    }
    chunks = _chunk(b"JSON", json.dumps(document).encode(), b" ") + _chunk(b"BIN\0", positions + paint + faces, b"\0")
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def _column(rng: Random) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    twist, hue = rng.uniform(-0.5, 0.5), rng.random()
    points, colours = [], []
    for ring in range(RINGS):
        radius = 0.3 + 0.4 * rng.random()
        for side in range(SIDES):
            angle = 2 * pi * side / SIDES + ring * twist
            points.append((radius * cos(angle), ring / 6 - 1, radius * sin(angle)))
            colours.append(hsv_to_rgb((hue + ring / 40) % 1, 0.6, 0.5 + 0.5 * side / SIDES))
    return points, colours


def _faces() -> list[tuple[int, int, int]]:
    faces = []
    for ring in range(RINGS - 1):
        for side in range(SIDES):
            one, two = ring * SIDES + side, ring * SIDES + (side + 1) % SIDES
            faces += [(one, one + SIDES, two), (two, one + SIDES, two + SIDES)]
    return faces


def _chunk(kind: bytes, data: bytes, pad: bytes) -> bytes:
    data += pad * (-len(data) % 4)
    return struct.pack("<I4s", len(data), kind) + data
