"""What a learner sees of a run: a pure fold of its events, and its rendering."""
