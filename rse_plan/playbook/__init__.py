"""The catalogue: what is asked and why, and how a rollout is run, with sources and texts."""

from rse_plan.files.discovery import playbook_folder
from rse_plan.playbook.merging import read_playbook, read_vectors
from rse_plan.playbook.playbook import Playbook

__all__ = ["Playbook", "playbook_folder", "read_playbook", "read_vectors"]
