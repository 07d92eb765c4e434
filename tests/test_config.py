"""Where settings come from, and what is said of a wrong one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from brain.config import Settings, config_file, load_settings
from brain.errors import ConfigError


@pytest.fixture
def home(tmp_path):
    """A home of one's own, with whatever config.toml says."""

    def make(config=""):
        file = config_file(tmp_path / "home")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(config, encoding="utf-8")
        return tmp_path / "home"

    return make


@pytest.fixture
def project(tmp_path):
    """The folder the command is run in, with whatever its persona.toml says."""

    def make(config=None):
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        if config is not None:
            (folder / "persona.toml").write_text(config, encoding="utf-8")
        return folder

    return make


def test_with_nothing_set_everything_is_built_in(home, project):
    """And no value claims to come from anywhere."""
    settings = load_settings({}, environ={"PERSONA_HOME": str(home())}, folder=project())

    assert settings == Settings(home=settings.home, origins={"home": "$PERSONA_HOME"})
    assert settings.model is None


def test_the_nearer_source_wins_and_each_value_names_its_origin(home, project):
    """Flag, environment, project file, user file, built-in value: in that order."""
    user = home('model = "ollama/user"\nvoice = "user"\nhistory = 10\ntimeout = 5\n')
    folder = project('model = "ollama/project"\nvoice = "project"\nhistory = 20\n')
    environ = {"PERSONA_HOME": str(user), "PERSONA_MODEL": "ollama/shell", "PERSONA_VOICE": "shell"}

    settings = load_settings({"model": "ollama/flag", "voice": None}, environ=environ, folder=folder)

    assert (settings.model, settings.voice) == ("ollama/flag", "shell")
    assert (settings.history, settings.timeout, settings.temperature) == (20, 5.0, 0.7)
    assert settings.origins == {
        "model": "--model",
        "voice": "$PERSONA_VOICE",
        "history": str(folder / "persona.toml"),
        "timeout": str(user / "config" / "config.toml"),
        "home": "$PERSONA_HOME",
    }


def test_an_empty_variable_counts_as_not_set(home, project):
    """`PERSONA_MODEL= persona chat` is how a shell unsets it for one command."""
    environ = {"PERSONA_HOME": str(home()), "PERSONA_MODEL": ""}

    assert load_settings({}, environ=environ, folder=project()).model is None


def test_variables_are_texts_and_still_become_numbers(home, project):
    """A shell knows no other kind."""
    environ = {"PERSONA_HOME": str(home()), "PERSONA_NUM_CTX": "8192", "PERSONA_READ_SITUATION": "true"}
    settings = load_settings({}, environ=environ, folder=project())

    assert (settings.num_ctx, settings.read_situation) == (8192, True)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"flags": {"temperature": 9.0}}, "--temperature: `temperature` is 9.0: "),
        ({"environ": {"PERSONA_HISTORY": "many"}}, "$PERSONA_HISTORY: `history` is 'many': "),
        ({"flags": {"num_ctx": 1}}, "--num-ctx: `num_ctx` is 1: "),
        ({"flags": {"timeout": 0}}, "--timeout: `timeout` is 0: "),
        ({"project": "timeout = -1"}, "persona.toml: `timeout` is -1: "),
        ({"project": "modell = 'x'"}, "persona.toml: no setting is called `modell`"),
        ({"project": "voice = 3"}, "persona.toml: `voice` is 3: "),
        ({"user": "history = 1"}, "config.toml: `history` is 1: "),
        ({"project": "model = "}, "persona.toml: is not TOML ("),
        ({"user": "model = \x00"}, "config.toml: is not TOML ("),
    ],
)
def test_a_setting_that_cannot_be_true_names_its_source(home, project, source, told):
    """Whoever set it three weeks ago must find it again; one line, exit code 78, and a fix."""
    environ = {"PERSONA_HOME": str(home(source.get("user", ""))), **source.get("environ", {})}

    with pytest.raises(ConfigError) as caught:
        load_settings(source.get("flags"), environ=environ, folder=project(source.get("project")))

    assert told in caught.value.message
    assert "\n" not in caught.value.message + caught.value.hint
    assert caught.value.hint
    assert caught.value.exit_code == 78


def test_an_unknown_setting_lists_the_known_ones(home, project):
    """Nobody should have to open the source for a name."""
    with pytest.raises(ConfigError) as caught:
        load_settings({}, environ={"PERSONA_HOME": str(home("colour = 1"))}, folder=project())

    assert all(name in caught.value.hint for name in ("model", "voice", "num_ctx", "policy"))
    assert "origins" not in caught.value.hint


def test_origins_cannot_be_set(home, project):
    """It is no setting, so a file that writes it is told so."""
    with pytest.raises(ConfigError, match="no setting is called `origins`"):
        load_settings({}, environ={"PERSONA_HOME": str(home("origins = {}"))}, folder=project())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_settings_file_we_may_not_read_is_told(home, project):
    """It is not skipped as if it were missing."""
    folder = home("history = 10")
    config_file(folder).chmod(0)

    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings({}, environ={"PERSONA_HOME": str(folder)}, folder=project())


def test_a_folder_in_place_of_a_settings_file_is_told(home, project):
    """One line instead of a traceback."""
    folder = project()
    (folder / "persona.toml").mkdir()

    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings({}, environ={"PERSONA_HOME": str(home())}, folder=folder)


def test_one_folder_holds_everything_that_is_written(tmp_path):
    """`PERSONA_HOME` moves all of it; nothing is made before it is needed."""
    settings = Settings(home=tmp_path / "mine")

    assert settings.data_dir == tmp_path / "mine" / "data"
    assert settings.voices_dir == tmp_path / "mine" / "data" / "voices"
    assert settings.store_url == f"sqlite:///{tmp_path / 'mine' / 'data' / 'persona.db'}"
    assert settings.config_file == tmp_path / "mine" / "config" / "config.toml"
    assert not (tmp_path / "mine").exists()


def test_without_a_home_the_system_says_where_files_belong():
    """Data and settings lie in folders called persona."""
    settings = Settings()

    assert "persona" in settings.data_dir.parts
    assert settings.config_file.name == "config.toml"
    assert "persona" in settings.config_file.parts


def test_a_home_flag_finds_its_own_settings_file(home, project):
    """The settings of a home belong to it, however it was named."""
    folder = home("history = 12")

    settings = load_settings({"home": folder}, environ={"PERSONA_HOME": "/nowhere"}, folder=project())

    assert settings.history == 12
    assert settings.home == Path(folder)


@pytest.mark.parametrize(("num_ctx", "characters"), [(4096, 5792), (512, 1000), (32_768, 63_136)])
def test_a_longer_context_holds_more_of_a_conversation(num_ctx, characters):
    """Two characters a token, after what persona, demos and reply take; never so little that nothing is sent."""
    assert Settings(num_ctx=num_ctx).characters == characters


def test_settings_cannot_be_changed():
    """They are built once and read everywhere."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().model = "ollama/x"
