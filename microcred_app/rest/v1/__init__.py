"""REST ``/api/microcred/v1/``: the same acts as the pages, for programs.

* :mod:`.resource`     what every address shares: who asks, how often, how errors are told
* :mod:`.refusals`     every refusal as ProblemDetails
* :mod:`.cursors`      long lists in pages
* :mod:`.shapes`       what goes out; :mod:`.requests` what may come in
* :mod:`.addresses`    every address; :mod:`.schema` their description as OpenAPI
"""
