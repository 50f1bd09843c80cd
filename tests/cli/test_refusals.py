"""Each refusal has its own message and exit code, and leaves no session behind."""

import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from adapters.sample_athlete.performance import Performance
from application.exports.manifest import MANIFEST
from bootstrap.exit_codes import BY_CODE, BY_KIND
from tests.cli.conftest import BRISK, Shell
from tests.plugins.services import Service
from tools.film_studio.video import render_video
from tools.local_services.databases import fresh_database

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "exit-codes.md"


def people(path: Path, number: int) -> Path:
    """Render a short video with a number of people."""
    performance = Performance(
        exercise="squat", repetitions=1, tempo=BRISK, people=number, fps=12, azimuth_deg=0
    )
    render_video(performance, path)
    return path


def no_session(shell: Shell) -> bool:
    return bool(shell.json("sessions", "list") == {"sessions": [], "next": None})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "video.empty"),
        (b"this is no video at all" * 50, "video.unreadable"),
        (None, "video.missing"),
    ],
    ids=["empty", "no video", "missing"],
)
def test_a_file_that_is_not_a_video_is_refused(
    shell: Shell, tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "video.mp4"
    if content is not None:
        path.write_bytes(content)
    ran = shell.run("analyze", path, "--exercise", "squat", "--json")
    assert (ran.status, ran.out) == (BY_CODE[code], "")
    assert ran.sentence.startswith("kinelog: ")
    assert no_session(shell)


def test_a_truncated_video_is_refused(shell: Shell, tmp_path: Path, squats: Path) -> None:
    cut = tmp_path / "cut.mp4"
    content = squats.read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    ran = shell.run("analyze", cut, "--exercise", "squat")
    assert ran.status == BY_CODE["video.truncated"]
    assert no_session(shell)


def test_an_empty_room_is_refused(shell: Shell, tmp_path: Path) -> None:
    ran = shell.run("analyze", people(tmp_path / "room.mp4", 0), "--exercise", "squat")
    assert ran.status == BY_CODE["video.nobody"]
    assert no_session(shell)


@pytest.mark.slow
def test_two_athletes_are_refused(shell: Shell, tmp_path: Path) -> None:
    ran = shell.run("analyze", people(tmp_path / "two.mp4", 2), "--exercise", "squat")
    assert ran.status == BY_CODE["video.several_people"]
    assert no_session(shell)


def test_an_unknown_exercise_is_refused_with_the_list_of_exercises(
    shell: Shell, squats: Path
) -> None:
    """R-POS-08: exercises are named by key."""
    ran = shell.run("analyze", squats, "--exercise", "somersault")
    assert ran.status == BY_CODE["motion.unknown_exercise"]
    assert "squat" in ran.sentence


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path, squats: Path) -> None:
    home = tmp_path / "home"
    home.write_text("not a folder")
    ran = Shell(home).run("analyze", squats, "--exercise", "squat")
    assert ran.status == BY_CODE["storage.unavailable"]
    assert str(home) in ran.sentence


@pytest.mark.parametrize(
    "words",
    [["audit", "verify"], ["events", "position"], ["events", "refill"]],
    ids=" ".join,
)
def test_a_database_without_tables_is_refused(
    shell: Shell, postgres: Service, words: list[str]
) -> None:
    """R-EVT-15: status 1 means that a hash chain or an anchor does not hold."""
    with fresh_database(postgres.address) as url:
        ran = shell.run(*words, env={"KINELOG_POSTGRES_URL": url})
    assert ran.status == BY_CODE["storage.unavailable"]
    assert ran.sentence.startswith("kinelog: ")


@pytest.mark.parametrize("keys", [None, "5", "[1]"], ids=["folder", "number", "list"])
def test_what_holds_no_keys_is_refused(shell: Shell, tmp_path: Path, keys: str | None) -> None:
    """C-24"""
    certificate, trusted = tmp_path / "certificate.json", tmp_path / "keys"
    certificate.write_text('{"certificate": {}, "jws": "a.b.c"}')
    if keys is None:
        trusted.mkdir()
    else:
        trusted.write_text(keys)
    ran = shell.run("privacy", "certificate", "verify", certificate, "--keys", trusted)
    assert (ran.status, ran.out) == (BY_KIND["invalid"], "")


