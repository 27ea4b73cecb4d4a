"""Rules across facts and files: what each says may be right, and they cannot all be."""
