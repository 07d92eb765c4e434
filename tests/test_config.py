"""Where settings come from, and what is said of a wrong one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from brain.config import Settings, allowed_values, config_file, load_settings, with_voice
from brain.errors import ConfigError
from brain.setting_words import SETTINGS


@pytest.fixture
def home(tmp_path):
    """A home of one's own, with whatever config.toml says."""

    def make(config="", **voices):
        folder = tmp_path / "home"
        of_voices = {folder / "data" / "voices" / name / "settings.toml": text for name, text in voices.items()}
        for file, text in {config_file(folder): config, **of_voices}.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return folder

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
    """Flag, environment, project file, user file, the voice's own, built-in value: in that order."""
    user = home(
        'model = "ollama/user"\nvoice = "user"\nhistory = 10\ntimeout = 5\n',
        shell='model = "ollama/voice"\nhistory = 30\ntimeout = 6\ntyping_speed = 9\n',
    )
    folder = project('model = "ollama/project"\nvoice = "project"\nhistory = 20\n')
    environ = {"PERSONA_HOME": str(user), "PERSONA_MODEL": "ollama/shell", "PERSONA_VOICE": "shell"}

    settings = load_settings({"model": "ollama/flag", "voice": None}, environ=environ, folder=folder)

    assert (settings.model, settings.voice) == ("ollama/flag", "shell")
    assert (settings.history, settings.timeout, settings.temperature) == (20, 5.0, 0.7)
    assert settings.typing_speed == 9
    assert settings.origins == {
        "model": "--model",
        "voice": "$PERSONA_VOICE",
        "history": str(folder / "persona.toml"),
        "timeout": str(user / "config" / "config.toml"),
        "typing_speed": str(user / "data" / "voices" / "shell" / "settings.toml"),
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
        ({"flags": {"temperature": 9.0}}, "--temperature: `temperature` is 9.0: must be a number from 0 to 2"),
        ({"environ": {"PERSONA_HISTORY": "many"}}, "$PERSONA_HISTORY: `history` is 'many': must be a whole number"),
        ({"flags": {"num_ctx": 1}}, "--num-ctx: `num_ctx` is 1: must be a whole number from 512 to 1,048,576"),
        ({"flags": {"timeout": 0}}, "--timeout: `timeout` is 0: must be a number above 0, up to 3,600"),
        ({"environ": {"PERSONA_JUDGE": "on"}}, "$PERSONA_JUDGE: `judge` is 'on': must be auto or off"),
        ({"environ": {"PERSONA_COUNTRY": "XYZ"}}, "$PERSONA_COUNTRY: `country` is 'XYZ': must be two letters"),
        ({"environ": {"PERSONA_API_BASE": "here"}}, "`api_base` is 'here': must be the URL of"),
        ({"project": "timeout = -1"}, "persona.toml: `timeout` is -1: "),
        ({"project": "modell = 'x'"}, "persona.toml: no setting is called `modell`"),
        ({"project": "voice = 3"}, "persona.toml: `voice` is 3: must be a text"),
        ({"user": "history = 1"}, "config.toml: `history` is 1: "),
        ({"user": "audit = 'perhaps'"}, "config.toml: `audit` is 'perhaps': must be true or false"),
        ({"user": "[model]\nname = 1"}, "config.toml: `model` is {'name': 1}: must be a text"),
        ({"project": "model = "}, "persona.toml: is not TOML ("),
        ({"user": "model = \x00"}, "config.toml: is not TOML ("),
        ({"voice": "temperature = 3"}, "settings.toml: `temperature` is 3: "),
        ({"voice": "colour = 3"}, "settings.toml: no setting is called `colour`"),
        ({"voice": "audit = false"}, "settings.toml: `audit` does not belong to a voice"),
        ({"user": "home = '/elsewhere'"}, "config.toml: `home` says where the files are"),
    ],
)
def test_a_setting_that_cannot_be_true_names_its_source(home, project, source, told):
    """Whoever set it three weeks ago must find it again; one line, exit code 78, and a fix."""
    folder = home(source.get("user", ""), nela=source.get("voice", ""))
    environ = {"PERSONA_HOME": str(folder), **source.get("environ", {})}

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


