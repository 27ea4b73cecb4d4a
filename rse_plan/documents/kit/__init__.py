"""The documents of a rollout, filled from its plan.

``catalogue`` finds their templates. A ``dossier``, over ``openings`` and ``queries``, is what they
are filled from, in each language by ``material``; ``charts`` is what their charts show.
``rendering`` fills ours, ``confined`` those of a client. ``press`` puts what comes of it, a
``manuscript``, into ``forms`` with a ``look``, and ``shelf`` remembers what was written.
"""
