"""Reading files: every encoding and format gives the same text; what is no text names the remedy."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from ingest.errors import UnreadableFile
from ingest.reader import decode, read

TEXT = "第一章 交通\n第一节 公路\n    到2025年公路总里程达到3500公里。\n"
Save = Callable[[str, bytes], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("name", ["plan.txt", "plan.md", "PLAN.TXT", "plan"])
def test_text_in_any_encoding(save: Save, name: str, data: bytes) -> None:
    assert read(save(name, data)) == TEXT


def test_line_ends_are_kept_so_that_offsets_hold(save: Save) -> None:
    assert read(save("plan.txt", "第一章 总则\r\n开局。\r\n".encode())) == "第一章 总则\r\n开局。\r\n"


def test_a_word_file_gives_paragraphs_and_cells_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("第一章 交通", 1)
    document.add_paragraph("到2025年公路总里程达到3500公里。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "指标", "3500公里"
    document.add_paragraph("第二节 轨道")
    document.save(str(tmp_path / "plan.docx"))
    assert read(tmp_path / "plan.docx").split("\n") == [
        "第一章 交通",
        "到2025年公路总里程达到3500公里。",
        "指标",
        "3500公里",
        "第二节 轨道",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("suffix", [".html", ".htm"])
def test_a_web_page_gives_its_article_without_menu_and_script(save: Save, encoding: str, suffix: str) -> None:
    body = "<h1>第一章 交通</h1>" + "<p>到2025年公路总里程达到3500公里,完善公路网络,方便群众出行。</p>" * 3
    page = (
        f"<html><head><meta charset='{encoding}'><title>规划</title><script>var menu = 1</script></head>"
        f"<body><nav><a href='/'>首页</a></nav><article>{body}</article></body></html>"
    )
    text = read(save(f"plan{suffix}", page.encode(encoding)))
    assert "第一章 交通" in text
    assert "公路总里程达到3500公里" in text
    assert "var menu" not in text
    assert "<p>" not in text


def pdf(words: str) -> bytes:
    """Return a PDF of one page with a line of Latin text."""
    stream = f"BT /F1 24 Tf 72 720 Td ({words}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_a_pdf_gives_its_text_layer(save: Save) -> None:
    assert "Build 3000 charging posts" in read(save("plan.pdf", pdf("Build 3000 charging posts")))


def test_a_pdf_without_a_text_layer_asks_for_ocr(save: Save) -> None:
    with pytest.raises(UnreadableFile, match="OCR") as caught:
        read(save("scan.pdf", pdf("")))
    assert "OCR" in caught.value.message("zh")


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@pytest.mark.parametrize("data", [b"", b" \r\n\t \n", codecs.BOM_UTF8])
def test_an_empty_file_says_that_it_holds_no_text(save: Save, suffix: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="holds no text: give"):
        read(save(f"empty{suffix}", data))


@pytest.mark.parametrize("name", ["plan.txt", "plan.docx", "plan.pdf", "plan.html", "plan.bin"])
@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, TEXT.encode() + b"\x00"],
    ids=["bytes", "png", "nul"],
)
def test_a_binary_or_damaged_file_names_what_to_give(save: Save, name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="give a UTF-8 or GB 18030 text file") as caught:
        read(save(name, data))
    assert "请提供" in caught.value.message("zh")


def test_a_path_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.txt", tmp_path):
        with pytest.raises(UnreadableFile, match="check the path") as caught:
            read(path)
        assert str(path) in caught.value.message("zh")


def test_bytes_are_decoded_by_their_mark_before_anything_else() -> None:
    assert decode(codecs.BOM_UTF16_LE + "规划".encode("utf-16-le")) == "规划"
    assert decode("规划".encode("gbk")) == "规划"
    with pytest.raises(UnreadableFile):
        decode(codecs.BOM_UTF8 + b"\xff\xfe\xff")
