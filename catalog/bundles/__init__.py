"""Several vendors' listings sold as one: what exactly is sold, who answers for what, and what each vendor signs.

`form` is the version that is signed, `duties` who answers to whom, `parts` what one vendor signs of it, `changes` what
a version changes. All of them are pure.
"""
