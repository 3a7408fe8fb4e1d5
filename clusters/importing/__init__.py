"""What a register changes in our list of schools: compare, show, apply, undo.

`facts` says which field of a school each published fact belongs to, `comparing` makes the plan, `applying` writes it
in one transaction, `stored` keeps a reading between the preview and the decision. Two rules run through all of it:
a school is never deleted, and a fact never gives way to one from an older edition.
"""
