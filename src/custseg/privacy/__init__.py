"""Privacy: who was forgotten, what may leave the house, and a record of what was done."""
