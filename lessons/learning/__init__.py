"""What learners do around the stage: answers, progress, cards, and what is kept of them."""
