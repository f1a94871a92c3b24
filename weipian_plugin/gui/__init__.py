"""The workbench: thin windows over the algorithms and the workspace. Nothing here is imported by a step."""
