"""How papers are written: sheets, pages, documents, charts, fonts."""
