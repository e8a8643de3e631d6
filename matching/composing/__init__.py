"""From a demand to composed bundles, and from all of them to packages: who asks what when, and what becomes of it.

    wishes    what the coordinator chose          demanded   the demand as the coordinator may know it
    gathering candidates out of the engine        fitting    the score restricted to one capability
    asking    all of it as the composer's Instance           drafts    a chosen bundle as a version's form
    runs      a run from its start to its end     results    what a page shows of it, judged by the checker again

    segment_wishes, segments, segment_results    the same for packages that serve many demands

docs/composer.md says the same in words ("From a demand"), docs/packages.md ("In the product").
"""
