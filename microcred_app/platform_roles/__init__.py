"""Who is what to a course on Open edX, for :mod:`microcred_app.compat` alone; what follows from it is decided in
:mod:`microcred_app.permissions`.
"""
