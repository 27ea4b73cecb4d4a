"""Readiness and rollout plans for enterprise social networks: the map of the house.

Data flows one way, and each arrow is one pure function::

    org.yaml ──read_organisation──▶ Organisation ─┐
                                                  ├─assess──▶ Assessment ──▶ views, documents
    playbooks/ ───read_playbook───▶ Playbook ─────┘       │
                                                       draft
                                                          ▼
    plan.yaml ◀──update, dated──── Schedule ◀──generate── Plan

The rooms, from the street door down. Imports only go down this list:

``cli``
    One file for each command: read, one call, show. ``app.py`` registers them by name. It alone
    prints, writes, exits and reads the clock.
``views``
    What a terminal shows, as rich renderables.
``documents``
    Words for what was found, explanations, tables, schemas, the reports of ``validate``, and what
    the Jinja templates of ``templates/`` are filled from: reports, and the documents of the kit,
    which ``kit`` puts into every form.
``interview``
    What to ask next, how an answer is read, and the commented ``org.yaml`` that comes of it.
``checks``
    Rules across facts and files: what cannot all be true, and what was hardly meant.
``plan``
    What there is to do, when and by whom: drafted from an assessment, scheduled, dated, kept in
    ``plan.yaml``, and updated around what people wrote there.
``assessment``
    Values, score, gates, stability, loss, what to ask and what to do, differences, JSON.
``playbook``
    The catalogue's model, and how a playbook is laid over the one it extends.
``language``
    The words, numbers and dates of one language.
``organisation``
    What ``org.yaml`` says: facts, their bounds, and their origin.
``scheduling``
    Activities, resources and calendars on whole days: serial generation, annealing, a solver,
    bounds, and why each start is where it is. It knows nothing of organisations.
``files``
    YAML text to models with the place of every fault, and back; which files are ours, and what
    in them is to be ignored.

To add a factor, add ``playbooks/core/factors/<id>.yaml`` and its texts in each language; likewise a
phase of the rollout in ``playbooks/core/phases``. To add a command, add its file in ``cli`` and its
name in ``app.py``. To add a check, add its function to the rules of its folder or file in
``checks`` and its words in ``templates``. To add a form of report, add its module in
``documents/reports``; a document, a template in ``templates/<language>/kit``; a form of documents,
its module in ``documents/kit/forms`` and its name in ``FORMS`` there, or in ``PLAN_FORMS`` of
``press.py`` when it is one file of the whole plan. To add a language, add its folder in
``templates`` and its texts in each playbook.
"""

__version__ = "0.1.0"
