package dev.tapedeck.connector.io.life;

import java.util.Map;

/**
 * Something a watcher of a room sees happen.
 *
 * @param event peer_joined | peer_left | track_started | track_stopped | recording_started | recording_stopped
 * @param data  members of the event's JSON
 */
public record RoomChange(String app, String room, String event, Map<String, Object> data) {}
