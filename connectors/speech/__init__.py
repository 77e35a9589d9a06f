"""Sound to words and words to sound, by whatever is installed or set."""
