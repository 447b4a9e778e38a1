"""What is known of a run at one moment: a pure fold of its events, and what follows from it."""
