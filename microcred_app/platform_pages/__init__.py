"""In the platform's own pages: what its plugin groups and filters load. The rest of the app imports none of it.

* :mod:`.placing`      which filters are asked to call us; merges, and never overwrites what others put there
* :mod:`.filters`      the steps: tabs of the instructor dashboard, data for the learner dashboard
* :mod:`.course_tab`   the tab "My badges" of a course
* :mod:`.course_app`   the card in Studio's "Pages & Resources"
"""