@pytest.mark.parametrize(
    "words",
    [
        ["privacy", "certificate", "verify", "FILE"],
        ["privacy", "certificate", "verify", "CERTIFICATE", "--keys", "FILE"],
        ["exports", "verify", "ARCHIVE"],
        ["exports", "verify", "ARCHIVE", "--keys", "FILE"],
        ["sessions", "what-if", "x", "--exercise-definition", "TOML"],
    ],
    ids=" ".join,
)
def test_a_deeply_nested_file_is_refused(shell: Shell, tmp_path: Path, words: list[str]) -> None:
    nested = "[" * 50_000 + "]" * 50_000
    files = {each: tmp_path / each for each in ("FILE", "CERTIFICATE", "TOML", "ARCHIVE")}
    files["FILE"].write_text(nested)
    files["CERTIFICATE"].write_text('{"certificate": {}, "jws": "a.b.c"}')
    files["TOML"].write_text(f"id = {nested}")
    with ZipFile(files["ARCHIVE"], "w") as archive:
        archive.writestr(MANIFEST, nested)
    ran = shell.run(*(files.get(word, word) for word in words))
    assert ran.status in {BY_KIND["invalid"], BY_CODE["motion.invalid_exercise_definition"]}
    assert ran.err.startswith("kinelog: ")


@pytest.mark.parametrize("worker", ["inference", "recommendations"])
@pytest.mark.parametrize(
    ("words", "status"),
    [(["--port", "99999"], 2), (["--host", "gym..example"], BY_KIND["unavailable"])],
    ids=["port", "host"],
)
def test_a_worker_refuses_an_address_that_cannot_exist(
    shell: Shell, worker: str, words: list[str], status: int
) -> None:
    assert shell.run("worker", worker, *words).status == status


@pytest.mark.parametrize("url", ["http://gym..example", "http://gym:99999", "gym:80"])
@pytest.mark.parametrize(
    "words", [["live", "follow", "x"], ["live", "send"], ["pose-coach", "check"]], ids=" ".join
)
def test_a_url_that_cannot_exist_is_refused(shell: Shell, words: list[str], url: str) -> None:
    assert shell.run(*words, "--url", url).status == 2


@pytest.mark.parametrize("text", ["é", "a\nb", " a"], ids=["not ASCII", "two lines", "space"])
@pytest.mark.parametrize(
    "words",
    [
        ["live", "follow", "x", "--token"],
        ["live", "follow", "x", "--after"],
        ["live", "send", "--token"],
        ["pose-coach", "check", "--token"],
    ],
    ids=" ".join,
)
def test_a_text_that_no_header_can_have_is_refused(
    shell: Shell, words: list[str], text: str
) -> None:
    """It is not repeated, as it may be a secret."""
    ran = shell.run(*words, text, "--url", "http://127.0.0.1:1", "--patience", "0")
    assert (ran.status, ran.out) == (2, "")
    assert "It is empty, has spaces around it, or characters that are not ASCII." in ran.err


def test_an_empty_access_token_is_refused(shell: Shell) -> None:
    ran = shell.run("live", "follow", "x", "--token", "", "--patience", "0")
    assert (ran.status, ran.out) == (2, "")


def test_a_missing_pose_model_is_refused(shell: Shell, squats: Path) -> None:
    ran = shell.run(
        "analyze", squats, "--exercise", "squat", env={"KINELOG_POSE_MODEL": "/no/such.task"}
    )
    assert ran.status == BY_CODE["pose_model.unavailable"]


def test_an_unknown_pose_model_is_refused_with_the_names_of_others(
    shell: Shell, squats: Path
) -> None:
    """R-POS-01."""
    ran = shell.run("analyze", squats, "--exercise", "squat", "--pose-model", "alphapose")
    assert ran.status == BY_CODE["pose_model.unavailable"]
    assert "alphapose is neither blazepose nor movenet" in ran.sentence
    assert shell.json("sessions", "list")["sessions"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "replay", "--stream", "session-nobody"],
        ["projections", "rebuild", "nothing"],
        ["sessions", "show", "nobody"],
    ],
    ids=" ".join,
)
def test_unknown_names_are_refused(shell: Shell, words: list[str]) -> None:
    assert shell.run(*words).status == BY_KIND["not_found"]


def test_a_process_ends_with_the_status_of_its_refusal(shell: Shell) -> None:
    ran = shell.run_process("sessions", "show", "nobody")
    assert (ran.status, ran.out) == (BY_KIND["not_found"], "")
    assert ran.sentence.startswith("kinelog: ")


