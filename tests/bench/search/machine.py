"""The machine of a run, without its name."""

import os
import platform
import re
from pathlib import Path

_CPU = Path("/sys/devices/system/cpu/cpu0/cache")


def described():
    """Return processor, cores, caches, memory, system, Python."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "caches": _caches(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor():
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.+)$", info.read_text(), re.MULTILINE) if info.exists() else None
    return found[1] if found else platform.processor()


def _caches():
    """Return for example ["L1 Data 48K", "L2 Unified 2048K"]: those that the first core uses."""
    folders = sorted(_CPU.glob("index*"))
    return [
        f"L{(folder / 'level').read_text().strip()} {(folder / 'type').read_text().strip()}"
        f" {(folder / 'size').read_text().strip()}"
        for folder in folders
    ]
