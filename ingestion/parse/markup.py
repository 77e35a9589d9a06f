"""HTML to Markdown, for whole pages, mail bodies and fragments inside Markdown."""

from functools import cache

from html_to_markdown import ConversionOptions, PreprocessingOptions, convert


def html_to_markdown(html: str) -> str:
    return convert(html, _options()).content or ""


@cache
def _options() -> ConversionOptions:
    return ConversionOptions(
        extract_metadata=False,
        compact_tables=True,
        preprocessing=PreprocessingOptions(enabled=True, preset="minimal", remove_forms=False),
    )
