"""Packages that have the name of a public function, and are that function when called.

Importing the package ``custseg.segment`` gives the name ``custseg.segment`` to its module, though
the public API promises a function there. Such a module can be called; its help and its
signature are the function's.
"""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    @property
    def _function(self) -> Any:
        import custseg

        return custseg.public(self.__name__.rpartition(".")[2])

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._function(*args, **options)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        function = self._function
        return f"{function.__name__}{inspect.signature(function)}\n\n{inspect.getdoc(function)}"

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self._function)


def make_callable(name: str) -> None:
    """Make the module of this name the public function of the same name, too."""
    sys.modules[name].__class__ = _CallableModule
