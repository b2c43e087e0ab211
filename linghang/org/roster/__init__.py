"""Member registers as hospitals keep them, read into rows: words, columns, dates, faults. Pure: no database, no clock."""
