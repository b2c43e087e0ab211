"""Stories of real people in a real browser against the real server. One file a story; read the names first."""
