"""Made exports with known truth: what a shop's files look like, and who is who in them."""

from __future__ import annotations

from custseg.demo.generate import generate
from custseg.demo.model import DemoData, DemoFile, Kind
from custseg.demo.shares import Shares
from custseg.demo.write import export_bytes, write

__all__ = ["DemoData", "DemoFile", "Kind", "Shares", "export_bytes", "generate", "write"]
