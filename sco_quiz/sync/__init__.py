"""More than one device: the log is the same on each, by a folder that anything carries or a server.

Imports point down: `rows`, `chains`, `sharing` (the log as others need it) → `carrier` → `folder`,
`server` → `exchange` → `syncing`, which is what front ends see.
"""
