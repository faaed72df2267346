"""The check of code blocks: what it lets pass, and what it says about the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.doc_blocks import Block, blocks, documents, problems, shell_blocks
from tools.doc_commands import commands, problems_of

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]
IDP = ".venv/bin/python -m idp"


def written(root: Path, text: str, name: str = "docs/PAGE.md") -> Path:
    (root / "Makefile").write_text("PYTHON ?= python3\nsynth: setup ## Synthesize\n\tmain $(ONLY)\n", encoding="utf-8")
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_tagged_blocks_pass_and_so_do_other_languages(tmp_path: Path) -> None:
    fences = (
        "sh run\nmake synth",
        "sh sandbox\ntrue",
        "sh account\naws sts get-caller-identity",
        "json\n{}",
        "text\na b",
    )
    written(tmp_path, "\n\n".join(f"```{each}\n```" for each in fences))
    assert list(problems(tmp_path)) == []
    assert [block.tag for block in shell_blocks(tmp_path)] == ["run", "sandbox", "account"]
    assert shell_blocks(tmp_path)[0].text == "make synth\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```sh\ntrue\n```", "a shell block says what it needs"),
        ("```sh always\ntrue\n```", "not ```sh always"),
        ("```bash\ntrue\n```", "not ```bash"),
        ("```console\n$ make synth\n```", "not ```console"),
        ("```\nmake synth\n```", "a fence says its language"),
        ("    make synth", "an indented block says neither language nor tag"),
        ("1. Do:\n\n       make synth", "an indented block says neither language nor tag"),
        ("```text\n$ ls\n```", "looks like shell, and says it is text"),
        ("```text\nmake synth\n```", "looks like shell"),
        ("```sh run\nmake synt\n```", "the Makefile has no target 'synt'"),
    ],
)
def test_others_are_named_by_file_and_line(text: str, said: str, tmp_path: Path) -> None:
    written(tmp_path, f"# Title\n\n{text}\n")
    (problem,) = problems(tmp_path)
    line = 5 if text.startswith("1.") else 3
    assert problem.startswith(f"docs/PAGE.md:{line}: ")
    assert said in problem


def test_documents_of_other_projects_and_what_is_made_aren_t_read(tmp_path: Path) -> None:
    for name in (".tools/a.md", "tests/golden/b.md", "golden-path/skeleton/README.md", "cdktf.out/c.md", "copy/d.md"):
        written(tmp_path, "    make x", name)
    (tmp_path / "copy" / ".git").write_text("gitdir: elsewhere")
    ours = [written(tmp_path, "", name) for name in (".github/a.md", "README.md", "charts/x/README.md")]
    assert documents(tmp_path) == sorted(ours)


def test_a_block_in_a_list_is_read_without_the_list_s_indentation(tmp_path: Path) -> None:
    page = written(tmp_path, "1. Do:\n\n   ```sh run\n   cat <<'X'\n     y\n   X\n   ```\n")
    (block,) = blocks(page, tmp_path)
    assert block == Block(document="docs/PAGE.md", line=3, info="sh run", text="cat <<'X'\n  y\nX\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("make synth ONLY=idp PYTHON=python3.11", ""),
        ("make synth EVER=idp", "the Makefile reads no variable EVER"),
        (f"{IDP} order --deployment idp", ""),
        (f"{IDP} ordr --deployment idp", "No such command 'ordr'"),
        (f"{IDP} order --deploy idp", "No such option: --deploy"),
        (f"{IDP} order", "Missing option '--deployment'"),
        (f"{IDP} team add alpha --deployment idp --member a --secrets b", "No such option: --secrets"),
        (f"{IDP} team --help; {IDP} order --help; {IDP}", ""),
        (f"{IDP} register-ok-cli ../nowhere", ""),
        ("aws --region us-west-2 rds wait db-instance-available --db-instance-identifier x", ""),
        ("aws s3api list-object-versions --bucket x --query 'Versions[]' --no-cli-pager", ""),
        ("aws s3 cp a b; aws eks get-token --cluster-name x; aws eks update-kubeconfig --name x", ""),
        ("aws rds modify-db-cluster --db-cluster-identifier x --no-apply-immediately", ""),
        ("aws rds modify-cluster --db-cluster-identifier x", "aws rds has no operation 'modify-cluster'"),
        ("aws rds modify-db-cluster --cluster x", "aws rds modify-db-cluster has no option --cluster"),
        ("aws rds wait db-there", "aws rds has no waiter 'db-there'"),
        ("aws dynamo list-tables", "aws has no service in: dynamo list-tables"),
        ("X=$(python3 -m tools.nothing)", "there is no module tools.nothing"),
        ("python3 -m tools.doc_blocks --check && python3 -m http.server", ""),
        ("cat docs/NOTHING.md", "there is no docs/NOTHING.md"),
        ("curl --data=@x file://docs/NOTHING.md", "there is no docs/NOTHING.md"),
        ("cp cdktf.jso.json x", "there is no cdktf.jso.json"),
        ("cp cdktf.json docs/new.json; cat docs/new.json > docs/newer.json # docs/not-a-path.md", ""),
        ("cat cdktf.out/manifest.json .cache/x/y /etc/hosts cdktf.json", ""),
        ("kubectl apply -f - <<'E'\nmake nothing; cat docs/NOTHING.md\nE\nmake synth", ""),
        ("for x in a; do\n  make nothing\ndone", "the Makefile has no target 'nothing'"),
        ("if true; then", "bash doesn't read it"),
        ('jq "{a: \\"docs/NO.md\\"}" <<< \'make x\' | (cd /; make synth)', ""),
    ],
)
def test_what_a_block_names_is_there(text: str, said: str) -> None:
    found = problems_of(text + "\n", ROOT)
    assert len(found) == bool(said)
    assert said in "".join(found)


def test_commands_are_the_words_of_a_shell() -> None:
    assert list(commands("A=1 x 'a b' \"$(y z)\" >out 2>&1 | w # v\nexport $(u) && ! t \\\n  s")) == [
        ["y", "z"],
        ["x", "a b", "$(y z)"],
        ["w"],
        ["u"],
        ["$(u)"],
        ["t", "s"],
    ]
