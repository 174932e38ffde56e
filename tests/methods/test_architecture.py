"""A network in words is read as it was written, and what is no network is refused with its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.errors import SpecError
from mnist_dash.methods.architecture import (
    GRAMMARS,
    MOST_CHARACTERS,
    MOST_LAYERS,
    LayerGrammar,
    parse_layers,
    parse_network,
    write_layers,
)
from mnist_dash.methods.layers import (
    AveragePool,
    BatchNorm,
    Conv,
    Crop,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    Layer,
    MaxPool,
    Scale,
    compute_shapes,
)

SIZES = st.integers(2, 28)
LAYERS = st.one_of(
    st.builds(Conv, st.integers(1, 4_096), st.integers(1, 28), st.sampled_from(["valid", "same"])),
    st.builds(Crop, st.integers(1, 13)),
    st.builds(MaxPool, SIZES),
    st.builds(AveragePool, SIZES),
    st.builds(GlobalAverage),
    st.builds(Flatten),
    st.builds(Dense, st.integers(1, 4_096)),
    st.builds(Dropout, st.floats(0, 0.95)),
    st.builds(BatchNorm),
    st.builds(Scale, st.integers(2, 1_000)),
)
WORDS = st.sampled_from([*GRAMMARS, "same", "3", "28", "64", "0.5", "-1", "1e9", "nan", "inf", "1_0", "٣"])
SENTENCES = st.lists(st.lists(WORDS, max_size=4).map(" ".join), max_size=45).map(",".join)


@given(layers=st.lists(LAYERS, max_size=MOST_LAYERS))
def test_layers_come_back_from_their_text_as_they_were(layers: list[Layer]) -> None:
    assert parse_layers(write_layers(layers)) == tuple(layers)


@pytest.mark.slow
@given(text=st.text() | SENTENCES)
def test_whatever_text_comes_is_a_network_or_refused_in_one_line(text: str) -> None:
    words = ""
    try:
        assert compute_shapes(parse_network(text))[-1].output == (10,)
    except SpecError as e:
        words = str(e)
    assert "\n" not in words
    assert len(words) < 300


def test_commas_and_line_ends_divide_layers_and_case_and_spaces_do_not_matter() -> None:
    text = "\n Conv 32  3 SAME, pool 2,\r\naverage 2\n\nnorm,,\tglobal , dropout .5,DENSE 64,"
    assert write_layers(parse_layers(text)) == "conv 32 3 same, pool 2, average 2, norm, global, dropout 0.5, dense 64"


def test_a_network_ends_in_ten_units() -> None:
    assert parse_network("flatten, dense 64") == (Flatten(), Dense(64), Dense(10))


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=list(GRAMMARS))
def test_the_example_of_each_grammar_is_read_as_itself(grammar: LayerGrammar) -> None:
    assert grammar.usage.endswith(grammar.example.text)
    assert parse_layers(grammar.example.text) == (grammar.example,)


@pytest.mark.parametrize(
    "layer",
    [Conv(1, 1), Conv(4_096, 28), MaxPool(2), MaxPool(28), AveragePool(28), Dense(1), Dense(4_096), Dropout(0.95)],
)
def test_the_ends_of_what_is_allowed_are_allowed(layer: Layer) -> None:
    assert parse_layers(layer.text) == (layer,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "pool 2, flatten, CONV 64",
            "Layer 3, 'conv 64': it has no kernel; write conv FILTERS KERNEL [same], such as conv 64 3.",
        ),
        ("dense", "Layer 1, 'dense': it has no units; write dense UNITS, such as dense 64."),
        ("flatten 3", "Layer 1, 'flatten 3': '3' is too much; write flatten."),
        ("dense 64 same", "Layer 1, 'dense 64 same': 'same' is too much; write dense UNITS, such as dense 64."),
        ("lstm 3", f"Layer 1, 'lstm 3': there is no such layer; allowed are {', '.join(GRAMMARS)}."),
        ("conv 0 3", "Layer 1, 'conv 0 3': FILTERS is '0'; allowed is a whole number from 1 to 4,096."),
        ("conv 4097 3", "Layer 1, 'conv 4097 3': FILTERS is '4097'; allowed is a whole number from 1 to 4,096."),
        ("conv 8 29", "Layer 1, 'conv 8 29': KERNEL is '29'; allowed is a whole number from 1 to 28."),
        ("conv 8 3.5", "Layer 1, 'conv 8 3.5': KERNEL is '3.5'; allowed is a whole number from 1 to 28."),
        ("pool 1", "Layer 1, 'pool 1': SIZE is '1'; allowed is a whole number from 2 to 28."),
        ("average 29", "Layer 1, 'average 29': SIZE is '29'; allowed is a whole number from 2 to 28."),
        ("dense 0", "Layer 1, 'dense 0': UNITS is '0'; allowed is a whole number from 1 to 4,096."),
        ("dropout 0.96", "Layer 1, 'dropout 0.96': RATE is '0.96'; allowed is a number from 0 to 0.95."),
        ("dropout nan", "Layer 1, 'dropout nan': RATE is 'nan'; allowed is a number from 0 to 0.95."),
        ("a" * 50, f"Layer 1, '{'a' * 40}…': there is no such layer;"),
        ("norm," * 41, "There are 41 layers; allowed are 40. Take some out."),
        ("a" * 2_001, "The layers are 2,001 characters long; allowed are 2,000. Take some out."),
    ],
)
def test_what_is_no_list_of_layers_is_refused(text: str, words: str) -> None:
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        parse_layers(text)


def test_as_many_layers_and_characters_as_are_allowed_can_be_read() -> None:
    assert len(parse_layers("norm," * MOST_LAYERS)) == MOST_LAYERS
    assert parse_layers("norm".ljust(MOST_CHARACTERS)) == (BatchNorm(),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The layers end in 28×28×1, but the output, dense 10, takes a row of values; put flatten or global at"),
        ("conv 8 5, norm", "The layers end in 24×24×8, but the output, dense 10, takes a row of values;"),
        ("pool 2, dense 64", "Layer 2: dense 64 takes a row of values but gets 14×14×1;"),
    ],
)
def test_layers_that_lead_to_no_row_of_values_are_refused(text: str, words: str) -> None:
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        parse_network(text)
