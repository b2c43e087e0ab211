"""A register into the database: who and what its rows mean here, the plan, the preview, the writing, the way back."""
