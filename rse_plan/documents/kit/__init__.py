"""The documents of a rollout, filled from its plan: found, rendered, and put into a form."""
