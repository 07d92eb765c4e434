"""DSPy's state of a program that was saved before the program grew."""

from __future__ import annotations

from typing import Any

State = dict[str, Any]
_LATER = ("rememberer.sum_up",)  # predictors that a saved program may lack


def completed(saved: State, own: State) -> State:
    """The saved state, and beside it what has come since from the program's own: predictors, inputs with a default.

    DSPy matches the fields of a signature by their order alone, so one that came between would shift all after it.
    Raises what comes of a state of another shape: LookupError, TypeError or AttributeError.
    """
    later = {name: own[name] for name in _LATER if name in own}
    return later | {name: _grown(state, own[name]) if name in own else state for name, state in saved.items()}


def _grown(saved: State, own: State) -> State:
    fields = {field["prefix"]: field for field in saved["signature"]["fields"]}
    wanted = own["signature"]["fields"]
    if len(fields) == len(wanted):
        return saved
    grown = [fields.get(field["prefix"], field) for field in wanted]
    return {**saved, "signature": {**saved["signature"], "fields": grown}}
