"""Campaigns: random control groups, the smallest uplift they can show, and what a campaign brought."""