def test_a_broken_definition_is_refused(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("id = ")
    ran = shell.run("sessions", "what-if", "x", "--exercise-definition", broken)
    assert ran.status == BY_CODE["motion.invalid_exercise_definition"]


def test_a_strange_command_line_is_status_2(shell: Shell) -> None:
    assert shell.run_process("analyze").status == 2


@pytest.mark.parametrize(
    "words",
    [
        ["sessions", "show", "TEXT"],
        ["dlq", "purge", "email-notifications", "TEXT"],
        ["users", "grant", "--user", "TEXT", "--role", "trainer"],
        ["tenants", "create", "--name", "TEXT", "--user", "ada@example.org"],
        ["privacy", "erase", "--user", "x", "--look-for", "ada", "--look-for", "TEXT"],
    ],
    ids=" ".join,
)
def test_a_text_that_is_not_utf_8_is_status_2(shell: Shell, words: list[str]) -> None:
    """As a terminal with another encoding sends it; names of files can have any bytes."""
    text = os.fsdecode(b"Jos\xe9")
    ran = shell.run(*(text if word == "TEXT" else word for word in words))
    assert (ran.status, ran.out) == (2, "")
    assert "is not UTF-8" in ran.err


@pytest.mark.parametrize("as_of", ["yesterday", "9" * 5000], ids=["word", "long number"])
def test_what_is_neither_a_version_nor_a_time_is_status_2(shell: Shell, as_of: str) -> None:
    ran = shell.run("audit", "replay", "--stream", "session-x", "--as-of", as_of)
    assert (ran.status, ran.out) == (2, "")


def test_a_file_whose_name_is_not_utf_8_is_read(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / os.fsdecode(b"Jos\xe9.toml")
    broken.write_text("id = ")
    ran = shell.run("sessions", "what-if", "x", "--exercise-definition", broken)
    assert ran.status == BY_CODE["motion.invalid_exercise_definition"]


@pytest.mark.parametrize("code", BY_CODE)
def test_every_status_is_documented(code: str) -> None:
    assert f"| {BY_CODE[code]} | `{code}` |" in GUIDE.read_text()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KINELOG_PORT", "abc"),
        ("KINELOG_GATEWAYS_EU", "paypal"),
        ("KINELOG_REDIS_URL", "cache:6379"),
        ("KINELOG_POSTGRES_URL", "kinelog:hush@db"),
        ("KINELOG_POSTGRES_URL", "postgresql://kinelog:hush@db/kinelog?pool=9"),
        ("KINELOG_POSTGRES_OWNER_URL", "owner:hush@db"),
        ("KINELOG_KAFKA", "http://["),
        ("KINELOG_KAFKA", "broker-1:9092,broker-2"),
        ("KINELOG_KAFKA", "broker:99999"),
        ("KINELOG_BASE_URL", "http://["),
        ("KINELOG_REDIS_URL", "redis://:hush@cache:99999"),
        ("KINELOG_OIDC", "acme"),
        ("KINELOG_OIDC_ACME", "hush"),
        ("KINELOG_PROVIDER_TENANTS", "gym,club"),
        ("KINELOG_SPEECH_VOICE", "en-GB-SoniaNeural"),
        ("KINELOG_STRIPE_KEY", "sk_test_hush\u200b"),
        ("KINELOG_SMTP_URL", "mail.example.org:587"),
        ("KINELOG_SMTP_URL", "smtp://coach:hush@mail.example.org:99999"),
        ("KINELOG_SMTP_URL", "smtp://coach:hush%C3%BC@mail.example.org:587"),
        ("KINELOG_SMTP_URL", "smtp://coach:hush\u2100@mail.example.org:587"),
        ("KINELOG_REDIS_URL", "redis://:hush\u2100@cache"),
        ("KINELOG_POSTGRES_URL", "postgresql://kinelog:hush%@db/kinelog"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_without_its_value(
    shell: Shell, name: str, text: str
) -> None:
    """It can be a secret."""
    ran = shell.run("sessions", "list", env={name: text})
    assert (ran.status, ran.out) == (BY_KIND["invalid"], "")
    assert ran.err.startswith(f"kinelog: {name}: ")
    assert ran.err.count("\n") == 1
    assert text not in ran.err
    assert "hush" not in ran.err
