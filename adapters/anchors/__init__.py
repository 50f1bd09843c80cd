"""Write-once storage of anchors of the event log."""
