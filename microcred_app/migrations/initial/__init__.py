"""The tables of the first release, room by room; :mod:`microcred_app.migrations.0001_initial` puts them together.

Django takes the files beside this folder for migrations and folders not. Nothing in here changes any more once a
version is released: what comes later is a migration of its own.
"""
