"""The forms of documents: pages, office texts, PDF, slides, and files of the whole plan."""
