"""WebSocket and WebRTC endpoints for live frames, recordings and replays."""
