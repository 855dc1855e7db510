"""May this account do this, here? The one room that answers, for pages, REST, handlers, tags and commands.

Three kinds of place: an organisation (its offices, :mod:`.organisations`), a course (who teaches, judges and learns in
it, :mod:`.courses`), and the site (:mod:`.site`). What can be asked is named in :mod:`.actions`, who may do it in
:mod:`.roles`; both are data, from which docs/reference/roles.rst is written.

Whose a record is (one's own evidence, one's own badge, the submission somebody declined to judge) is no permission: the
room that keeps the record answers that. What a token carries (an upload grant, a link that ends, the token for figures)
is asked of the token, where it is read.
"""
