"""``staveworks diagnose``: the contract that others script against."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from staveworks.cli.diagnose import diagnose

SRDI, DIGITAL, PLANKS = "miit-srdi-2022", "miit-sme-digital-2024", "staveworks-planks-2026"


def run(tmp_path, rubric: str, content: str | bytes, *more: str):
    file = tmp_path / "answers.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return CliRunner().invoke(diagnose, ["--rubric", rubric, "--answers", str(file), *more])


def results(tmp_path, rubric: str, content: str | bytes, code: int = 0, *more: str) -> list[dict]:
    done = run(tmp_path, rubric, content, "--json", *more)
    assert done.exit_code == code, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_rubric_with_a_level_gives_score_and_level_and_no_barrel(tmp_path):
    [result] = results(tmp_path, SRDI, json.dumps({"spec.years": 5, "feature.local": 15}))
    assert result["score"] == {"low": 17, "high": 97}
    assert result["level"] == {"low": 0, "high": 1}
    assert [result[key] for key in ("planks", "water_level", "mean_level", "unevenness", "binding")] == [
        None
    ] * 5
    assert result["next_question"]


def test_a_rubric_of_planks_gives_the_barrel_and_no_level(tmp_path):
    [result] = results(tmp_path, PLANKS, "{}")
    assert result["level"] is None
    assert len(result["planks"]) == 10
    for interval in (
        *result["planks"].values(),
        result["water_level"],
        result["mean_level"],
        result["unevenness"],
    ):
        assert set(interval) == {"low", "likely", "high"}
    assert result["score"] == {key: result["mean_level"][key] for key in ("low", "high")}
    assert result["binding"] in result["planks"]


def test_score_and_mean_level_are_rounded_alike(tmp_path):
    [result] = results(tmp_path, PLANKS, '{"rnd.new": 3}')
    assert result["score"] == {"low": 2.4, "high": result["mean_level"]["high"]}
    assert result["mean_level"]["low"] == 2.4


def test_half_a_surrogate_pair_in_a_code_is_an_error_in_its_place(tmp_path):
    bad, good = results(tmp_path, SRDI, '{"\\ud800":1}\n{}\n', 1)
    assert (bad["error"]["line"], bad["error"]["field"]) == (1, "\\ud800")
    assert "\\ud800" in bad["error"]["message"]["zh"]
    assert good["score"]["low"] == 0
    read = run(tmp_path, SRDI, '{"\\ud800":1}\n{}\n')
    assert read.exit_code == 1
    assert "\\ud800" in read.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_full_disk_is_one_line(tmp_path, more):
    answers = tmp_path / "answers.json"
    answers.write_text("{}\n" * 50, encoding="utf-8")
    wanted = ["--rubric", SRDI, "--answers", str(answers)]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "staveworks.cli.main", "diagnose", *wanted, *more],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert done.stderr.count("\n") == 1


def test_one_object_over_several_lines_is_one_firm(tmp_path):
    [result] = results(
        tmp_path, DIGITAL, json.dumps({"产品设计": 3, "base.sys.cov": 4}, indent=1, ensure_ascii=False)
    )
    assert result["score"]["low"] == pytest.approx(10)


def test_json_lines_give_one_result_a_line_and_errors_in_their_place(tmp_path):
    lines = [
        '{"spec.years": 2}',
        '{"spec.years": true}',
        "not json",
        "",
        "[]",
        '{"nowhere": 1}',
        '{"spec.growth": NaN}',
        "{}",
    ]
    found = results(tmp_path, SRDI, "\n".join(lines) + "\n", 1)
    assert [each.get("error", {}).get("line") for each in found] == [None, 2, 3, 5, 6, 7, None]
    fields = [each["error"]["field"] for each in found if "error" in each]
    assert fields == ["spec.years", None, None, "nowhere", "spec.growth"]
    assert all(set(each["error"]["message"]) == {"zh", "en"} for each in found if "error" in each)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"a"',
        "\xff",
        '{"spec.years": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"spec.years": 1e999}',
        "null",
    ],
)
def test_a_line_that_cannot_be_read_does_not_stop_the_next(tmp_path, line):
    content = b'{"spec.years": 2}\n' + line.encode("latin-1") + b'\n{"spec.years": 2}\n'
    found = results(tmp_path, SRDI, content, 1)
    assert ["error" in each for each in found] == [False, True, False]


@pytest.mark.parametrize("first", ["nonsense", '{"spec.years": }'])
def test_a_bad_first_line_stays_in_its_place(tmp_path, first):
    assert ["error" in each for each in results(tmp_path, SRDI, f"{first}\n{{}}\n", 1)] == [True, False]


def test_a_broken_object_over_several_lines_is_one_error(tmp_path):
    [found] = results(tmp_path, SRDI, '{\n "spec.years": 2,\n "spec.growth" 3\n}\n', 1)
    assert found["error"]["line"] == 1


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    found = results(tmp_path, SRDI, b'\xef\xbb\xbf{"spec.years": 2}\r\n{"spec.years": 4}\r\n')
    assert [each["score"]["low"] for each in found] == [1, 2]


def test_more_firms_than_fit_one_batch_keep_their_order(tmp_path):
    found = results(tmp_path, SRDI, "\n".join(json.dumps({"feature.local": i % 16}) for i in range(2_100)))
    assert [each["score"]["low"] for each in found] == [i % 16 for i in range(2_100)]


def test_the_profile_changes_the_heights(tmp_path):
    [even] = results(tmp_path, PLANKS, '{"rnd.samples": 4}')
    [trading] = results(tmp_path, PLANKS, '{"rnd.samples": 4}', 0, "--profile", "textile.trading")
    assert even["planks"]["rnd"]["low"] == 20
    assert trading["planks"]["rnd"]["low"] == pytest.approx(100 * 20 / 45)
    assert "production" not in trading["planks"]


def test_without_json_it_speaks_both_languages(tmp_path):
    out = run(tmp_path, PLANKS, "{}").stdout
    assert "水位 water level" in out
    assert "研发设计 R&D" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rubric", "unknown", "--answers", "FILE"],
        ["--rubric", PLANKS, "--answers", "missing.json"],
        ["--rubric", PLANKS],
        ["--answers", "FILE"],
        ["--rubric", PLANKS, "--answers", "FILE", "--profile", "unknown"],
        ["--rubric", PLANKS, "--answers", "FILE", "--wrong"],
    ],
)
def test_wrong_usage_exits_with_2_and_prints_nothing(tmp_path, arguments):
    file = tmp_path / "a.json"
    file.write_text("{}")
    done = CliRunner().invoke(diagnose, [str(file) if each == "FILE" else each for each in arguments])
    assert done.exit_code == 2
    assert done.stdout == ""


def test_it_reads_standard_input_and_never_loads_django():
    code = (
        "import sys\nfrom staveworks.cli.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit as end: assert end.code == 0, end.code\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg', 'ninja')]"
    )
    line = [sys.executable, "-c", code, "diagnose", "--rubric", SRDI, "--answers", "-", "--json"]
    done = subprocess.run(line, input='{"spec.years": 2}', capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["score"]["low"] == 1
