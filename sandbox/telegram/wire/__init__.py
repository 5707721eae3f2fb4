"""The Bot API's own ways: requests, texts and keyboards as the real server checks them, limits, updates, webhooks."""
