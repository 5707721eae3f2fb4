"""What is installed beside Easel, and under which licences: `python -m bot notices` prints it, in the image too.

Wheels bring libraries in C and Rust that their metadata does not name. Those of C lie in `<name>.libs`; their licences
are known here by the name of the file. Those of Rust are told by the wheel's own bill of materials (CycloneDX).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distribution, distributions
from itertools import groupby
from pathlib import Path
from typing import Final

UNKNOWN: Final = "not known here: see the wheel"
GPL: Final = "GPL-2.0-or-later"
FFMPEG: Final = "LGPL-3.0-or-later by its own word; with libx264 and libx265 the whole is under the GPL"
LIBRARIES: Final[Mapping[str, str]] = {
    "libx264": GPL,
    "libx265": GPL,
    **dict.fromkeys(
        ("libavcodec", "libavdevice", "libavfilter", "libavformat", "libavutil", "libswresample", "libswscale"), FFMPEG
    ),
    "libheif": "LGPL-3.0-or-later",
    "libde265": "LGPL-3.0-or-later",
    "libmp3lame": "LGPL-2.0-or-later",
    "libgnutls": "LGPL-2.1-or-later",
    "libasound": "LGPL-2.1-or-later",
    **dict.fromkeys(("libgmp", "libnettle", "libhogweed"), "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libunistring": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    **dict.fromkeys(("libopencore-amrnb", "libopencore-amrwb"), "Apache-2.0"),
    "libSvtAv1Enc": "BSD-3-Clause-Clear",
    **dict.fromkeys(("libdav1d", "libavif", "libopenjp2", "libzstd"), "BSD-2-Clause"),
    **dict.fromkeys(
        ("libaom", "libvpx", "libopus", "libwebp", "libwebpdemux", "libwebpmux", "libsharpyuv"), "BSD-3-Clause"
    ),
    **dict.fromkeys(("libbrotlicommon", "libbrotlidec", "libharfbuzz", "liblcms2", "libdrm", "libvpl"), "MIT"),
    **dict.fromkeys(("libXau", "libxcb", "libxcb-shape", "libxcb-shm", "libxcb-xfixes"), "MIT (X11)"),
    "libfreetype": "FTL OR GPL-2.0-only",
    "libjpeg": "IJG AND BSD-3-Clause",
    "libpng16": "libpng-2.0",
    "libtiff": "libtiff",
    "liblzma": "0BSD",
    "libz": "Zlib",
}
"""By the beginning of the file's name, up to the wheel's hash and the version."""
_FILE: Final = re.compile(r"(lib[A-Za-z0-9_+-]*?)(?:-[0-9a-f]{8})?(?:-[0-9.]+)?\.so[.0-9]*")
_PINNED: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==", re.MULTILINE)
HEAD: Final = """# What Easel is installed with

Easel itself is under the MIT licence. The packages below are installed beside it, unchanged, as their authors publish
them; the texts of their licences lie in their own folders (`*.dist-info`). Written by `make notices`. `python -m bot
notices` prints the same of what is installed, also in the image.

PyAV's wheel brings FFmpeg with libx264 and libx265, which are under the GNU General Public License. Who passes an
image on passes these on, too, and owes its receivers what that licence asks for, above all the source: the sites of
FFmpeg, x264 and x265 have it, and PyAV's repository how they were built. Easel calls PyAV from Python.

Titles on pictures are drawn with a part of Roboto (Latin and Cyrillic letters, without hinting), which is under the
Apache License 2.0: `bot/engine/templates/font`.
"""


def installed() -> list[Distribution]:
    """All packages of this interpreter, by name."""
    return sorted(distributions(), key=lambda each: each.name.lower())


def pinned(lock: Path) -> list[Distribution]:
    """Those that a lock file names. Raises PackageNotFoundError for one that is not installed."""
    names = _PINNED.findall(lock.read_text(encoding="utf-8"))
    return sorted(map(distribution, names), key=lambda each: each.name.lower())


def notices(packages: Iterable[Distribution]) -> str:
    """The file, in Markdown."""
    packages = list(packages)
    lines = [HEAD, "## Packages", "", "| package | licence | texts |", "|---|---|---|"]
    for each in packages:
        texts = ", ".join(each.metadata.get_all("License-File") or []) or "–"
        lines.append(f"| {each.name} {each.version} | {licence(each)} | {texts} |")
    lines += ["", "## Libraries within them", "", "| package | library | licence |", "|---|---|---|"]
    for each in packages:
        found = sorted(set(_bundled(each)))
        for told, group in groupby(sorted(found, key=lambda one: one[1]), key=lambda one: one[1]):
            lines.append(f"| {each.name} | {', '.join(name for name, _ in group)} | {told} |")
    return "\n".join(lines) + "\n"


def licence(package: Distribution) -> str:
    """As the package says it: by an expression, by a word, or by a classifier."""
    about = package.metadata
    said, short = ((about.get_all(field) or [""])[0] for field in ("License-Expression", "License"))
    classed = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier") or [] if text.startswith("License")]
    told = said or ("" if len(short) > 60 or "\n" in short else short) or ", ".join(classed)
    return told or _by_text(short) or UNKNOWN


def _by_text(text: str) -> str:
    """Of those that put the whole text where its name belongs."""
    if "Redistribution and use in source and binary forms" in text:
        return "BSD-3-Clause" if "Neither the name" in text else "BSD-2-Clause"
    return "MIT" if "Permission is hereby granted, free of charge" in text else ""


def _bundled(package: Distribution) -> Iterator[tuple[str, str]]:
    for file in package.files or []:
        name = file.name
        if file.parent.name.endswith(".libs") and (found := _FILE.fullmatch(name)):
            yield found[1], LIBRARIES.get(found[1], UNKNOWN)
        elif file.parent.name == "sboms" and name.endswith(".json") and not name.startswith("auditwheel"):
            yield from _rust(json.loads(Path(str(file.locate())).read_text(encoding="utf-8")))


def _rust(bill: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    components = bill.get("components")
    for each in components if isinstance(components, list) else []:
        told = [one.get("expression") or one.get("license", {}).get("id") for one in each.get("licenses") or []]
        yield str(each.get("name")), " AND ".join(filter(None, told)) or UNKNOWN
