"""What is measured, one module per question: ranking, eligibility, coverage, calibration, faithfulness.

The notation of ``ir_measures`` (``nDCG@10``, ``R@20``) is the name of a measure everywhere; ours follow its form.
"""
