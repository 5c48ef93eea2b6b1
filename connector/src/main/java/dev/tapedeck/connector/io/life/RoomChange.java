package dev.tapedeck.connector.io.life;

import java.util.Map;

/**
 * Something a watcher of a room sees happen.
 *
 * @param event room_started | room_stopped | peer_joined | peer_left | track_started | track_stopped | track_muted |
 *              track_unmuted | recording_started | recording_paused | recording_resumed | recording_stopped
 * @param data  members of the event's JSON
 */
public record RoomChange(String app, String room, String event, Map<String, Object> data) {}
