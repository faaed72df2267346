"""Nothing is written or removed outside of the output, whatever lies in its place before."""

from __future__ import annotations

from pathlib import Path

import pytest

from constructs_lib.written import MANIFEST, STAGED, write

FILES = {
    MANIFEST: "{}\n",
    "stacks/idp-a/cdk.tf.json": "{}\n",
    "stacks/idp-a/values/x.yaml": "a: 1\n",
}
KEPT = "of somebody else\n"


def elsewhere(tmp_path: Path) -> Path:
    """A directory beside the output with all that a synth would replace or take away."""
    directory = tmp_path / "elsewhere"
    for name in ("cdk.tf.json", "x.yaml", "old.yaml", "idp-a/cdk.tf.json", "values/old.yaml", "stacks/idp-a/old"):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(KEPT)
    return directory


def tree(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "link", ["stacks", "stacks/idp-a", "stacks/idp-a/values", "stacks/idp-a/charts", "stacks/idp-gone", STAGED]
)
def test_a_link_in_place_of_a_directory_is_refused(tmp_path: Path, link: str) -> None:
    there, out = elsewhere(tmp_path), tmp_path / "out"
    (out / link).parent.mkdir(parents=True)
    (out / link).symlink_to(there, target_is_directory=True)
    before = tree(there)
    with pytest.raises(OSError, match="is a link") as raised:
        write(FILES, out)
    assert raised.value.filename == str(out / link)
    assert tree(there) == before
    assert not (out / MANIFEST).exists()


def test_a_link_in_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    there, out = elsewhere(tmp_path), tmp_path / "out"
    for path in FILES:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).symlink_to(there / "cdk.tf.json")
    before = tree(there)
    write(FILES, out)
    assert tree(there) == before
    assert tree(out) == {path: text.encode() for path, text in FILES.items()}
    assert not any((out / path).is_symlink() for path in FILES)


def test_the_output_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real", target_is_directory=True)
    write(FILES, tmp_path / "out")
    assert tree(tmp_path / "real") == {path: text.encode() for path, text in FILES.items()}


def test_a_file_that_is_no_text_is_replaced(tmp_path: Path) -> None:
    write(FILES, tmp_path)
    (tmp_path / "stacks/idp-a/values/x.yaml").write_bytes(b"\xff\xfe\x00")
    write(FILES, tmp_path)
    assert tree(tmp_path) == {path: text.encode() for path, text in FILES.items()}
