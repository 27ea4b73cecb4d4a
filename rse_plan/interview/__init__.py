"""Ask for what a playbook needs to know of an organisation, and write down what is said."""
