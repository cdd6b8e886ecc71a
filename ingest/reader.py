"""Read a document of any supported format as text."""

from __future__ import annotations

import codecs
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.errors import UnreadableFile

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read(path: Path) -> str:
    """Return the text of a .txt, .md, .html, .pdf or .docx file, verbatim.

    Raises UnreadableFile, with the remedy, for what is missing, empty, binary or damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read ({error.strerror}): check the path and its permissions.",
            f"无法读取 {path}({error.strerror}):请检查路径和权限。",
        ) from error
    reader = _READERS.get(path.suffix.lower(), decode)
    try:
        text = reader(data)
    except UnreadableFile:
        raise
    except Exception as error:
        raise _not_text(f"{path.name} is damaged") from error
    if not text.strip():
        raise UnreadableFile(
            f"{path.name} holds no text: give a text file, or a PDF with a text layer (run OCR first).",
            f"{path.name} 中没有文字:请提供文本文件,或带文字层的 PDF(扫描件请先做 OCR)。",
        )
    return text


def decode(data: bytes) -> str:
    """Decode bytes by BOM, then UTF-8, then GB 18030; text with NUL characters is binary."""
    encodings = [name for bom, name in _BOMS.items() if data.startswith(bom)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and _legible(text):
            return text
    raise _not_text("the file is not text")


def _legible(text: str) -> bool:
    sample = text[:20_000]
    strange = sum((c < " " and c not in "\n\r\t\x0c") or "\ue000" <= c <= "\uf8ff" for c in sample)
    return strange <= len(sample) * 0.01


def _not_text(what: str) -> UnreadableFile:
    return UnreadableFile(
        f"{what}: give a UTF-8 or GB 18030 text file, an HTML page, a PDF with a text layer or a .docx.",
        "文件不是文本:请提供 UTF-8 或 GB 18030 文本、HTML、带文字层的 PDF 或 .docx 文件。",
    )


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UnreadableFile(
            f"This format needs {name}: pip install 'plan-assistant[documents]'.",
            f"读取该格式需要 {name}:请运行 pip install 'plan-assistant[documents]'。",
        ) from error


def _pdf(data: bytes) -> str:
    document = _library("pypdfium2").PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "\n")


def _docx(data: bytes) -> str:
    from io import BytesIO

    document = _library("docx").Document(BytesIO(data))
    lines: list[str] = []
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            lines += [cell.text for row in item.rows for cell in row.cells]
        else:
            lines.append(item.text)
    return "\n".join(lines)


def _html(data: bytes) -> str:
    extract = _library("trafilatura").extract
    return str(extract(decode(data), include_comments=False, include_tables=True) or "")


_READERS: dict[str, Callable[[bytes], str]] = {".pdf": _pdf, ".docx": _docx, ".html": _html, ".htm": _html}