def test_a_mistyped_setting_is_told_which_was_meant(home, project):
    """And nothing in its name reaches the terminal that should not."""
    with pytest.raises(ConfigError) as near:
        load_settings({}, environ={"PERSONA_HOME": str(home("modle = 1"))}, folder=project())
    with pytest.raises(ConfigError) as strange:
        load_settings({}, environ={"PERSONA_HOME": str(home('"\\u001b[31mx" = 1'))}, folder=project())

    assert near.value.hint.startswith("Did you mean `model`? ")
    assert "\x1b" not in strange.value.message


def test_every_setting_has_its_words():
    """What it means, and the choices where there are few; a shell completes from them."""
    assert list(SETTINGS) == [name for name in Settings.model_fields if name != "origins"]
    for name, setting in SETTINGS.items():
        if setting.choices:
            assert allowed_values(name) == " or ".join(setting.choices)
        else:
            assert " or " not in allowed_values(name)


def test_a_persona_beside_its_conversations_is_no_settings_file(home, project):
    """Both are called persona.toml; only a persona has a name, whatever else it says."""
    folder = project('name = "Ada"\nid = "ada"\nvoice = "Warm."\nfacts = ["She sails."]\nhistory = 3\n')

    settings = load_settings({}, environ={"PERSONA_HOME": str(home())}, folder=folder)

    assert settings.origins == {"home": "$PERSONA_HOME"}


def test_a_name_makes_no_persona_of_the_users_own_settings(home, project):
    """Elsewhere it is a mistake like any other."""
    with pytest.raises(ConfigError, match="no setting is called `name`"):
        load_settings({}, environ={"PERSONA_HOME": str(home('name = "Ada"'))}, folder=project())


def test_the_voice_is_known_before_its_defaults_are_read(home, project):
    """Whichever source names it, with or without a version; a voice that is named by its folder has none."""
    environ = {"PERSONA_HOME": str(home('voice = "ada"', ada="history = 11", nela="history = 12"))}

    def history(voice=None):
        return load_settings({"voice": voice}, environ=environ, folder=project()).history

    assert [history(), history("nela@3"), history("other"), history("./ada"), history("../ada")] == [11, 12, 60, 60, 60]


def test_another_voice_brings_its_own_defaults(home, project):
    """What a stronger source said stays; what the former voice said goes."""
    folder = home("timeout = 5", ada="history = 11\ntimeout = 6\ncandidates = 2", bob="temperature = 0.1")
    settings = load_settings({"voice": "ada"}, environ={"PERSONA_HOME": str(folder)}, folder=project())

    other = with_voice(settings.model_copy(update={"model": "ollama/x"}), "bob")

    assert (settings.history, settings.candidates, settings.timeout) == (11, 2, 5)
    assert (other.voice, other.history, other.candidates, other.timeout) == ("bob", 60, None, 5)
    assert (other.temperature, other.model, other.home) == (0.1, "ollama/x", folder)
    assert other.origins["temperature"].endswith("bob/settings.toml")
    assert "history" not in other.origins


def test_a_path_in_a_file_counts_from_that_file(home, project):
    """Wherever the program is run."""
    folder = home('policy = "mine.toml"')

    assert load_settings({}, environ={"PERSONA_HOME": str(folder)}, folder=project()).policy == (
        folder / "config" / "mine.toml"
    )


def test_an_empty_text_in_a_file_counts_as_not_set(home, project):
    """As an empty variable does."""
    folder = home('model = ""\npolicy = ""')

    settings = load_settings({}, environ={"PERSONA_HOME": str(folder)}, folder=project())

    assert (settings.model, settings.policy) == (None, None)


def test_a_byte_order_mark_is_no_fault(home, project):
    """Some editors write one."""
    folder = home()
    config_file(folder).write_bytes(b"\xef\xbb\xbfhistory = 10\r\n")

    assert load_settings({}, environ={"PERSONA_HOME": str(folder)}, folder=project()).history == 10


def test_a_folder_that_is_gone_holds_no_settings(home, tmp_path, monkeypatch):
    """The program may be run where a folder was removed meanwhile."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert load_settings({}, environ={"PERSONA_HOME": str(home("history = 10"))}).history == 10


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


def test_settings_cannot_be_changed():
    """They are built once and read everywhere."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().model = "ollama/x"
