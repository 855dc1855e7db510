"""What not everybody may do, by name. The comment above each is what docs/reference/roles.rst says of it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Action", "CourseAction", "SiteAction"]


class Action(StrEnum):
    """Something done for one organisation."""

    #: See badges, pathways, skills and drafts, and their history.
    VIEW_DEFINITIONS = "definitions.view"
    #: Write and discard drafts of badges, pathways and artwork.
    EDIT_DRAFTS = "drafts.edit"
    #: Hand a draft over for approval.
    SUBMIT_DRAFTS = "drafts.submit"
    #: Approve a draft that somebody else wrote, or send it back.
    APPROVE_DRAFTS = "drafts.approve"
    #: Make a draft a version by which badges are awarded.
    PUBLISH = "definitions.publish"
    #: End a badge or pathway, or name its successor.
    RETIRE_DEFINITIONS = "definitions.retire"
    #: Change the organisation as an issuer: its profile and its keys.
    EDIT_ISSUER = "issuer.edit"
    #: Import, edit, relate and retire skills and outcomes. They belong to the whole site.
    MANAGE_SKILLS = "skills.manage"
    #: See who holds which badge, and why.
    VIEW_AWARDS = "awards.view"
    #: Take an award back.
    REVOKE_AWARDS = "awards.revoke"
    #: Sign for a learner where a rule asks a person to.
    SIGN_OFF = "signoffs.give"
    #: Judge evidence of courses that were opened to the organisation.
    JUDGE_EVIDENCE = "evidence.judge"
    #: See back-fills, recalls and deliveries.
    VIEW_JOBS = "jobs.view"
    #: Start, pause and undo back-fills, recalls, imports and deliveries.
    RUN_JOBS = "jobs.run"
    #: Read the audit log.
    VIEW_AUDIT = "audit.view"
    #: Give and take the organisation's roles.
    MANAGE_ROLES = "roles.manage"
    #: Set up and look into webhooks.
    MANAGE_WEBHOOKS = "webhooks.manage"
    #: Set up accounts with badge vendors.
    MANAGE_VENDORS = "vendors.manage"


class CourseAction(StrEnum):
    """Something done in one course."""

    #: Answer, hand in and learn: a record of one's own, never through other eyes.
    LEARN = "course.learn"
    #: See one's own badges of the course.
    SEE_OWN_BADGES = "course.own_badges"
    #: Judge what learners handed in.
    JUDGE = "course.judge"
    #: Judge a decided submission anew, or let a learner hand in again.
    REGRADE = "course.regrade"
    #: Change or delete a sentence that somebody else shared with the course's reviewers.
    EDIT_SHARED_COMMENTS = "course.shared_comments"
    #: Read how long reviews take and how well judgements agree.
    READ_REVIEW_FIGURES = "course.review_figures"
    #: Say how evidence is judged: second marks, days, and an organisation that helps.
    SET_REVIEW_RULES = "course.review_rules"
    #: Give learners more time, more attempts or another way to hand in, and say how long evidence is kept.
    CARE_FOR_EVIDENCE = "course.evidence_care"
    #: Give a learner more attempts at a quick check.
    GIVE_ATTEMPTS = "course.attempts"
    #: Read how learners get on, in insights and in the instructor dashboard.
    READ_INSIGHTS = "course.insights"
    #: Plan and build units in Studio from a sheet.
    BUILD_UNITS = "course.build_units"


class SiteAction(StrEnum):
    """Something done for the whole site."""

    #: Have any document signed over the VC-API, where the site offers that.
    SIGN_DOCUMENTS = "site.sign_documents"
