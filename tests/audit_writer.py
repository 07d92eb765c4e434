"""Entries for an audit log, and what a process beside ours does to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from brain.audit import AuditEntry
from brain.audit_log import AuditLog

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

START = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def entry(number: int = 0, **fields: Any) -> AuditEntry:
    """A clean turn, `number` minutes after the start."""
    usual: dict[str, Any] = {
        "time": START + timedelta(minutes=number),
        "conversation": None,
        "model": "embedded",
        "policy_version": 1,
        "policy": "ab" * 32,
        "layer": "none",
        "rule": None,
        "category": None,
        "allowed": True,
        "unsure": False,
        "action": "none",
        "turn_ms": number,
    }
    return AuditEntry(**{**usual, **fields})


def append_entries(path: Path, name: str, ready: Barrier, count: int) -> None:
    """Opens the log when all are ready, and appends `count` entries."""
    ready.wait()
    log = AuditLog(path)
    for number in range(count):
        log.append(entry(number, conversation=log.hashed("the same"), model=name))
