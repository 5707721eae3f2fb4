"""Naive: jobs for several images, or a video, that are submitted, polled and cancelled."""
