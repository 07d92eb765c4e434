"""An evaluation as a run in MLflow, for those who keep their experiments there: parameters, metrics, the two files."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brain.errors import UnavailableError

if TYPE_CHECKING:
    from evals.results import EvalResult

_EXPERIMENT = "persona"
_METRICS = (
    "voice",
    "style_only",
    "fit",
    "headline",
    "low",
    "high",
    "copies",
    "distinct",
    "empty",
    "context_violations",
    "filter_violations",
    "lm_calls",
    "prompt_tokens",
    "completion_tokens",
    "seconds",
)


def load_mlflow() -> Any:
    """The package. Raises UnavailableError when it is not installed."""
    try:
        return importlib.import_module("mlflow")
    except ImportError as exc:
        raise UnavailableError("MLflow is not installed.", hint="pip install 'persona-brain[mlflow]'") from exc


def log_result(result: EvalResult, uri: str, report: Path | None, mlflow: Any) -> None:
    """Logs to a server's URI, or to a folder: a database in it, and the files beside. Raises UnavailableError."""
    try:
        if "://" in uri:
            mlflow.set_tracking_uri(uri)
        else:
            _use_folder(Path(uri).expanduser().resolve(), mlflow)
        mlflow.set_experiment(_EXPERIMENT)
        with mlflow.start_run(run_name=result.voice):
            mlflow.log_params(_params(result))
            mlflow.log_metrics(_metrics(result))
            mlflow.log_text(result.model_dump_json(), "eval.json")
            if report is not None:
                mlflow.log_artifact(str(report))
    except (mlflow.exceptions.MlflowException, OSError) as exc:
        raise UnavailableError(f"{uri}: MLflow cannot log there ({exc})", hint="Give its URI, or a folder.") from exc


def _use_folder(folder: Path, mlflow: Any) -> None:
    """MLflow 3 refuses plain folders, and puts the files of a database into the current one unless told."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    if mlflow.get_experiment_by_name(_EXPERIMENT) is None:
        mlflow.create_experiment(_EXPERIMENT, artifact_location=(folder / "artifacts").as_uri())


def _params(result: EvalResult) -> dict[str, object]:
    return {
        "voice": result.voice,
        "model": result.model,
        "seed": result.seed,
        "prompts": len(result.prompts),
        "practice": result.practice,
        "measured_on": result.measured_on,
        "heldout": result.heldout or "",
        "refused": result.refused or "",
    }


def _metrics(result: EvalResult) -> dict[str, float]:
    return {
        f"{score.system}/{name}": value
        for score in result.scores
        for name in _METRICS
        if (value := getattr(score, name)) is not None
    }
