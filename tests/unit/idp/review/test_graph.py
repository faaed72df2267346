"""Tests of the drawing of stacks."""

from __future__ import annotations

from idp.review.graph import HEIGHT, MANY, ROW, WIDTH, Drawing, drawing


def _lines(found: Drawing) -> set[tuple[str, str]]:
    return {(edge.start, edge.end) for edge in found.edges}


def _reads(**reads: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(each.split()) for name, each in reads.items()}


def test_a_stack_stands_below_all_that_it_reads() -> None:
    found = drawing(_reads(a="", b="a", c="a b", d="a"))
    tops = {node.id: node.y for node in found.nodes}
    assert tops["a"] < tops["b"] < tops["c"]
    assert tops["d"] == tops["b"]


def test_lines_that_others_imply_are_left_out() -> None:
    assert _lines(drawing(_reads(a="", b="a", c="a b", d="a b c"))) == {("a", "b"), ("b", "c"), ("c", "d")}
    assert _lines(drawing(_reads(a="", b="a", c="a", d="a b c"))) == {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}


def test_many_stacks_that_read_the_same_are_one_box() -> None:
    teams = {f"team-{number:02}": frozenset({"shared"}) for number in range(MANY)}
    found = drawing({"shared": frozenset(), **teams})
    assert [node.stacks for node in found.nodes] == [("shared",), tuple(teams)]
    fewer = dict(list(teams.items())[:-1])
    assert len(drawing({"shared": frozenset(), **fewer}).nodes) == MANY


def test_boxes_lie_apart_and_within_the_drawing() -> None:
    leaves = {f"leaf-{number}": frozenset({"a", f"mid-{number}"}) for number in range(3 * ROW)}
    middle = {f"mid-{number}": frozenset({"a"}) for number in range(3 * ROW)}
    found = drawing({"a": frozenset(), **middle, **leaves})
    boxes = [(node.x, node.y) for node in found.nodes]
    assert len(boxes) == len(found.nodes) == 1 + 6 * ROW
    for place, (x, y) in enumerate(boxes):
        assert 0 <= x <= found.width - WIDTH
        assert 0 <= y <= found.height - HEIGHT
        assert all(abs(x - other) >= WIDTH or abs(y - below) >= HEIGHT for other, below in boxes[:place])


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawing({}).nodes == ()
