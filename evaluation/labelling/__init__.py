"""A small local page on which a person judges pairs of query and call: how the labels grow, how doubts are settled.

sheets.jsonl ──► queue (what is left to judge) ──► desk (next, judge, skip, undo) ◄── page (keys or mouse)
                                                    └──► journal (judgments.tsv, a row at a time, on disk)
"""
