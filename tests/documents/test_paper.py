from __future__ import annotations

import pytest

from emulator.documents import Paper, Resolution


@pytest.mark.parametrize(
    ("paper", "standard", "fine"),
    [(Paper.letter, 1078, 2156), (Paper.legal, 1372, 2744), (Paper.a4, 1143, 2287)],
)
def test_a_page_has_the_lines_of_its_paper(paper: Paper, standard: int, fine: int) -> None:
    assert (paper.height(Resolution.standard), paper.height(Resolution.fine)) == (standard, fine)


def test_resolutions_are_those_of_fax_machines() -> None:
    assert {resolution.value: resolution.dpi for resolution in Resolution} == {
        "standard": (204, 98),
        "fine": (204, 196),
    }


@pytest.mark.parametrize("paper", Paper)
def test_the_square_height_keeps_the_shape_of_the_paper(paper: Paper) -> None:
    width, height = paper.points
    assert 1728 / paper.square_height == pytest.approx(width / height, rel=0.001)
