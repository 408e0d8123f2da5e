"""Taiyaku (対訳): print-ready bilingual booklets and one-page checklists from Markdown."""

VERSION = "2026.11.1"
