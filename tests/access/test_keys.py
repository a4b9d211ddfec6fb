"""Keys on disk are their owner's alone, are made once, and outlive a restart."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.evidence.keys import KeyDirectoryError, keyring, secret
from app.registrar.callers import code_hash, new_code, new_secret, secret_fits, secret_hash


def test_the_first_start_makes_keys_that_only_the_owner_reads(tmp_path: Path) -> None:
    keyring(tmp_path / "keys", "tokens")
    secret(tmp_path / "keys", "cursors")

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_workers_that_start_together_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: keyring(tmp_path / "keys", "tokens").kid, range(16)))
        secrets = list(pool.map(lambda _: secret(tmp_path / "keys", "cursors"), range(16)))

    assert len(set(rings)) == len(set(secrets)) == 1


def test_the_newest_key_signs_and_the_older_still_verifies(tmp_path: Path) -> None:
    old = keyring(tmp_path / "keys", "tokens")
    other = keyring(tmp_path / "other", "tokens")
    (tmp_path / "other" / "tokens" / "0001.pem").rename(tmp_path / "keys" / "tokens" / "0002.pem")

    both = keyring(tmp_path / "keys", "tokens")

    assert both.kid == other.kid
    assert set(both.public) == {old.kid, other.kid}
    assert {key["kid"] for key in both.jwks()["keys"]} == {old.kid, other.kid}
    assert not any("d" in key for key in both.jwks()["keys"])


@pytest.mark.parametrize("what", ["keys", "keys/tokens", "keys/tokens/0001.pem"])
def test_keys_that_others_can_read_stop_the_start(tmp_path: Path, what: str) -> None:
    keyring(tmp_path / "keys", "tokens")
    (tmp_path / what).chmod(0o755)

    with pytest.raises(KeyDirectoryError, match="owner's alone"):
        keyring(tmp_path / "keys", "tokens")


def test_a_file_that_is_no_key_stops_the_start(tmp_path: Path) -> None:
    keyring(tmp_path / "keys", "tokens")
    (tmp_path / "keys" / "tokens" / "0001.pem").write_text("nonsense")
    secret(tmp_path / "keys", "cursors")
    (tmp_path / "keys" / "cursors.key").write_text("short")

    with pytest.raises(KeyDirectoryError, match="no private key"):
        keyring(tmp_path / "keys", "tokens")
    with pytest.raises(KeyDirectoryError, match="too short"):
        secret(tmp_path / "keys", "cursors")


def test_a_secret_is_kept_as_a_hash_and_fits_only_itself() -> None:
    shown = new_secret()
    kept = secret_hash(shown)

    assert shown not in kept
    assert len(kept) <= 128
    assert secret_fits(shown, kept)
    assert not secret_fits(shown + "x", kept)
    assert not secret_fits("", kept)
    assert not secret_fits(shown, None)
    assert secret_hash(shown) != kept


def test_codes_differ_and_only_their_hash_is_kept() -> None:
    first, second = new_code(), new_code()

    assert first != second
    assert code_hash(first) == code_hash(first) != code_hash(second)
    assert first not in code_hash(first)
