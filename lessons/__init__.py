"""The lessons application: content, lab, event log, stage, and the pages around them."""
