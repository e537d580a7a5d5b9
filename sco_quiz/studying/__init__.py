"""Study sessions and quizzes, what a day asks, and taking steps back."""
