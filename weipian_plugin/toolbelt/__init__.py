"""Settings, messages, log, paths of the profile, and what differs between QGIS versions."""
