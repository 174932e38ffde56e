"""A form as it is printed: one page of the right size, whoever it is for."""

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pytest

from mnist_dash.errors import FormError
from mnist_dash.forms.codes import Label
from mnist_dash.forms.finding import find_forms
from mnist_dash.forms.printing import Paper, print_forms
from tests.forms.conftest import LABEL, scan


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595.3, 841.9)), (Paper.LETTER, (612, 792))])
def test_it_is_one_page_of_that_paper(paper: Paper, size: tuple[float, float]) -> None:
    document = pypdfium2.PdfDocument(print_forms([LABEL], paper))
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx(size, abs=0.5)


def test_it_says_whose_digits_it_is_for_and_what_to_do() -> None:
    text = pypdfium2.PdfDocument(print_forms([LABEL]))[0].get_textpage().get_text_range()
    assert "Digits for mine, by Ada" in text
    assert "page 7F3K" in text
    assert "all four corner marks" in text


def test_a_form_for_nobody_names_nobody() -> None:
    text = pypdfium2.PdfDocument(print_forms([Label("mine", "", "7F3K")]))[0].get_textpage().get_text_range()
    assert "Digits for mine" in text
    assert "Digits for mine, by" not in text


def test_a_name_in_letters_that_print_otherwise_is_still_in_its_code() -> None:
    label = Label("mine", "日本の生徒", "7F3K")
    [form] = find_forms(np.asarray(scan(label).convert("L")))
    assert form.label == label


def test_what_is_printed_beside_ink_is_fainter_than_any_pen() -> None:
    levels = np.asarray(scan(dots=300).convert("L"))
    inside = levels[700:2700, 320:2180]
    assert inside.min() > 120


def test_a_long_name_is_refused() -> None:
    with pytest.raises(FormError, match="allowed are 40"):
        print_forms([Label("m" * 100, "", "7F3K")])
