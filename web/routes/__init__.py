"""The pages, one module per family; each module here has a `router`."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from fastapi import APIRouter


def all_routers() -> Iterator[APIRouter]:
    """Give the router of every module in this folder, in the order of their names."""
    for info in pkgutil.iter_modules(__path__):
        yield import_module(f"{__name__}.{info.name}").router
