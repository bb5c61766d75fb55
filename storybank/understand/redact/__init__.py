"""Personal details: found in a text as told, and shown as typed placeholders.

`redactor` is not imported here: its patterns take a quarter of a second to compile, and the web
process, which needs only what a known place is, masks nothing.
"""
