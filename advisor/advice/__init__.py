"""From conclusions to advice: ranked recommendations, forecasts, proofs and the words for them, as plain data.

Takes a `World`; gives an `Advice`, which looks things up when asked. No templates and no terminal here.
"""
