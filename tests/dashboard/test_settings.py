"""Settings: no dangerous combination starts, and secrets are made, not shipped."""

from __future__ import annotations

import stat

import pytest

from dashboard.settings import Settings, SettingsError, prepare_data_dir, read, table

LONG = "k" * 32


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"HOST": "0.0.0.0"}, "SECRET_KEY"),
        ({"HOST": "0.0.0.0", "SECRET_KEY": LONG}, "ALLOW_ANONYMOUS"),
        ({"HOST": "0.0.0.0", "ALLOW_ANONYMOUS": "1"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "32"),
        ({"PORT": "eighty"}, "PORT"),
        ({"JOB_SLOTS": "0"}, "JOB_SLOTS"),
        ({"PORT": "70000"}, "65535"),
        ({"MIN_FREE_MB": "-1"}, "MIN_FREE_MB"),
        ({"DASH_DEBUG": "true"}, "DASH_DEBUG"),
        ({"DASH_MCP_ENABLED": "1"}, "DASH_MCP_ENABLED"),
        ({"DASH_HOT_RELOAD": "1"}, "DASH_HOT_RELOAD"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"REDIS_URL": "redis://queue.example:6379/0"}, "password"),
    ],
)
def test_what_would_expose_data_refuses_to_start_and_names_the_setting(environ, words):
    with pytest.raises(SettingsError, match=words):
        read(environ)


def test_an_open_address_starts_with_a_secret_and_an_express_wish(tmp_path):
    settings = read({"HOST": "0.0.0.0", "SECRET_KEY": LONG, "ALLOW_ANONYMOUS": "1", "DATA_DIR": str(tmp_path)})
    assert settings.host == "0.0.0.0"
    assert settings.secret() == LONG


def test_the_defaults_are_loopback_and_thirty_days():
    settings = read({})
    assert (settings.host, settings.port, settings.session_days) == ("127.0.0.1", 8050, 30)
    assert settings.on_loopback


def test_the_made_secret_is_long_private_and_stays(tmp_path):
    settings = Settings(data_dir=tmp_path)
    first = settings.secret()
    assert len(first) >= 32
    assert first == settings.secret() == Settings(data_dir=tmp_path).secret()
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_data_directory_that_others_may_write_to_is_refused(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(SettingsError, match="chmod 700"):
        prepare_data_dir(tmp_path)


def test_a_data_directory_that_others_may_read_is_closed(tmp_path):
    tmp_path.chmod(0o755)
    assert stat.S_IMODE(prepare_data_dir(tmp_path).stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("settings", "name", "known"),
    [
        ({}, "localhost", True),
        ({}, "127.0.0.1", True),
        ({}, "evil.example", False),
        ({}, "10.0.0.5", False),
        ({"host": "0.0.0.0"}, "10.0.0.5", True),
        ({"host": "0.0.0.0"}, "evil.example", False),
        ({"allowed_hosts": ("atlas.example",)}, "atlas.example", True),
    ],
)
def test_only_known_host_names_are_served_so_dns_rebinding_finds_no_door(settings, name, known):
    assert Settings(**settings).knows_host(name) is known


def test_the_table_names_every_setting_once():
    lines = table().splitlines()[2:]
    assert len(lines) == len(Settings.__dataclass_fields__)
    assert all(line.startswith("| `") and line.count("|") == 4 for line in lines)
