"""`kraftsamling signals`: what an analyst pipes in and gets out."""

import csv
import io
import subprocess
import sys

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.reference import reference as find
from tests.statistics.series import all_names, series_of, table, years_back

HEADER = "series,t,date,observed,exposure\n"


def signals(text, *options):
    return CliRunner().invoke(main, ["signals", "-", *options], input=text)


def rows_of(answer):
    assert answer.exit_code == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


def number(text):
    return None if text in ("", "NA") else float(text)


def as_csv(names):
    lines = [HEADER]
    for name in names:
        one = series_of(name)
        for t, (observed, exposure) in enumerate(
            zip(one.counts, one.exposure, strict=True), start=1
        ):
            day = one.dates[t - 1].isoformat() if one.dates else ""
            lines.append(f"{name},{t},{day},{observed:g},{exposure:.12g}\n")
    return "".join(lines)


def agree(printed, name, config, expected, columns):
    found = {
        int(row["t"]): row for row in printed if (row["series"], row["config"]) == (name, config)
    }
    for i, t in enumerate(expected["t"].astype(int)):
        for column in ("alarm", *columns):
            theirs = expected[column][i]
            ours = number(found[t][column])
            if ours is None:
                assert theirs != theirs, (name, config, t, column)
            else:
                assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-6), (name, t, column)


@pytest.mark.parametrize("config", ["FO", "FFn", "FFe"])
@pytest.mark.parametrize("years", [3, 4, 5])
def test_farrington_prints_what_the_reference_says(config, years):
    expected = {
        name: rows
        for name, rows in table("farrington.csv", config).items()
        if years_back()[name, config] == years and series_of(name).frequency == 52
    }
    if not expected:
        assert (config, years) == ("FFe", 3)
        return
    path = find("stats/temporal/farrington_configs.csv")
    answer = signals(
        as_csv(expected), "--settings", str(path), "--config", config, "--b", str(years), "--w", "3"
    )
    printed = rows_of(answer)
    for name, rows in expected.items():
        agree(printed, name, config, rows, ("upperbound", "expected", "pvalue", "phi"))


def test_months_are_compared_as_months():
    path = find("stats/temporal/farrington_configs.csv")
    expected = {
        name: rows
        for name, rows in table("farrington.csv", "FFn").items()
        if series_of(name).frequency == 12
    }
    answer = signals(
        as_csv(expected), "--settings", str(path), "--config", "FFn", "--b", "4", "--freq", "12"
    )
    for name, rows in expected.items():
        agree(rows_of(answer), name, "FFn", rows, ("upperbound", "expected", "pvalue", "phi"))


def test_ears_prints_what_the_reference_says():
    printed = rows_of(signals(as_csv(all_names()[:3]), "--method", "ears"))
    for config in ("C1_b7_s0", "C2_b8_s05", "C3_b7_s0"):
        for name in all_names()[:3]:
            agree(printed, name, config, table("ears.csv", config)[name], ("upperbound",))


def test_the_defaults_need_no_settings_and_say_so_where_history_is_short():
    long = "".join(f"a,{t},,{t % 5},1\n" for t in range(1, 301))
    short = "".join(f"b,{t},,3,1\n" for t in range(1, 40))
    printed = rows_of(signals(HEADER + long + short, "--last", "10"))
    assert [row["t"] for row in printed if row["series"] == "a"] == [
        str(t) for t in range(291, 301)
    ]
    assert all(row["upperbound"] for row in printed if row["series"] == "a")
    assert all(
        (row["upperbound"], row["alarm"]) == ("", "0") for row in printed if row["series"] == "b"
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a,2,,-1,1", "rad 3"),
        ("a,2,,nan,1", "rad 3"),
        ("a,2,,1e400,1", "rad 3"),
        ("a,2,,many,1", "rad 3"),
        ("a,2,,,1", "rad 3"),
        ("a,2,,1", "rad 3"),
        ("a,2,,1,1,1", "rad 3"),
        ("a,3,,1,1", "rad 3"),
        ("a,x,,1,1", "rad 3"),
        (",2,,1,1", "rad 3"),
        ("a,2,,1,0", "rad 3"),
        ("a,2,2026-01-05,1,1", "rad 3"),
        ("b,1,2026-13-01,1,1", "rad 3"),
        ('a,2,,"1,1', "rad 3"),
    ],
)
def test_a_malformed_row_is_one_line_with_its_number(line, says):
    answer = signals(f"{HEADER}a,1,,1,1\n{line}\n")
    assert answer.exit_code == 2
    assert answer.stdout == ""
    message = answer.stderr.splitlines()
    assert len(message) == 1 and message[0].startswith(says), message


def test_the_command_reads_a_pipe():
    answer = subprocess.run(
        [sys.executable, "-m", "service.cli", "signals", "-", "--last", "1"],
        input=HEADER.encode() + "".join(f"a,{t},,3,1\n" for t in range(1, 301)).encode(),
        capture_output=True,
        timeout=60,
    )
    assert answer.returncode == 0 and answer.stderr == b""
    assert answer.stdout.decode().splitlines()[1].startswith("a,farringtonFlexible,default,300,3,")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "rad 1"),
        (HEADER, "rad 1"),
        ("series,t,observed\na,1,2\n", "rad 1"),
        (HEADER.encode() + b"a,1,,1,1\n\xff,1,,1,1\n", "rad 3"),
    ],
)
def test_a_file_that_is_none_is_one_line(body, says):
    answer = signals(body)
    assert answer.exit_code == 2
    message = answer.stderr.splitlines()
    assert len(message) == 1 and message[0].startswith(says), message


def test_unknown_settings_are_one_line(tmp_path):
    table_file = tmp_path / "settings.csv"
    table_file.write_text("config,applies\nX,weekly\n")
    body = f"{HEADER}a,1,,1,1\n"
    for options in (
        ("--settings", str(table_file), "--config", "Y"),
        ("--settings", str(table_file), "--config", "X"),
        ("--settings", str(tmp_path / "none.csv"), "--config", "X"),
        ("--config", "X"),
    ):
        answer = signals(body, *options)
        assert answer.exit_code == 2 and len(answer.stderr.splitlines()) == 1
