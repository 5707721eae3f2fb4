"""NeuroAPI: chat models, whole or streamed, and images, in OpenAI's shapes."""
