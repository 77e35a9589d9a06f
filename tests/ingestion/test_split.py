"""Sections and pieces: what belongs together stays together, and nothing is lost."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.parse import Block, Document, FaqRow, parse_text
from ingestion.sentences import count_words, sentence_spans
from ingestion.split import Split, split
from knowledge.passages import unmarked

SENTENCE = "Parcels that reach us before noon are booked in and refunded the same working day. "


def test_a_breadcrumb_is_the_heading_path_without_the_title() -> None:
    document = parse_text(
        f"# Returns\n\n## Costs\n\n{SENTENCE * 5}\n\n### Abroad\n\n{SENTENCE * 5}", title="Returns"
    )
    assert [section.breadcrumb for section in split(document).sections] == [
        "Costs",
        "Costs > Abroad",
    ]


def test_long_text_becomes_pieces_that_overlap_by_a_sentence() -> None:
    numbered = " ".join(f"Sentence number {i} says {SENTENCE.strip()}" for i in range(40))
    pieces = split(parse_text(numbered)).pieces
    assert len(pieces) >= 4
    for piece, following in pairwise(pieces):
        assert 90 <= count_words(piece.text) <= 180
        assert following.text.split(" says ")[0] in piece.text
        assert piece.text.endswith(".")


def test_steps_stay_in_one_piece_with_the_line_that_announces_them() -> None:
    steps = "\n".join(f"{i}. Do the step with the number {i} in the app." for i in range(1, 9))
    text = f"{SENTENCE * 9}\n\nTo change your password:\n\n{steps}\n\n{SENTENCE * 3}"
    holders = [p for p in split(parse_text(text)).pieces if "1. Do the step" in p.text]
    assert len(holders) == 1
    assert "To change your password:" in holders[0].text
    assert "8. Do the step" in holders[0].text


def test_a_long_table_is_cut_at_rows_and_repeats_its_header() -> None:
    rows = "\n".join(f"| Country {i} | {i} euros for a small parcel |" for i in range(120))
    pieces = split(parse_text(f"## Prices\n\n| Where | Price |\n|---|---|\n{rows}")).pieces
    assert len(pieces) > 4
    for piece in pieces:
        assert piece.text.startswith("| Where | Price |\n| --- | --- |\n| Country")
        assert all(line.startswith("|") and line.endswith("|") for line in piece.text.split("\n"))
    assert sum(piece.text.count("| Country") for piece in pieces) == 120


def test_small_sections_below_one_parent_are_joined_and_keep_their_headings() -> None:
    text = "# Shop\n\n" + "\n\n".join(f"## Question {i}?\n\nAnswer {i}." for i in range(3))
    sections = split(parse_text(text)).sections
    assert [section.breadcrumb for section in sections] == [""]
    assert "### Question 2?\nAnswer 2." in sections[0].text


def test_small_sections_below_different_parents_stay_apart() -> None:
    text = "# A\n\n## One\n\nFirst.\n\n# B\n\n## Two\n\nSecond."
    breadcrumbs = [section.breadcrumb for section in split(parse_text(text, title="T")).sections]
    assert breadcrumbs == ["A > One", "B > Two"]


def test_each_faq_row_is_one_piece_that_knows_its_question() -> None:
    document = Document(
        "FAQ", (), 0, (), faq=(FaqRow("Do you ship?", "Yes."), FaqRow("When?", SENTENCE * 12))
    )
    pieces = split(document).pieces
    assert [piece.question for piece in pieces] == ["Do you ship?", "When?"]
    assert pieces[0].text == "Yes."
    assert [piece.section for piece in pieces] == [0, 1]


def test_a_document_of_only_its_title_is_still_found() -> None:
    assert [piece.text for piece in split(parse_text("# We are closed", title="")).pieces] == [
        "We are closed"
    ]


def test_a_book_without_headings_is_cut_into_sections_between_paragraphs() -> None:
    paragraphs = [f"Paragraph {i}. {SENTENCE * 6}".strip() for i in range(60)]
    sections = split(parse_text("\n\n".join(paragraphs))).sections
    assert len(sections) > 3
    assert all(count_words(section.text) <= 1000 for section in sections)
    found = [text for section in sections for text in section.text.split("\n\n")]
    assert found == paragraphs


def test_glued_sentences_of_a_help_centre_export_can_be_parted() -> None:
    text = "Not for all users.You can start now.Important:Verify first. Dr. Roe pays 3.5 euros."
    assert [text[start:end].strip() for start, end in sentence_spans(text)] == [
        "Not for all users.",
        "You can start now.",
        "Important:",
        "Verify first.",
        "Dr. Roe pays 3.5 euros.",
    ]


def test_chinese_text_is_cut_although_it_has_no_spaces() -> None:
    pieces = split(parse_text("我们会在收到退货后的三个工作日内退款。" * 60)).pieces
    assert len(pieces) > 2
    assert all(piece.text.endswith("。") for piece in pieces)


def test_an_overlap_as_large_as_the_piece_is_refused() -> None:
    with pytest.raises(ValueError, match="less than half"):
        split(parse_text("Hello."), target_words=40, overlap_words=20)


quick = settings(max_examples=60, deadline=None)
words = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12)
lines = st.lists(words, min_size=1, max_size=40).map(" ".join)
texts = st.lists(lines, min_size=1, max_size=4).map("\n".join)
blocks = st.one_of(
    st.builds(Block, st.just("heading"), lines, st.integers(1, 6)),
    st.builds(Block, st.sampled_from(["paragraph", "list", "steps", "code"]), texts),
    st.builds(
        lambda rows: Block("table", "| a | b |\n| --- | --- |\n" + "\n".join(rows)),
        st.lists(lines.map(lambda text: f"| {text.replace('|', '')} | x |"), max_size=12),
    ),
)
documents = st.builds(
    lambda title, found: Document(title, tuple(found), 0, ()), lines, st.lists(blocks, max_size=10)
)


@given(documents)
@quick
def test_every_word_of_a_document_is_in_some_piece(document: Document) -> None:
    kept = _words(document.title)
    for piece in split(document).pieces:
        kept |= _words(piece.text) | _words(piece.breadcrumb)
    assert _words(" ".join(block.text for block in document.blocks)) <= kept


@given(documents, st.integers(20, 200))
@quick
def test_no_piece_is_longer_than_its_limit(document: Document, target: int) -> None:
    for piece in split(document, target_words=target, overlap_words=target // 6).pieces:
        assert piece.text.strip()
        assert count_words(unmarked(piece.text)) <= round(target * 1.2)


@given(documents)
@quick
def test_the_pieces_of_a_section_cover_it_in_order(document: Document) -> None:
    result = split(document)
    assert [piece.position for piece in result.pieces] == list(range(len(result.pieces)))
    for number, section in enumerate(result.sections):
        assert _rejoined(result, number) == section.text


def _rejoined(result: Split, number: int) -> str:
    text = ""
    for piece in result.pieces:
        if piece.section == number:
            whole = result.sections[number].text
            assert not whole[len(text) : piece.start].strip()
            text = whole[: piece.end]
    return text


def _words(text: str) -> set[str]:
    return set(re.findall(r"\S+", text))
