"""`persona config`: what is set, by whom, and how to change it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from brain.errors import ConfigError, NotFoundError
from brain.flags import errors_as_json, note, settings_flags
from brain.masked import masked
from brain.places import DEFAULT_VOICE, config_file, home_of, voice_file, voice_names
from brain.sanitise import display
from brain.setting_words import FIELDS_OF_A_FILE, SETTINGS, nearest
from brain.shell_completion import complete_setting, complete_value, complete_voice
from brain.terminal.config_places import places
from brain.terminal.default_verb import DefaultVerb

_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
_name_argument = click.argument("name", shell_complete=complete_setting)
_voice_option = click.option("--voice", metavar="NAME", shell_complete=complete_voice, help="Those of this voice.")


class _Config(DefaultVerb):
    default = "show"


class _Listing(click.Command):
    """A command whose help says what every setting means."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        with formatter.section("Settings"):
            formatter.write_dl([(name, SETTINGS[name].meaning) for name in FIELDS_OF_A_FILE])


@click.group(cls=_Config)
def config() -> None:
    """Show and change settings.

    A flag wins, then PERSONA_NAME in the environment, ./persona.toml, your own config.toml, what belongs to the voice,
    and what is built in.
    """


@config.command()
@_voice_option
@_json_option
@click.pass_context
def show(ctx: click.Context, /, voice: str | None, as_json: bool) -> None:
    """Every setting, its value, and where that comes from."""
    with errors_as_json(as_json):
        from brain.config import settle
        from brain.setting_sources import read_sources, strange_variables
        from brain.terminal.config_show import rows, show_rows, strange_words

        sources = read_sources(settings_flags(ctx, voice=voice))
        found = rows(settle(sources), sources)
        strange = strange_variables(os.environ)
    if as_json:
        settings = [row._asdict() for row in found]
        click.echo(json.dumps({"settings": settings, "unknown_variables": strange}))
        return
    show_rows(found)
    for name in strange:
        note(strange_words(name))


@config.command()
@_name_argument
@_voice_option
@click.pass_context
def get(ctx: click.Context, /, name: str, voice: str | None) -> None:
    """One value, as a script wants it; an empty line when it is not set."""
    from brain.config import check_name, load_settings
    from brain.setting_sources import Source
    from brain.terminal.config_show import as_text

    name = _known(name)
    check_name(name, Source("flag", {}))
    settings = load_settings(settings_flags(ctx, voice=voice))
    click.echo(as_text(masked(name, getattr(settings, name))))


@config.command("set", cls=_Listing, context_settings={"ignore_unknown_options": True})  # keep_alive may be -1
@_name_argument
@click.argument("value", shell_complete=complete_value)
@_voice_option
@click.pass_context
def set_value(ctx: click.Context, /, name: str, value: str, voice: str | None) -> None:
    """Write NAME into your config.toml, or with --voice into the settings of that voice.

    Comments and order of the file stay as they are.
    """
    from brain.config_file import set_setting

    name, path = _known(name), _file(ctx, voice)
    if name == "policy" and value:
        value = str(Path(value).expanduser().absolute())  # the file is read from anywhere
    set_setting(path, name, value)
    note(f"✓ {name} is set in {path}")
    _tell_stronger(ctx, name, path, voice)


@config.command()
@_name_argument
@_voice_option
@click.pass_context
def unset(ctx: click.Context, /, name: str, voice: str | None) -> None:
    """Take NAME out of your config.toml, or with --voice out of the settings of that voice."""
    from brain.config_file import set_setting
    from brain.setting_sources import read_toml

    path = _file(ctx, voice)
    name = name if name in (found := read_toml(path)) else _known(name)
    if name not in found:
        note(f"{display(name)} is not set in {path}")
        return
    set_setting(path, name, None)
    note(f"✓ {display(name)} is no longer set in {path}")
    _tell_stronger(ctx, name, path, voice)


@config.command()
@_voice_option
@click.pass_context
def edit(ctx: click.Context, /, voice: str | None) -> None:
    """Open your config.toml in $VISUAL or $EDITOR; it takes effect when it is sound."""
    from brain.terminal.config_edit import edit_file

    edit_file(_file(ctx, voice))


@config.command()
@click.argument("what", required=False)
@_json_option
@click.pass_context
def path(ctx: click.Context, /, what: str | None, as_json: bool) -> None:
    """Where the files are: all places, or only WHAT (config, project, data, voices, store, state, cache)."""
    with errors_as_json(as_json):
        found = places(settings_flags(ctx))
        if what is not None and what not in found:
            raise NotFoundError(f"There is no place called {what!r}.", hint=f"There are: {', '.join(found)}.")
    if as_json:
        click.echo(json.dumps(found if what is None else {what: found[what]}))
    elif what is not None:
        click.echo(found[what])
    else:
        for name, place in found.items():
            click.echo(f"{name:8} {place}")


def _known(name: str) -> str:
    """The setting as it is spelt; `num-ctx` is how its flag would be."""
    return name.replace("-", "_") if name.replace("-", "_") in SETTINGS else name


def _file(ctx: click.Context, voice: str | None) -> Path:
    """The file that is written to. Raises ConfigError and NotFoundError."""
    home = home_of(ctx.find_root().obj or {}, os.environ)
    if voice is None:
        return config_file(home)
    name = voice.partition("@")[0]
    found = voice_file(home, name)
    if found is None:
        raise ConfigError(f"{voice!r} names no voice of yours", hint="Give its name: small letters, digits, - and _.")
    known = (DEFAULT_VOICE, *voice_names(home))
    if name not in known:
        near = nearest(name, known)
        raise NotFoundError(
            f"There is no voice called {name!r}.",
            hint=f"Did you mean {near}?" if near else f"There are: {', '.join(known)}.",
        )
    return found


def _tell_stronger(ctx: click.Context, name: str, path: Path, voice: str | None) -> None:
    """Says so when a stronger source hides what was written."""
    from brain.setting_sources import read_sources
    from brain.terminal.config_show import as_text

    try:
        sources = read_sources(settings_flags(ctx, voice=voice))
    except ConfigError as exc:  # another file is broken: what was asked for is done all the same
        note(f"✗ {exc.message}")
        return
    holding = [source for source in sources if name in source.values]
    if holding and holding[-1].path != path:
        note(f"  {holding[-1].origin(name)} is stronger here: {as_text(masked(name, holding[-1].values[name]))}")
