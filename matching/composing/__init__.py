"""From a demand to composed bundles: what the composer is asked, who asks it when, and what becomes of the answer.

    wishes    what the coordinator chose          demanded   the demand as the coordinator may know it
    gathering candidates out of the engine        fitting    the score restricted to one capability
    asking    all of it as the composer's Instance           drafts    a chosen bundle as a version's form
    runs      a run from its start to its end     results    what a page shows of it, judged by the checker again

docs/composer.md says the same in words ("From a demand").
"""
