"""The replica consent registry: who consented to which digital-replica use of whom."""
