"""An evaluation as a run in MLflow."""

from __future__ import annotations

import contextlib
import importlib.util

import pytest
from eval_samples import a_result

from brain.errors import UnavailableError
from evals.mlflow_log import load_mlflow, log_result


class Recorder:
    """What of MLflow we use, writing down what it is told."""

    class exceptions:  # noqa: N801  its name there
        MlflowException = type("MlflowException", (Exception,), {})

    def __init__(self, failure=None):
        self.told = {}
        self._failure = failure

    def __getattr__(self, name):
        def tell(*args, **_options):
            self.told[name] = args

        return tell

    def set_tracking_uri(self, uri):
        if self._failure:
            raise self._failure
        self.told["uri"] = uri

    def start_run(self, *, run_name):
        self.told["run"] = run_name
        return contextlib.nullcontext()


def test_a_run_has_parameters_metrics_and_both_files(tmp_path):
    """A folder becomes a database with the files beside it; a figure that there is not is left out."""
    mlflow = Recorder()

    log_result(a_result(), str(tmp_path), tmp_path / "report.html", mlflow)

    assert mlflow.told["uri"] == f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert mlflow.told["create_experiment"] == ("persona",)
    assert mlflow.told["run"] == "ada@1"
    assert mlflow.told["log_params"][0]["prompts"] == 2
    assert mlflow.told["log_metrics"][0]["ours/headline"] == 0.5
    assert mlflow.told["log_metrics"][0]["zero/voice"] == 0.1
    assert mlflow.told["log_text"][1] == "eval.json"
    assert mlflow.told["log_artifact"] == (str(tmp_path / "report.html"),)


def test_a_server_that_fails_is_told():
    """In one line, with the address that was given."""
    mlflow = Recorder(Recorder.exceptions.MlflowException("no route"))

    with pytest.raises(UnavailableError, match="http://nowhere: MLflow cannot log there"):
        log_result(a_result(), "http://nowhere", None, mlflow)


@pytest.mark.skipif(importlib.util.find_spec("mlflow") is not None, reason="it is installed here")
def test_without_the_package_the_extra_is_named():
    """How to get it."""
    with pytest.raises(UnavailableError) as caught:
        load_mlflow()

    assert caught.value.hint == "pip install 'persona-brain[mlflow]'"
